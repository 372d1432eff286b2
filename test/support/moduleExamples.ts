/** The examples of the modules as tasks: what a module is given in them. */
import { parse } from 'yaml';
import { fromPlain, isDict, type Value } from '../../src/core/values.ts';
import { withFreeForm } from '../../src/modules/arguments.ts';
import type { Module, RawArguments } from '../../src/modules/module.ts';
import { isCommand } from '../../src/playbook/actions.ts';
import { readShortForm } from '../../src/playbook/shortForm.ts';
import { type Node, scalarNode } from '../../src/source/node.ts';
import { registry } from './modules.ts';

export type Task = ReadonlyMap<Value, Value>;

export function tasksOf(example: string): Task[] {
  const tasks = fromPlain(parse(example));
  if (!Array.isArray(tasks)) throw new Error(`an example is a list of tasks: ${example}`);
  return tasks.filter(isDict);
}

function moduleKey(task: Task): string | undefined {
  return [...task.keys()].map(String).find((key) => registry.find(key) !== undefined);
}

export function moduleOf(task: Task): Module | undefined {
  const key = moduleKey(task);
  return key === undefined ? undefined : registry.find(key)?.loaded;
}

/** As the task gives them, before the schema; empty for a task of no known module. */
export function taskArguments(task: Task): RawArguments {
  const key = moduleKey(task);
  const module = moduleOf(task);
  if (key === undefined || module === undefined) return new Map();
  return argumentsOf(module, task.get(key) ?? null);
}

function argumentsOf(module: Module, value: Value): RawArguments {
  if (value === null) return new Map();
  if (isDict(value)) return new Map([...value].map(([name, item]) => [String(name), item]));
  const node = scalarNode(String(value), { file: 'example.yml', line: 1, column: 1 });
  const { entries, rest } = readShortForm(node, isCommand(module.name));
  const named = new Map(
    entries.map(({ key, value: item }) => [String(key.value), literalOf(item)]),
  );
  return rest === undefined ? named : withFreeForm(module, named, rest.value);
}

function literalOf(node: Node): Value {
  if (node.kind === 'scalar') return node.value;
  throw new Error('the values of the short form are texts');
}
