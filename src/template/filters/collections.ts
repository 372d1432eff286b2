/** Ansible's filters on lists and dicts. */
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { elementOf } from '../python/access.ts';
import { dictSet, includes } from '../python/equality.ts';
import { defined, typeError, usageError } from '../python/errors.ts';
import { distinct, isTrue, iterate } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import {
  type Arguments,
  type Internal,
  type InternalDict,
  isList,
  tupleOf,
  typeName,
  Undefined,
} from '../python/types.ts';
import { folded, getter } from './attributes.ts';
import { combine, type ListMerge } from './combine.ts';
import { dictOf, flagOf, integerOf, textOf } from './parameters.ts';

export const collectionFilters = table<Filter>({
  combine: (value, args) => combineAll(value, args),
  dict2items: (value, args) => {
    const [key, item] = bind('dict2items', args, 'key_name', 'value_name');
    const names: [string, string] = [textOf(key, 'key'), textOf(item, 'value')];
    const given = defined(value);
    if (!(given instanceof Map))
      throw typeError(`dict2items requires a dictionary, got ${typeName(given)} instead.`);
    return [...given].map(([name, one]) => record([names[0], name], [names[1], one]));
  },
  items2dict: (value, args) => itemsToDict(value, args),
  flatten: (value, args) => {
    const [levels, skipNulls] = bind('flatten', args, 'levels', 'skip_nulls');
    return flattened(iterate(value), integerOf(levels, Infinity), flagOf(skipNulls, true));
  },
  zip: (value, { positional }) => zipped([value, ...positional]),
  zip_longest: (value, { positional, keyword }) => {
    const fill = keyword.get('fillvalue');
    return zippedLongest([value, ...positional], fill === undefined ? null : fill);
  },
  product: (value, { positional, keyword }) => {
    const lists = [value, ...positional].map((list) => iterate(list));
    const times = integerOf(keyword.get('repeat'), 1);
    return product(Array.from({ length: times }, () => lists).flat()).map(tupleOf);
  },
  permutations: (value, { positional: [size] }) => {
    const items = iterate(value);
    return permutations(items, integerOf(size, items.length)).map(tupleOf);
  },
  combinations: (value, { positional: [size] }) =>
    combinations(iterate(value), integerOf(size, 0)).map(tupleOf),
  unique: (value, args) => {
    const [caseSensitive, attribute] = bind('unique', args, 'case_sensitive', 'attribute');
    return unique(iterate(value), caseSensitive, attribute);
  },
  union: (value, { positional: [other = null] }) =>
    distinct([...iterate(value), ...iterate(other)]),
  intersect: (value, { positional: [other = null] }) => {
    const items = iterate(other);
    return distinct(iterate(value).filter((item) => includes(items, item)));
  },
  difference: (value, { positional: [other = null] }) => without(iterate(value), iterate(other)),
  symmetric_difference: (value, { positional: [other = null] }) => {
    const [left, right] = [iterate(value), iterate(other)];
    return distinct([...without(left, right), ...without(right, left)]);
  },
  subelements: (value, args) => subelements(value, args),
  rekey_on_member: (value, args) => rekeyed(value, args),
});

function record(...entries: readonly [Internal, Internal][]): InternalDict {
  return new Map(entries);
}

function combinable(value: Internal): InternalDict {
  const given = defined(value);
  if (given instanceof Map) return given;
  throw typeError(`failed to combine variables, expected dicts but got '${typeName(given)}'`);
}

function combineAll(value: Internal, { positional, keyword }: Arguments): Internal {
  const merge = str(keyword.get('list_merge') ?? 'replace');
  if (!isListMerge(merge)) throw usageError(`combine: unknown list_merge "${merge}"`);
  for (const name of keyword.keys()) {
    if (name !== 'recursive' && name !== 'list_merge') {
      throw usageError(
        "'recursive' and 'list_merge' are the only valid keyword arguments",
        `combine knows no "${name}"`,
      );
    }
  }
  const dicts = flattened([value, ...positional], 1, true).map(combinable);
  const isRecursive = isTrue(keyword.get('recursive') ?? false);
  return dicts.reduce<InternalDict>(
    (sum, dict) => combine(sum, dict, isRecursive, merge),
    new Map(),
  );
}

const LIST_MERGES: readonly ListMerge[] = [
  'replace',
  'keep',
  'append',
  'prepend',
  'append_rp',
  'prepend_rp',
];

function isListMerge(text: string): text is ListMerge {
  return LIST_MERGES.some((merge) => merge === text);
}

