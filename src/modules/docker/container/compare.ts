/** When a container's option counts as what was asked. */

/** `value`: equal; `list`: equal in order; `set`: any order; `dict`: by key. */
export type Kind = 'value' | 'list' | 'set' | 'dict';
/** `strict`: nothing more, nothing less; `allow_more_present`: all that was asked, and maybe more; `ignore`: anything. */
export type Mode = 'strict' | 'ignore' | 'allow_more_present';

export const DEFAULT_MODES: Readonly<Record<Kind, Mode>> = {
  value: 'strict',
  list: 'strict',
  set: 'allow_more_present',
  dict: 'allow_more_present',
};

/** @param desired what was asked; `actual` is what the Engine shows, null or undefined where it shows nothing. */
export function matches(kind: Kind, mode: Mode, desired: unknown, actual: unknown): boolean {
  if (mode === 'ignore') return true;
  switch (kind) {
    case 'value':
      return isSame(withoutNothing(desired), withoutNothing(actual));
    case 'list':
      return matchesList(mode, asList(desired), asList(actual));
    case 'set':
      return matchesSet(mode, asList(desired), asList(actual));
    case 'dict':
      return matchesDict(mode, asDict(desired), asDict(actual));
    default:
      return kind satisfies never;
  }
}

/** The Engine shows what is not set as null, 0, false or an empty text, one way or the other by release. */
function withoutNothing(value: unknown): unknown {
  return value === undefined || value === 0 || value === false || value === '' ? null : value;
}

function matchesList(mode: Mode, desired: readonly unknown[], actual: readonly unknown[]): boolean {
  if (mode === 'strict') return isSame(desired, actual);
  let found = 0;
  for (const item of actual) if (found < desired.length && isSame(desired[found], item)) found += 1;
  return found === desired.length;
}

function matchesSet(mode: Mode, desired: readonly unknown[], actual: readonly unknown[]): boolean {
  const isIn = (item: unknown, items: readonly unknown[]) =>
    items.some((other) => isCovered(item, other));
  const hasAll = desired.every((item) => isIn(item, actual));
  if (mode !== 'strict') return hasAll;
  return hasAll && actual.every((item) => desired.some((other) => isCovered(other, item)));
}

/** Dicts in a set: each key that was asked is so; the Engine adds keys of its own. */
function isCovered(desired: unknown, actual: unknown): boolean {
  if (!isObject(desired) || !isObject(actual)) return isSame(desired, actual);
  return Object.entries(desired).every(([key, value]) =>
    isSame(withoutNothing(value), withoutNothing(actual[key])),
  );
}

type Dict = Readonly<Record<string, unknown>>;

function matchesDict(mode: Mode, desired: Dict, actual: Dict): boolean {
  const hasAll = Object.entries(desired).every(
    ([key, value]) => key in actual && isSame(value, actual[key]),
  );
  return hasAll && (mode !== 'strict' || Object.keys(actual).every((key) => key in desired));
}

export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isObject(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

export function isObject(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asTexts(value: unknown): readonly string[] {
  return asList(value).map(String);
}

export function asDict(value: unknown): Dict {
  return isObject(value) ? value : {};
}
