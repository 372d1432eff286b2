/** Dynamic includes: what `include_tasks` and `include_role` ask for, once their arguments are known for a host. */
import { ParamsError } from '../../core/errors.ts';
import type { Value } from '../../core/values.ts';
import type { RawArguments } from '../../modules/module.ts';
import type { Task } from '../../playbook/model.ts';

export type IncludeRequest = IncludeTarget & {
  /** What the iteration adds: the loop item and its kin. */
  readonly variables: ReadonlyMap<string, Value>;
  readonly label?: Value;
};

type IncludeTarget =
  | { readonly kind: 'tasks'; readonly file: string }
  | { readonly kind: 'role'; readonly name: string; readonly options: RoleOptions };

export interface RoleOptions {
  readonly tasksFrom?: string;
  readonly varsFrom?: string;
  readonly defaultsFrom?: string;
  readonly handlersFrom?: string;
  readonly isPublic: boolean;
  readonly allowDuplicates: boolean;
}

const SHORT = /^(ansible\.(builtin|legacy)\.)?/;

export type TaskKind = 'include_tasks' | 'include_role' | 'meta' | 'module';

/** Whether the engine itself does what a task asks. `include` is the old spelling of `include_tasks`. */
export function taskKind(task: Task): TaskKind {
  const name = task.module.replace(SHORT, '');
  if (name === 'include_tasks' || name === 'include') return 'include_tasks';
  return name === 'include_role' || name === 'meta' ? name : 'module';
}

/** @param variables what the iteration adds: the loop item and its kin. */
export function includeRequest(
  task: Task,
  args: RawArguments,
  variables: ReadonlyMap<string, Value>,
  label: Value | undefined,
): IncludeRequest {
  const common = { variables, ...(label === undefined ? {} : { label }) };
  if (taskKind(task) === 'include_tasks') {
    return { kind: 'tasks', file: required(task, args, 'file', '_raw_params'), ...common };
  }
  const name = required(task, args, 'name', 'role');
  return { kind: 'role', name, options: roleOptions(args), ...common };
}

function roleOptions(args: RawArguments): RoleOptions {
  const text = (name: string) => {
    const value = args.get(name);
    return value === undefined || value === null ? undefined : String(value);
  };
  const optional = {
    tasksFrom: text('tasks_from'),
    varsFrom: text('vars_from'),
    defaultsFrom: text('defaults_from'),
    handlersFrom: text('handlers_from'),
  };
  return {
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    isPublic: args.get('public') === true || text('public') === 'yes',
    allowDuplicates: args.get('allow_duplicates') !== false,
  };
}

function required(task: Task, args: RawArguments, ...names: readonly string[]): string {
  for (const name of names) {
    const value = args.get(name);
    if (typeof value === 'string' && value !== '') return value;
  }
  throw new ParamsError(`"${task.module}" needs the argument "${names[0]}"`, {
    code: 'DROVER_MISSING_ARGUMENT',
    source: task.moduleSource,
    argument: names[0],
  });
}
