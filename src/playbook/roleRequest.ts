/** Which role is wanted and how: from `import_role`, an entry of `roles:`, a dependency, or the engine's `include_role`. */
import { LoadError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Source } from '../core/source.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, Shapes, textOfScalar } from '../source/shapes.ts';
import { shortName } from './actions.ts';
import type { Keywords, RoleUse, Task, Variables } from './model.ts';

export interface RoleRequest {
  readonly name: string;
  /** Where it is asked for; errors point there. */
  readonly source: Source;
  /** Shown in place of the role's name, when the task has one. */
  readonly label?: ScalarNode;
  readonly params?: Variables;
  /** Keywords of the use: `when`, `tags`, `vars`, what `apply` gives, … */
  readonly keywords?: Keywords;
  readonly tasksFrom?: string;
  readonly handlersFrom?: string;
  readonly varsFrom?: string;
  readonly defaultsFrom?: string;
  /** Default true. */
  readonly isPublic?: boolean;
  /** Default true, for entries what the role itself says. */
  readonly allowDuplicates?: boolean;
  /** Default `import`. */
  readonly usedBy?: RoleUse['usedBy'];
  /** Whether the role's argument specs are checked. Default true. */
  readonly validate?: boolean;
}

type TextOption = 'tasksFrom' | 'handlersFrom' | 'varsFrom' | 'defaultsFrom';
const TEXT_OPTIONS: Readonly<Record<string, TextOption>> = {
  tasks_from: 'tasksFrom',
  handlers_from: 'handlersFrom',
  vars_from: 'varsFrom',
  defaults_from: 'defaultsFrom',
};
type BooleanOption = 'isPublic' | 'allowDuplicates' | 'validate';
const BOOLEAN_OPTIONS: Readonly<Record<string, BooleanOption>> = {
  public: 'isPublic',
  allow_duplicates: 'allowDuplicates',
  rolespec_validate: 'validate',
};
const KNOWN = ['name', 'role', ...Object.keys(TEXT_OPTIONS), ...Object.keys(BOOLEAN_OPTIONS)];

type Draft = { -readonly [K in keyof RoleRequest]: RoleRequest[K] };

/** @param textOf evaluates an option at load. @throws LoadError when no role is named. */
export function roleRequestOf(
  task: Task,
  textOf: (node: ScalarNode) => string,
  problems: Problems,
): RoleRequest {
  const named = new Map(task.arguments.named.entries.map(({ key, value }) => [key.value, value]));
  const nameNode = named.get('name') ?? named.get('role') ?? task.arguments.freeForm;
  if (nameNode?.kind !== 'scalar') throw noName(task);
  const draft: Draft = {
    name: textOf(nameNode),
    source: nameNode.source,
    keywords: task.keywords,
  };
  if (task.name !== undefined) draft.label = task.name;
  for (const { key, value } of task.arguments.named.entries) {
    // What a dynamic include hands to its tasks is read where it includes.
    const isForTasks = key.value === 'apply' && shortName(task.module) === 'include_role';
    if (!isNull(value) && !isForTasks) readOption(draft, key, value, textOf, problems);
  }
  return draft;
}

function readOption(
  draft: Draft,
  key: ScalarNode,
  value: Node,
  textOf: (node: ScalarNode) => string,
  problems: Problems,
): void {
  const name = String(key.value);
  if (name === 'name' || name === 'role') return;
  const text = TEXT_OPTIONS[name];
  const boolean = BOOLEAN_OPTIONS[name];
  const scalar = new Shapes(problems).scalar(value, `"${name}"`);
  if (scalar === undefined) return;
  if (text !== undefined) draft[text] = textOf(scalar);
  else if (boolean !== undefined) draft[boolean] = isYes(textOf(scalar));
  else reportUnknownOption(key, problems);
}

function reportUnknownOption(key: ScalarNode, problems: Problems): void {
  const name = textOfScalar(key.value);
  const message = `unknown argument "${name}" for "import_role"`;
  problems.error('DROVER_UNKNOWN_ARGUMENT', message, key.source, didYouMean(name, KNOWN));
}

function isYes(text: string): boolean {
  return /^(?:true|yes|on|y|t|1)$/i.test(text);
}

function noName(task: Task): LoadError {
  return new LoadError(`"${task.module}" names no role`, {
    code: 'DROVER_ROLE_NAME',
    source: task.moduleSource,
    hint: 'add "name:"',
  });
}
