/** Jinja's filters on sequences: selecting, mapping, sorting, grouping. */
import { bind } from '../arguments.ts';
import { type Context, type Filter, table } from '../plugins.ts';
import { arithmetic } from '../python/arithmetic.ts';
import { compare, equals } from '../python/equality.ts';
import { typeError, zeroDivisionError } from '../python/errors.ts';
import { characters, isTrue, iterate, length } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import {
  type Arguments,
  groupPair,
  type Internal,
  presentOr,
  tuple,
  Undefined,
} from '../python/types.ts';
import { folded, getter, sortedBy, sortGetter } from './attributes.ts';
import { flagOf, integerOf } from './parameters.ts';

export const sequenceFilters = table<Filter>({
  length,
  count: length,
  list: (value) => [...iterate(value)],
  first: (value) => presentOr(iterate(value)[0], () => empty('first')),
  last: (value) => presentOr(iterate(value).at(-1), () => empty('last')),
  random: (value, _args, { host }) => {
    const items = iterate(value);
    return presentOr(items[Math.floor(host.random() * items.length)], () => empty('random'));
  },
  reverse: (value) =>
    typeof value === 'string'
      ? characters(value).reverse().join('')
      : [...iterate(value)].reverse(),
  join: (value, args) => {
    const [separator = '', attribute] = bind('join', args, 'd', 'attribute');
    return iterate(value).map(getter(attribute)).map(str).join(str(separator));
  },
  sort: (value, args) => {
    const [reverse, caseSensitive, attribute] = bind(
      'sort',
      args,
      'reverse',
      'case_sensitive',
      'attribute',
    );
    return sortedBy(iterate(value), sortGetter(attribute, flagOf(caseSensitive)), flagOf(reverse));
  },
  sum: (value, args) => {
    const [attribute, start = 0] = bind('sum', args, 'attribute', 'start');
    return iterate(value)
      .map(getter(attribute))
      .reduce<Internal>((sum, item) => arithmetic('+', sum, item), start);
  },
  min: (value, args) => extreme(value, args, -1),
  max: (value, args) => extreme(value, args, 1),
  map: (value, args, context) => map(value, args, context),
  select: (value, args, context) =>
    picked(value, args, context, { attribute: false, wanted: true }),
  reject: (value, args, context) =>
    picked(value, args, context, { attribute: false, wanted: false }),
  selectattr: (value, args, context) =>
    picked(value, args, context, { attribute: true, wanted: true }),
  rejectattr: (value, args, context) =>
    picked(value, args, context, { attribute: true, wanted: false }),
  groupby: (value, args) => grouped(value, args),
  batch: (value, args) => batches(value, args),
  slice: (value, args) => slices(value, args),
  dictsort: (value, args) => sortedEntries(value, args),
  items: (value) => itemsOf(value),
});

function empty(which: string): Undefined {
  return new Undefined(`No ${which} item, sequence was empty.`);
}

function extreme(value: Internal, args: Arguments, direction: number): Internal {
  const [caseSensitive, attribute] = bind(
    direction < 0 ? 'min' : 'max',
    args,
    'case_sensitive',
    'attribute',
  );
  const [first, ...rest] = iterate(value);
  if (first === undefined) return new Undefined('No aggregated item, sequence was empty.');
  const key = sortGetter(attribute, flagOf(caseSensitive));
  return rest.reduce((best, item) => {
    const order =
      direction < 0 ? compare(key(item), key(best)) : compare(key(best), key(item), '>');
    return order < 0 ? item : best;
  }, first);
}

function map(value: Internal, args: Arguments, context: Context): Internal[] {
  if (args.positional.length > 0) {
    const [name, ...rest] = args.positional;
    const inner = { positional: rest, keyword: args.keyword };
    return iterate(value).map((item) => context.applyFilter(str(name ?? null), item, inner));
  }
  const [attribute, fallback] = bind('map', args, '*attribute', '*default');
  if (attribute === undefined) throw typeError('map requires a filter argument');
  return iterate(value).map(getter(attribute, fallback));
}

interface Picking {
  /** Whether the first argument names an attribute to test. */
  readonly attribute: boolean;
  readonly wanted: boolean;
}

function picked(value: Internal, args: Arguments, context: Context, how: Picking): Internal[] {
  const { positional, keyword } = args;
  const [name, ...rest] = how.attribute ? positional.slice(1) : positional;
  if (how.attribute && positional.length === 0) throw typeError('missing attribute name');
  const get = how.attribute ? getter(positional[0]) : (item: Internal) => item;
  const inner = { positional: rest, keyword };
  const test = (item: Internal): boolean =>
    name === undefined ? isTrue(get(item)) : context.applyTest(str(name), get(item), inner);
  return iterate(value).filter((item) => test(item) === how.wanted);
}

function grouped(value: Internal, args: Arguments): Internal[] {
  const [attribute, fallback, caseSensitive] = bind(
    'groupby',
    args,
    'attribute',
    'default',
    'case_sensitive',
  );
  const get = getter(attribute, fallback);
  const fold = flagOf(caseSensitive) ? (key: Internal) => key : folded;
  const groups: { readonly key: Internal; readonly items: Internal[] }[] = [];
  for (const item of sortedBy(iterate(value), (one) => fold(get(one)), false)) {
    const last = groups.at(-1);
    if (last !== undefined && equals(fold(last.key), fold(get(item)))) last.items.push(item);
    else groups.push({ key: get(item), items: [item] });
  }
  return groups.map(({ key, items }) => groupPair(key, items));
}

function batches(value: Internal, args: Arguments): Internal[] {
  const [size, fill] = bind('batch', args, 'linecount', 'fill_with');
  const items = iterate(value);
  const width = Math.max(1, integerOf(size, 1));
  const rows: Internal[] = [];
  for (let at = 0; at < items.length; at += width) {
    rows.push(filledUp(items.slice(at, at + width), width, fill));
  }
  return rows;
}

function filledUp(row: Internal[], width: number, fill: Internal | undefined): Internal[] {
  if (fill === undefined || fill === null) return row;
  return [...row, ...Array.from({ length: width - row.length }, () => fill)];
}

function slices(value: Internal, args: Arguments): Internal[] {
  const [count, fill] = bind('slice', args, 'slices', 'fill_with');
  const items = iterate(value);
  const parts = integerOf(count, 1);
  if (parts === 0) throw zeroDivisionError('integer division or modulo by zero');
  const [size, extra] = [Math.floor(items.length / parts), items.length % parts];
  return Array.from({ length: parts }, (_, part) => {
    const start = part * size + Math.min(part, extra);
    const end = start + size + (part < extra ? 1 : 0);
    const row = items.slice(start, end);
    return fill !== undefined && fill !== null && part >= extra ? [...row, fill] : row;
  });
}

function sortedEntries(value: Internal, args: Arguments): Internal[] {
  const [caseSensitive, by = 'key', reverse] = bind(
    'dictsort',
    args,
    'case_sensitive',
    'by',
    'reverse',
  );
  if (by !== 'key' && by !== 'value')
    throw typeError('You can only sort by either "key" or "value"');
  const index = by === 'key' ? 0 : 1;
  const fold = flagOf(caseSensitive) ? (key: Internal) => key : folded;
  return sortedBy(itemsOf(value), (pair) => fold(iterate(pair)[index] ?? null), flagOf(reverse));
}

function itemsOf(value: Internal): Internal[] {
  if (value instanceof Undefined) return [];
  if (!(value instanceof Map)) throw typeError('Can only get item pairs from a mapping.');
  return [...value].map(([key, item]) => tuple(key, item));
}
