/**
 * What the loader asks others about content: modules and templates are not its knowledge. Handed in by the composition
 * root; without it only the structure is checked.
 */
import type { DroverError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import type { ScalarNode } from '../source/node.ts';
import type { Task } from './model.ts';
import type { SearchPlace } from './searchPath.ts';

export interface KnownModule {
  /** Parameters that hold bare expressions (`that` of `assert`, `var` of `debug`). */
  readonly expressions: readonly string[];
  /** What is wrong with a task's arguments as far as they are known before templates are evaluated. */
  argumentErrors(task: Task): readonly DroverError[];
}

export interface ContentCheck {
  /** Whether there is a module of that name, built in or of the project as `place` sees it. */
  hasModule(name: string, place: SearchPlace): boolean;
  /** A module by any of its names; loads it. */
  module(name: string, place: SearchPlace): Promise<KnownModule | undefined>;
  /** Why a module that is no mistake of the playbook's cannot run all the same. */
  missingModule(name: string): DroverError | undefined;
  /** All names, for "did you mean". */
  moduleNames(): Iterable<string>;
  /** A text that may hold `{{ }}` and `{% %}`: syntax, unknown filters and tests, with positions inside the text. */
  template(text: ScalarNode): CheckedText;
  /** A bare expression, e.g. of `when`. */
  expression(text: ScalarNode): CheckedText;
  /** The lookup of a `with_<name>` loop. */
  lookup(name: string, source: Source): CheckedText;
  /** The text of a template file. */
  templateFile(text: string, file: string): CheckedText;
  /** Whether the inventory or the command line may define a variable. */
  isKnownVariable(name: string): boolean;
  /** Whether templates know a function of that name. */
  isTemplateFunction(name: string): boolean;
}

export interface CheckedText {
  readonly errors: readonly DroverError[];
  /** Plugins of collections that drover does not have; an error only for what is evaluated. */
  readonly missing: readonly DroverError[];
  /** Variables that it reads. */
  readonly names: readonly UsedName[];
}

export interface UsedName {
  readonly name: string;
  readonly source: Source | undefined;
  /** Whether the text is prepared for its absence (`is defined`, `default`). */
  readonly isOptional: boolean;
}
