/** Facts about a host by Ansible's names and types, from one shell script in one round trip. */
import { ParamsError } from '../core/errors.ts';
import { FAMILIES } from './facts/families.ts';
import { type FactFamily, factsProbe, type PlainFacts } from './facts/family.ts';
import type { Target } from './target.ts';

export interface FactOptions {
  /** As `gather_subset`: names of families or facts, `all`, `min`, and those with `!`. Default: all. */
  readonly subset?: readonly string[] | undefined;
  /** As `filter`: shell patterns of names, with or without the `ansible_` prefix. Default: everything. */
  readonly filter?: readonly string[] | undefined;
  /** Directory of the host's own facts. Default: `/etc/ansible/facts.d`. */
  readonly factPath?: string | undefined;
}

/**
 * Names are without the `ansible_` prefix, as in `ansible_facts`; the caller adds it where variables are set.
 * @throws ParamsError for a subset that does not exist; ModuleError when the host's answers make no sense.
 */
export async function gatherFacts(target: Target, options: FactOptions = {}): Promise<PlainFacts> {
  const { subset = ['all'], filter = [], factPath } = options;
  const args = factPath === undefined ? {} : { local: factPath };
  const { found } = await target.observe({ found: factsProbe(selectFamilies(subset), args) });
  const facts = Object.entries({ ...found, gather_subset: subset, module_setup: true });
  const wanted = nameFilter(filter);
  return Object.fromEntries(facts.filter(([name]) => wanted(name)));
}

/** Collected by Ansible with programs of other products; asking for them is no error, and gives nothing. */
const FOREIGN = ['facter', 'ohai'];

/**
 * The families that a `gather_subset` asks for (tried against ansible-core 2.14): the minimal ones are always added; what was
 * named outright stays although a group that holds it is excluded; unknown names may be excluded, not asked for.
 */
export function selectFamilies(subset: readonly string[]): FactFamily[] {
  const names = subset.flatMap((item) => item.split(',')).map((name) => name.trim());
  const asked = new Set(['min']);
  const excluded = new Set<string>();
  for (const name of names.filter((name) => name !== '')) {
    if (name.startsWith('!')) excluded.add(name.slice(1));
    else asked.add(checkedName(name));
  }
  const chosen = FAMILIES.filter(
    (family) =>
      isNamed(family, asked) || (isGrouped(family, asked) && !isExcluded(family, excluded)),
  );
  return withRequired(chosen);
}

function checkedName(name: string): string {
  const known = FAMILIES.flatMap((family) => [family.name, ...family.aliases]);
  if (['all', 'min', ...FOREIGN, ...known].includes(name)) return name;
  throw new ParamsError(`there is no fact subset "${name}"`, {
    code: 'DROVER_FACT_SUBSET',
    hint: `subsets are all, min, ${[...new Set(known)].sort().join(', ')}, each also with "!"`,
  });
}

function isNamed(family: FactFamily, names: ReadonlySet<string>): boolean {
  return names.has(family.name) || family.aliases.some((alias) => names.has(alias));
}

function isGrouped(family: FactFamily, asked: ReadonlySet<string>): boolean {
  return asked.has('all') || (family.isMinimal === true && asked.has('min'));
}

/** `!all` leaves the minimal ones; `!min` takes those away. */
function isExcluded(family: FactFamily, excluded: ReadonlySet<string>): boolean {
  if (isNamed(family, excluded)) return true;
  return excluded.has(family.isMinimal ? 'min' : 'all');
}

function withRequired(chosen: readonly FactFamily[]): FactFamily[] {
  const required = new Set(chosen.flatMap(({ requires = [] }) => requires));
  return FAMILIES.filter((family) => chosen.includes(family) || required.has(family.name));
}

function nameFilter(patterns: readonly string[]): (name: string) => boolean {
  const given = patterns.filter((pattern) => pattern !== '');
  if (given.length === 0) return () => true;
  const expressions = given.map(shellPattern);
  return (name) => expressions.some((one) => one.test(name) || one.test(`ansible_${name}`));
}

/** `fnmatch`: `*`, `?` and `[…]`. */
function shellPattern(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|\\]/g, '\\$&');
  return new RegExp(
    `^${escaped.replaceAll('*', '.*').replaceAll('?', '.').replaceAll('[!', '[^')}$`,
  );
}
