/** What every module that drover brings must keep: names, documentation, and examples that are tasks its schema takes. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fromPlain, isDict, type Value } from '../../src/core/values.ts';
import { checkArguments, withFreeForm } from '../../src/modules/arguments.ts';
import { builtinModules } from '../../src/modules/builtin.ts';
import type { Module, RawArguments } from '../../src/modules/module.ts';
import { parametersOf } from '../../src/modules/parameters.ts';
import { namesOf, Registry } from '../../src/modules/registry.ts';
import { isCommand } from '../../src/playbook/actions.ts';
import { readShortForm } from '../../src/playbook/shortForm.ts';
import { type Node, scalarNode } from '../../src/source/node.ts';

const registry = new Registry(builtinModules);
const SENTENCE_END = /[^.]$/;

describe.each(registry.all().map((module) => ({ name: module.name, module })))(
  '$name',
  ({ module }) => {
    it('answers to all its names', () => {
      for (const name of namesOf(module)) expect(registry.find(name)).toBe(module);
    });

    it('says in one line what it does', () => {
      expect(module.summary).toMatch(SENTENCE_END);
      expect(module.summary).not.toContain('\n');
    });

    it('describes every parameter, and gives no alias twice', () => {
      const { byName, canonical } = parametersOf(module);
      const undescribed = [...byName.values()].filter(
        ({ description }) => description === undefined,
      );
      expect(undescribed.map(({ name }) => name)).toEqual([]);
      const names = [...byName.values()].flatMap(({ name, aliases }) => [name, ...aliases]);
      expect(names).toHaveLength(new Set(names).size);
      for (const name of names) expect(canonical.has(name)).toBe(true);
    });

    it('takes its short form and its bare expressions by parameters that it has', () => {
      const { byName } = parametersOf(module);
      const special = [
        ...(module.freeForm === undefined ? [] : [module.freeForm]),
        ...(module.expressions ?? []),
      ];
      expect(special.filter((name) => !byName.has(name))).toEqual([]);
    });

    it('has examples that it takes itself', () => {
      expect(module.examples.length).toBeGreaterThan(0);
      const own = module.examples.flatMap(tasksOf).filter((task) => moduleOf(task) === module);
      expect(own.length).toBeGreaterThan(0);
    });

    it.each(module.examples.map((example) => ({ example })))('takes $example', ({ example }) => {
      for (const task of tasksOf(example)) expect(errorsOf(task)).toEqual([]);
    });
  },
);

type Task = ReadonlyMap<Value, Value>;

function tasksOf(example: string): Task[] {
  const tasks = fromPlain(parse(example));
  if (!Array.isArray(tasks)) throw new Error(`an example is a list of tasks: ${example}`);
  return tasks.filter(isDict);
}

function moduleKey(task: Task): string | undefined {
  return [...task.keys()].map(String).find((key) => registry.find(key) !== undefined);
}

function moduleOf(task: Task): Module | undefined {
  const key = moduleKey(task);
  return key === undefined ? undefined : registry.find(key);
}

/** What is wrong with a task's arguments, as loading would say it. */
function errorsOf(task: Task): string[] {
  const key = moduleKey(task);
  const module = moduleOf(task);
  if (key === undefined || module === undefined) {
    return [`no known module among ${[...task.keys()].map(String).join(', ')}`];
  }
  const args = argumentsOf(module, task.get(key) ?? null);
  const isTemplate = ([, value]: [string, Value]) =>
    typeof value === 'string' && value.includes('{{');
  const templated = new Set([...args].filter(isTemplate).map(([name]) => name));
  const literals = new Map([...args].filter(([name]) => !templated.has(name)));
  return checkArguments(module, { literals, templated }).map(({ message }) => message);
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
