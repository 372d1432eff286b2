/** Scenarios on real hosts set every parameter of the modules they are about, but for what is listed with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parametersOf } from '../../src/modules/parameters.ts';
import { modules } from '../support/modules.ts';
import type { Scenario } from '../support/scenarios/scenario.ts';
import { UNTRIED_PARAMETERS } from '../support/untriedParameters.ts';

const FOLDER = new URL('../e2e/scenarios/', import.meta.url);
const PAGE = readFileSync(new URL('../../docs/modules.md', import.meta.url), 'utf8');

/** `package` hands them on to the package manager, whose own they are. */
const HANDED_ON = ['package'];

async function allScenarios(): Promise<Scenario[]> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));
  const exported = await Promise.all(
    files.map(async (name): Promise<Record<string, unknown>> => import(new URL(name, FOLDER).href)),
  );
  return exported.flatMap((each) => Object.values(each).filter(Array.isArray)).flat();
}

/** The names of the parameters that each module is given, by the module's name. */
async function triedParameters(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const tried = new Map<string, Set<string>>();
  for (const { module, args } of await allScenarios()) {
    const names = tried.get(module) ?? new Set();
    tried.set(module, names);
    for (const name of Object.keys(args)) names.add(name);
  }
  return tried;
}

function isListed(module: string, parameter: string): boolean {
  return UNTRIED_PARAMETERS.some(
    ({ modules, parameters }) =>
      parameters.includes(parameter) && (modules.length === 0 || modules.includes(module)),
  );
}

const TRIED = await triedParameters();
const compared = modules.filter(({ name }) => TRIED.has(name) && !HANDED_ON.includes(name));

it.each(compared)('every parameter of $name is tried on a host, or listed', (module) => {
  const tried = TRIED.get(module.name) ?? new Set();
  const untried = [...parametersOf(module).byName.values()]
    .filter(({ name, aliases }) => ![name, ...aliases].some((each) => tried.has(each)))
    .map(({ name }) => name);
  expect(untried.filter((name) => !isListed(module.name, name))).toEqual([]);
});

it.each(UNTRIED_PARAMETERS)('no scenario sets $parameters of $modules', (entry) => {
  const tried = entry.modules.flatMap((name) => [...(TRIED.get(name) ?? [])]);
  expect(entry.parameters.filter((name) => tried.includes(name))).toEqual([]);
});

it.each(UNTRIED_PARAMETERS)('docs/modules.md lists $parameters: $reason', (entry) => {
  const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ');
  const modules = entry.modules.length === 0 ? 'all' : code(entry.modules);
  expect(PAGE).toContain(`| ${modules} | ${code(entry.parameters)} | ${entry.reason} |`);
});
