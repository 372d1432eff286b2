/** Host patterns: `web:&staging:!web3`, `~regex`, globs, slices `web[0:2]`. Which hosts they name, and what they do not. */
import { isIPv6 } from 'node:net';
import { LoadError, type Warning } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Source } from '../core/source.ts';
import { type Inventory, isImplicitLocalhost } from './inventory.ts';

export interface Matched {
  /** In the order of the inventory, or of the pattern for a list of names. */
  readonly hosts: readonly string[];
  /** Parts that name nothing. */
  readonly warnings: readonly Warning[];
}

/** What a pattern needs of an inventory. */
export type PatternInventory = Pick<Inventory, 'hostNames' | 'groupNames' | 'groupHosts'>;

/**
 * The hosts that a pattern (or a list of them) names.
 * @throws LoadError for a regular expression or a slice that makes no sense.
 */
export function matchHosts(
  inventory: PatternInventory,
  pattern: string | readonly string[],
  source?: Source,
): Matched {
  const parts = (typeof pattern === 'string' ? [pattern] : pattern).flatMap(splitPattern);
  const matcher = new Matcher(inventory, source);
  return { hosts: matcher.match(parts), warnings: matcher.warnings };
}

/**
 * `hosts` that `--limit` leaves.
 * @param readLines the lines of a file, for `@file`; one pattern a line. @throws LoadError as `matchHosts`.
 */
export function limitHosts(
  inventory: PatternInventory,
  hosts: readonly string[],
  limit: string,
  readLines: (file: string) => readonly string[],
): Matched {
  const patterns = splitPattern(limit).flatMap((part) =>
    part.startsWith('@') ? readLines(part.slice(1)).filter((line) => line.trim() !== '') : [part],
  );
  const matched = matchHosts(inventory, patterns);
  const allowed = new Set(matched.hosts);
  return { hosts: hosts.filter((host) => allowed.has(host)), warnings: matched.warnings };
}

/** A colon that separates: not one in brackets, and no part of an IPv6 address. */
const SEPARATORS = /,|:(?![^[]*\])/;

/** The parts of a pattern. Commas win: with one, colons are taken as they are only inside names. */
export function splitPattern(pattern: string): string[] {
  const trimmed = pattern.trim();
  if (trimmed.startsWith('~') && !trimmed.includes(',')) return [trimmed];
  if (isIPv6(trimmed.replace(/^\[|\]$/g, ''))) return [trimmed];
  const parts = trimmed.includes(',') ? trimmed.split(/,(?![^[]*\])/) : trimmed.split(SEPARATORS);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const SLICE = /^(.+)\[(-?\d+|-?\d*[:-]-?\d*)\]$/;

class Matcher {
  readonly warnings: Warning[] = [];
  readonly #inventory: PatternInventory;
  readonly #source: Source | undefined;

  constructor(inventory: PatternInventory, source: Source | undefined) {
    this.#inventory = inventory;
    this.#source = source;
  }

  /** Unions first, then intersections, then exclusions, however they are ordered. */
  match(parts: readonly string[]): readonly string[] {
    const of = (sign: string) => parts.filter((part) => part.startsWith(sign));
    const plain = parts.filter((part) => !/^[&!]/.test(part));
    const unions = plain.length > 0 ? plain : ['all'];
    let hosts = [...new Set(unions.flatMap((part) => this.#part(part)))];
    for (const part of of('&')) {
      const allowed = new Set(this.#part(part.slice(1)));
      hosts = hosts.filter((host) => allowed.has(host));
    }
    for (const part of of('!')) {
      const excluded = new Set(this.#part(part.slice(1)));
      hosts = hosts.filter((host) => !excluded.has(host));
    }
    return hosts;
  }

  #part(part: string): readonly string[] {
    if (this.#inventory.hostNames.includes(part)) return [part];
    const [, name, slice] = part.startsWith('~') ? [] : (SLICE.exec(part) ?? []);
    if (name === undefined || slice === undefined) return this.#named(part);
    const hosts = this.#named(name);
    const chosen = sliced(hosts, slice);
    if (chosen.length > 0 || hosts.length === 0) return chosen;
    throw new LoadError(`"${part}" names no host: there are ${hosts.length}, counted from 0`, {
      code: 'DROVER_HOST_PATTERN',
      source: this.#source,
      hint: `the last one is "${name}[-1]"`,
    });
  }

  #named(name: string): readonly string[] {
    const { groupNames, hostNames, groupHosts } = this.#inventory;
    const matches = this.#test(name);
    const members = groupHosts.call(this.#inventory);
    const groups = groupNames.filter(matches);
    const fromGroups = groups.flatMap((group) => members.get(group) ?? []);
    const isWide = name.startsWith('~') || /[.?*[]/.test(name);
    const fromHosts = groups.length === 0 || isWide ? hostNames.filter(matches) : [];
    const found = [...new Set([...fromGroups, ...fromHosts])];
    if (found.length > 0) return found;
    if (isImplicitLocalhost(name)) return [name];
    if (groups.length === 0 && name !== 'all') this.#warn(name);
    return [];
  }

  #test(name: string): (candidate: string) => boolean {
    if (name === 'all' || name === '*') return (candidate) => candidate === 'all' || name === '*';
    if (!/[~*?[]/.test(name)) return (candidate) => candidate === name;
    const pattern = this.#regex(name);
    return (candidate) => pattern.test(candidate);
  }

  /** Matches from the beginning of the name, as Python's `match` does; a wildcard matches all of it. */
  #regex(name: string): RegExp {
    const isRegex = name.startsWith('~');
    try {
      return new RegExp(isRegex ? `^(?:${name.slice(1)})` : globRegex(name));
    } catch (cause) {
      const kind = isRegex ? 'regular expression' : 'host pattern';
      throw new LoadError(`"${name}" is no ${kind}`, {
        code: 'DROVER_HOST_PATTERN',
        source: this.#source,
        hint: 'is a bracket left open, or closed that was not opened?',
        cause,
      });
    }
  }

  #warn(name: string): void {
    const { groupNames, hostNames } = this.#inventory;
    this.warnings.push({
      kind: 'warning',
      message: `no host or group is called "${name}"`,
      source: this.#source,
      hint: didYouMean(name, [...groupNames, ...hostNames]),
    });
  }
}

/** One position, or from the first to the last position, both included; negative ones count from the end. */
function sliced(hosts: readonly string[], slice: string): readonly string[] {
  if (/^-?\d+$/.test(slice)) return hosts.slice(...single(Number(slice)));
  const [, first = '', last = ''] = /^(-?\d*)[:-](-?\d*)$/.exec(slice) ?? [];
  const start = first === '' ? 0 : Number(first);
  const end = last === '' ? hosts.length - 1 : Number(last);
  return hosts.slice(start, end < 0 ? hosts.length + end + 1 : end + 1);
}

function single(position: number): [number, number?] {
  return position === -1 ? [position] : [position, position + 1];
}

function globRegex(glob: string): string {
  const pattern = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return `^${pattern.replace(/\[!/g, '[^')}$`;
}
