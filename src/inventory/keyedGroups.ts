/** The names of the groups that a `keyed_groups` entry makes from a value. Pure. */
import { DroverError } from '../core/errors.ts';
import type { Value } from '../core/values.ts';
import type { Node } from '../source/node.ts';

export interface KeyedGroup {
  /** The expression. */
  readonly key: Node;
  readonly prefix: string;
  readonly separator: string;
  /** Whether a name without a prefix begins with the separator. */
  readonly hasLeadingSeparator: boolean;
  /** Whether a dict's entry without a value ends with the separator. */
  readonly hasTrailingSeparator: boolean;
  /** Stands for an empty value. */
  readonly defaultValue: string | undefined;
  readonly parent: Node | undefined;
}

/** @throws DroverError for a value that names nothing. */
export function groupNamesOf(value: Value, keyed: KeyedGroup): string[] {
  const { prefix, separator, hasLeadingSeparator } = keyed;
  const start = prefix === '' && !hasLeadingSeparator ? '' : `${prefix}${separator}`;
  return bareNames(value, keyed).map((name) => `${start}${name}`);
}

function bareNames(value: Value, keyed: KeyedGroup): string[] {
  if (value instanceof Map) return [...value].map(([key, item]) => pairName(key, item, keyed));
  if (Array.isArray(value)) return value.map((item) => filled(String(item), keyed));
  const name = value === null ? '' : filled(String(value), keyed);
  if (name !== '') return [name];
  throw new DroverError('the key of keyed_groups is empty', { code: 'DROVER_CONSTRUCTED' });
}

function filled(name: string, { defaultValue }: KeyedGroup): string {
  return name === '' ? (defaultValue ?? '') : name;
}

function pairName(key: Value, item: Value, keyed: KeyedGroup): string {
  const value = filled(String(item), keyed);
  if (value === '' && !keyed.hasTrailingSeparator) return String(key);
  return `${String(key)}${keyed.separator}${value}`;
}
