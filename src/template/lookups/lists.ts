/** Lookups that arrange lists for loops. */
import { product } from '../filters/collections.ts';
import { type Lookup, table } from '../plugins.ts';
import { elementOf } from '../python/access.ts';
import { typeError, usageError } from '../python/errors.ts';
import { isTrue } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { type Internal, isList, tuple, Undefined } from '../python/types.ts';
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

function subelements([source, key, flags]: readonly Internal[]): Internal[] {
  if (source === undefined || key === undefined) {
    throw usageError('subelements lookup expects a list of two or three items');
  }
  const skipMissing = flags instanceof Map && isTrue(flags.get('skip_missing') ?? false);
  const elements = source instanceof Map ? [...source.values()] : listTerm(source, 'subelements');
  return elements
    .filter((element) => !(element instanceof Map && isTrue(element.get('skipped') ?? false)))
    .flatMap((element) => {
      const items = subelement(element, str(key), skipMissing);
      const rest = withoutKey(element, str(key).split('.'));
      return items.map((item) => tuple(rest, item));
    });
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
  let found = element;
  for (const key of path.split('.')) {
    const inner = found instanceof Map ? found.get(key) : elementOf(found, key);
    if (inner !== undefined && !(inner instanceof Undefined)) {
      found = inner;
      continue;
    }
    if (skipMissing) return [];
    throw usageError(`could not find '${key}' key in iterated item`);
  }
  return listTerm(found, 'subelements');
}
