/** `attribute='a.b.0'` arguments and the order of values, shared by the sequence filters. */
import { elementOf } from '../python/access.ts';
import { compare } from '../python/equality.ts';
import { str } from '../python/text.ts';
import { type Internal, isInteger, tupleOf, Undefined } from '../python/types.ts';

export type Getter = (item: Internal) => Internal;

/** What an `attribute` argument reads from an item: a name, a number, or parts with dots. */
export function getter(attribute: Internal | undefined, fallback?: Internal): Getter {
  if (attribute === undefined || attribute === null) return (item) => item;
  const parts = partsOf(attribute);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = elementOf(value, part);
      if (value instanceof Undefined && fallback !== undefined) return fallback;
    }
    return value;
  };
}

function partsOf(attribute: Internal): Internal[] {
  if (isInteger(attribute)) return [attribute];
  return str(attribute)
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** As `getter`, for several attributes with commas between: a list of what they read. */
export function sortGetter(attribute: Internal | undefined, isCaseSensitive: boolean): Getter {
  const fold: Getter = isCaseSensitive ? (value) => value : folded;
  if (typeof attribute !== 'string' || !attribute.includes(',')) {
    const get = getter(attribute);
    return (item) => fold(get(item));
  }
  const getters = attribute.split(',').map((part) => getter(part));
  return (item) => tupleOf(getters.map((get) => fold(get(item))));
}

/** Texts in lower case, everything else as it is. */
export function folded(value: Internal): Internal {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** A stable sort by what `key` reads. */
export function sortedBy(items: readonly Internal[], key: Getter, isReversed: boolean): Internal[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (isReversed ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ item }) => item);
}
