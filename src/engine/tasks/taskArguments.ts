/** From what a task wrote to what its module gets: templates evaluated, defaults merged, `omit` taken out, errors placed. */
import { type DroverError, ParamsError, TemplateError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import { isDict, type Value } from '../../core/values.ts';
import { validateArguments, withFreeForm } from '../../modules/arguments.ts';
import type { Module, RawArguments } from '../../modules/module.ts';
import { fullName, namesOf } from '../../modules/registry.ts';
import type { Play, Task } from '../../playbook/model.ts';
import { type Node, valueOfNode } from '../../source/node.ts';
import type { Scope } from '../../template/scope.ts';
import { isOmit, type TemplateEngine } from '../../template/template.ts';
import { gathered } from './keywords.ts';

/** What reading arguments needs to know of a module. */
export type ArgumentTaker = Pick<
  Module,
  'name' | 'freeForm' | 'expressions' | 'collection' | 'aliases'
>;

/** Evaluated arguments of `task` in `scope`, before the schema. */
export function rawArguments(
  task: Task,
  module: ArgumentTaker,
  play: Play,
  scope: Scope,
  templates: TemplateEngine,
): RawArguments {
  const defaults = moduleDefaults(task, module, play, scope, templates);
  const given = givenArguments(task, module.expressions ?? [], scope, templates);
  const merged = new Map([...defaults, ...given]);
  const { freeForm } = task.arguments;
  if (freeForm === undefined) return merged;
  const isExpression = module.expressions?.includes(module.freeForm ?? '') === true;
  const text = isExpression ? freeForm.value : templates.evaluateNode(freeForm, scope);
  return withFreeForm(module, merged, text);
}

/** The module's parameters, validated; errors point at the argument in the playbook. */
export function moduleParams(task: Task, module: Module, raw: RawArguments): unknown {
  try {
    return validateArguments(module, raw);
  } catch (error) {
    if (!(error instanceof ParamsError)) throw error;
    throw placed(error, argumentSource(task, error.argument));
  }
}

function givenArguments(
  task: Task,
  expressions: readonly string[],
  scope: Scope,
  templates: TemplateEngine,
): Map<string, Value> {
  const { named, template } = task.arguments;
  const values = new Map<string, Value>();
  if (template !== undefined) {
    const dict = templates.evaluateNode(template, scope);
    if (!isDict(dict)) throw notADict(template);
    for (const [key, value] of dict) addUnlessOmitted(values, String(key), value);
  }
  for (const { key, value } of named.entries) {
    const name = String(templates.evaluateNode(key, scope));
    const evaluated = expressions.includes(name)
      ? valueOfNode(value)
      : templates.evaluateNode(value, scope);
    addUnlessOmitted(values, name, evaluated);
  }
  return values;
}

function addUnlessOmitted(values: Map<string, Value>, name: string, value: Value): void {
  if (isOmit(value)) values.delete(name);
  else values.set(name, withoutOmitted(value));
}

/** `omit` inside a list or dict removes the entry, as playbooks rely on. */
function withoutOmitted(value: Value): Value {
  if (Array.isArray(value)) {
    return value.some(containsOmit)
      ? value.filter((item) => !isOmit(item)).map(withoutOmitted)
      : value;
  }
  if (!isDict(value) || !containsOmit(value)) return value;
  const kept = [...value].filter(([, item]) => !isOmit(item));
  return new Map(kept.map(([key, item]) => [key, withoutOmitted(item)]));
}

function containsOmit(value: Value): boolean {
  if (isOmit(value)) return true;
  if (Array.isArray(value)) return value.some(containsOmit);
  return isDict(value) && [...value.values()].some(containsOmit);
}

/** `module_defaults` for this module by any of its names, and for the groups it is in; inner blocks win. */
function moduleDefaults(
  task: Task,
  module: ArgumentTaker,
  play: Play,
  scope: Scope,
  templates: TemplateEngine,
): Map<string, Value> {
  const values = new Map<string, Value>();
  const names = new Set([...namesOf(module), fullName(module), task.module, ...groupsOf(module)]);
  for (const node of gathered(task, play, 'moduleDefaults')) {
    if (node.kind !== 'mapping') continue;
    for (const { key, value } of node.entries) {
      if (!names.has(String(key.value))) continue;
      const defaults = templates.evaluateNode(value, scope);
      if (isDict(defaults))
        for (const [name, item] of defaults) addUnlessOmitted(values, String(name), item);
    }
  }
  return values;
}

function groupsOf(module: ArgumentTaker): string[] {
  return module.collection === 'community.docker'
    ? ['group/docker', 'group/community.docker.docker']
    : [];
}

function argumentSource(task: Task, argument: string | undefined): Source {
  const { entries } = task.arguments.named;
  const entry = entries.find(({ key }) => key.value === argument);
  return entry?.key.source ?? task.moduleSource;
}

/** `error` with a position, when it has none of its own. */
export function placed<E extends DroverError>(error: E, source: Source): E {
  if (error.source !== undefined) return error;
  return Object.assign(Object.create(Object.getPrototypeOf(error) as object) as E, error, {
    message: error.message,
    stack: error.stack,
    source,
  });
}

function notADict(template: Node): TemplateError {
  return new TemplateError('the arguments of this task are not a dict', {
    code: 'DROVER_INVALID_ARGUMENT',
    source: template.source,
    hint: 'the template must give a dict of arguments',
  });
}
