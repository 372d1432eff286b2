/** Lookups that arrange lists for loops. */
import { product } from '../filters/collections.ts';
import { type Lookup, table } from '../plugins.ts';
import { typeError, usageError } from '../python/errors.ts';
import { isTrue } from '../python/sequence.ts';
import { type Internal, isList, tuple, typeName } from '../python/types.ts';
import { flattenedOnce, listTerm } from './options.ts';
import { sequence } from './sequence.ts';

export const listLookups = table<Lookup>({
  list: (terms) => [...terms],
  items: (terms) => flattenedOnce(terms),
  flattened: (terms) => flattened(terms),
  indexed_items: (terms) => flattenedOnce(terms).map((item, index) => tuple(index, item)),
  dict: (terms) => {
    const dicts = flattenedOnce(terms);
    return dicts.flatMap((dict) => entriesOf(dict));
  },
  nested: (terms) => {
    if (terms.length === 0)
      throw usageError('with_nested requires at least one element in the nested list');
    return product(terms.map((term) => (isList(term) ? term : [term]))).map((row) =>
      row.flatMap((item) => (isList(item) ? item : [item])),
    );
  },
  cartesian: (terms) => product(terms.map((term) => (isList(term) ? term : [term]))),
  together: (terms) => together(terms),
  subelements: (terms) => subelements(terms),
  random_choice: (terms, _options, { host }) => {
    const items = flattenedOnce(terms);
    const item = items[Math.floor(host.random() * items.length)];
    return item === undefined ? [] : [item];
  },
  sequence: (terms, options) => sequence(terms, options),
});

function entriesOf(dict: Internal): Internal[] {
  if (!(dict instanceof Map)) throw typeError('with_dict expects a dict');
  return [...dict].map(
    ([key, value]) =>
      new Map<Internal, Internal>([
        ['key', key],
        ['value', value],
      ]),
  );
}

const NOTHING: readonly Internal[] = ['None', 'null'];

function flattened(terms: readonly Internal[]): Internal[] {
  return terms.flatMap((term) => {
    if (NOTHING.includes(term)) return [];
    return isList(term) ? flattened(term) : [term];
  });
}

function together(terms: readonly Internal[]): Internal[] {
  const lists = terms.map((term) => listTerm(term, 'together'));
  if (lists.length === 0)
    throw usageError('with_together requires at least one element in each list');
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_, row) =>
    lists.map((list) => (row < list.length ? (list[row] ?? null) : null)),
  );
}

function subelements(terms: readonly Internal[]): Internal[] {
  const [source, key, flags] = subelementTerms(terms);
  const skipMissing = flags instanceof Map && isTrue(flags.get('skip_missing') ?? false);
  const elements = elementsOf(source);
  return elements
    .filter((element) => !isSkipped(element))
    .flatMap((element) => {
      const items = subelement(element, key, skipMissing);
      const rest = withoutKey(element, key.split('.'));
      return items.map((item) => tuple(rest, item));
    });
}

/** The result of a task that did not run. */
function isSkipped(element: Internal): boolean {
  return element instanceof Map && isTrue(element.get('skipped') ?? false);
}

/** Anything but a dict or a list is a list of one. */
function elementsOf(source: Internal): readonly Internal[] {
  if (source instanceof Map) return isSkipped(source) ? [] : [...source.values()];
  return isList(source) ? source : [source];
}

/** @throws TemplateError for anything but elements, a path, and perhaps a dict of flags. */
function subelementTerms(
  terms: readonly Internal[],
): readonly [Internal, string, Internal | undefined] {
  const [source, key, flags] = terms;
  if (terms.length < 2 || terms.length > 3)
    throw usageError(`subelements expects a list of two or three items, not ${terms.length}`);
  if (source === undefined || typeof key !== 'string')
    throw typeError('subelements expects first a dict or a list, second a string naming the key');
  if (flags !== undefined && !(flags instanceof Map))
    throw typeError('subelements: the optional third item must be a dict with flags: skip_missing');
  return [source, key, flags];
}

/** The element without the list that was taken from it. */
function withoutKey(element: Internal, [key, ...path]: readonly string[]): Internal {
  if (!(element instanceof Map) || key === undefined) return element;
  const copy = new Map(element);
  const inner = copy.get(key);
  if (path.length === 0) copy.delete(key);
  else if (inner !== undefined) copy.set(key, withoutKey(inner, path));
  return copy;
}

function subelement(element: Internal, path: string, skipMissing: boolean): readonly Internal[] {
  if (!(element instanceof Map))
    throw typeError(`subelements lookup expects a dictionary, got ${typeName(element)}`);
  let found: Internal = element;
  for (const key of path.split('.')) {
    if (!(found instanceof Map) && skipMissing) return [];
    if (!(found instanceof Map))
      throw typeError(
        `the key before '${key}' should point to a dictionary, got ${typeName(found)}`,
      );
    const inner: Internal | undefined = found.get(key);
    if (inner === undefined && skipMissing) return [];
    if (inner === undefined) throw usageError(`could not find '${key}' key in iterated item`);
    found = inner;
  }
  if (isList(found)) return found;
  if (skipMissing) return [];
  throw typeError(`the key ${path} should point to a list, got ${typeName(found)}`);
}
