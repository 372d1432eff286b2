/** What every module that drover brings must keep: names, documentation, and examples that are tasks its schema takes. */
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/core/values.ts';
import { checkArguments } from '../../src/modules/arguments.ts';
import { parametersOf } from '../../src/modules/parameters.ts';
import { namesOf } from '../../src/modules/registry.ts';
import { moduleOf, type Task, taskArguments, tasksOf } from '../support/moduleExamples.ts';
import { modules, registry } from '../support/modules.ts';

const SENTENCE_END = /[^.]$/;

describe.each(modules.map((module) => ({ name: module.name, module })))('$name', ({ module }) => {
  it('is listed with all its names', () => {
    const entry = registry.all().find(({ loaded }) => loaded === module);
    expect(entry && [...namesOf(entry)]).toEqual([...namesOf(module)]);
    for (const name of namesOf(module)) expect(registry.find(name)).toBe(entry);
  });

  it('says in one line what it does', () => {
    expect(module.summary).toMatch(SENTENCE_END);
    expect(module.summary).not.toContain('\n');
  });

  it('describes every parameter, and gives no alias twice', () => {
    const { byName, canonical } = parametersOf(module);
    const undescribed = [...byName.values()].filter(({ description }) => description === undefined);
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
});

/** What is wrong with a task's arguments, as loading would say it. */
function errorsOf(task: Task): string[] {
  const module = moduleOf(task);
  if (module === undefined) {
    return [`no known module among ${[...task.keys()].map(String).join(', ')}`];
  }
  const args = taskArguments(task);
  const isTemplate = ([, value]: [string, Value]) =>
    typeof value === 'string' && value.includes('{{');
  const templated = new Set([...args].filter(isTemplate).map(([name]) => name));
  const literals = new Map([...args].filter(([name]) => !templated.has(name)));
  return checkArguments(module, { literals, templated }).map(({ message }) => message);
}
