/** What a template sees of the world: names. Who answers (variables of a task, loop items, a test) is not its business. */
import type { Value } from '../core/values.ts';

/** Directories that a lookup searches for a file, in order. */
export type SearchPath = (kind: 'files' | 'templates' | 'vars') => readonly string[];

export interface Scope {
  /**
   * The evaluated value of a variable; `undefined` when no source defines it.
   * @throws UndefinedError when it is defined by a template that needs an undefined variable.
   * @throws TemplateError when its own template fails, with the position of that template.
   */
  lookup(name: string): Value | undefined;
  /**
   * Whether the variable is written as a template; asked in legacy mode only, which keeps the type of plain numbers
   * and booleans but not of what a template gave.
   */
  isTemplated?(name: string): boolean;
  /** All names, for "did you mean", `varnames` and `vars`. */
  names(): Iterable<string>;
  /** Where lookups of this scope's templates search; absent: the engine's own directory. */
  readonly searchPath?: SearchPath | undefined;
}