function itemsToDict(value: Internal, args: Arguments): Internal {
  const [keyName, valueName] = bind('items2dict', args, 'key_name', 'value_name');
  const [key, item] = [textOf(keyName, 'key'), textOf(valueName, 'value')];
  const given = defined(value);
  if (!isList(given))
    throw typeError(`items2dict requires a list, got ${typeName(given)} instead.`);
  const dict: InternalDict = new Map();
  for (const entry of given) {
    const pair = defined(entry);
    if (!(pair instanceof Map)) {
      throw typeError(`items2dict requires a list of dictionaries, got ${typeName(pair)} in it.`);
    }
    const [name, one] = [pair.get(key), pair.get(item)];
    if (name === undefined || one === undefined) {
      throw usageError(
        `items2dict requires each dictionary in the list to contain the keys '${key}' and '${item}'`,
      );
    }
    dictSet(dict, name, one);
  }
  return dict;
}

const NULLS: readonly Internal[] = [null, 'None', 'null'];

function flattened(items: readonly Internal[], levels: number, skipNulls: boolean): Internal[] {
  const result: Internal[] = [];
  for (const item of items) {
    if (skipNulls && NULLS.includes(item)) continue;
    if (isList(item)) {
      if (levels >= 1) for (const one of flattened(item, levels - 1, skipNulls)) result.push(one);
      else result.push(item);
    } else {
      result.push(item);
    }
  }
  return result;
}

function zipped(lists: readonly Internal[]): Internal[] {
  const columns = lists.map((list) => iterate(list));
  const length = Math.min(...columns.map((column) => column.length));
  return Array.from({ length }, (_, row) => tupleOf(columns.map((column) => column[row] ?? null)));
}

function zippedLongest(lists: readonly Internal[], fill: Internal): Internal[] {
  const columns = lists.map((list) => iterate(list));
  const length = Math.max(...columns.map((column) => column.length));
  const at = (column: readonly Internal[], row: number): Internal =>
    row < column.length ? (column[row] ?? null) : fill;
  return Array.from({ length }, (_, row) => tupleOf(columns.map((column) => at(column, row))));
}

/** All choices of one item of each list, the last changing fastest. */
export function product(lists: readonly (readonly Internal[])[]): Internal[][] {
  return lists.reduce<Internal[][]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
}

function permutations(items: readonly Internal[], size: number): Internal[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)], size - 1).map((rest) => [
      item,
      ...rest,
    ]),
  );
}

function combinations(items: readonly Internal[], size: number): Internal[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) =>
    combinations(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]),
  );
}

function unique(
  items: readonly Internal[],
  caseSensitive: Internal | undefined,
  attribute: Internal | undefined,
): Internal[] {
  const get = getter(attribute);
  const fold = flagOf(caseSensitive) ? get : (item: Internal) => folded(get(item));
  const seen: Internal[] = [];
  return items.filter((item) => {
    const key = fold(item);
    const isNew = !includes(seen, key);
    if (isNew) seen.push(key);
    return isNew;
  });
}

function without(items: readonly Internal[], removed: readonly Internal[]): Internal[] {
  return distinct(items.filter((item) => !includes(removed, item)));
}

function subelements(value: Internal, args: Arguments): Internal[] {
  const [path = null, skipMissing] = bind('subelements', args, 'subelements', 'skip_missing');
  const given = defined(value);
  if (!(given instanceof Map || isList(given)))
    throw typeError('obj must be a list of dicts or a nested dict');
  if (typeof path !== 'string' && !Array.isArray(path))
    throw typeError('subelements must be a list or a string');
  const elements = given instanceof Map ? [...given.values()] : given;
  const keys = typeof path === 'string' ? path.split('.') : path;
  return elements.flatMap((element) =>
    subelement(element, keys, flagOf(skipMissing)).map((item) => tupleOf([element, item])),
  );
}

function subelement(
  element: Internal,
  keys: readonly Internal[],
  skipMissing: boolean,
): readonly Internal[] {
  let found = element;
  for (const key of keys) {
    if (!(found instanceof Map))
      throw typeError(`the key ${str(key)} should point to a dictionary, got ${typeName(found)}`);
    found = elementOf(found, key);
    if (found instanceof Undefined) {
      if (skipMissing) return [];
      throw usageError(`could not find ${str(key)} in iterated item`);
    }
  }
  if (!isList(found)) throw typeError(`the key ${keys.map(str).join('.')} should point to a list`);
  return found;
}

function rekeyed(value: Internal, args: Arguments): Internal {
  const [key = null, duplicates = 'error'] = bind('rekey_on_member', args, 'key', 'duplicates');
  const given = defined(value);
  const items = given instanceof Map ? [...given.values()] : iterate(given);
  const result: InternalDict = new Map();
  for (const item of items) {
    const name = dictOf(item, 'rekey_on_member').get(key);
    if (name === undefined) throw usageError(`Key ${str(key)} was not found`);
    if (result.has(name) && duplicates !== 'overwrite')
      throw usageError(`Key ${str(name)} is not unique, cannot correctly turn into dict`);
    dictSet(result, name, item);
  }
  return result;
}
