/** Lists: filters, order, pages (rancher.md B1). Works on rendered resources, so that filters see what clients see. */

import { namesOf } from '../model/ids.ts';
import type { Fields, Json } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import { collectionUrl } from './urls.ts';

const defaultLimit = 100;
const highestLimit = 3000;
/** Fields every list can be filtered and sorted by. */
const commonFilters = [
  'id',
  'name',
  'state',
  'uuid',
  'accountId',
  'created',
  'removed',
  'kind',
  'description',
];

export interface Listing {
  readonly type: ResourceType;
  readonly resources: readonly Fields[];
  /** What the list's own link is: differs from the type's collection below a parent. */
  readonly self?: string;
}

export function renderCollection({ type, resources, self }: Listing, call: Call): Fields {
  const url = self ?? collectionUrl(call.request, type);
  const filters = type.isUnpaged === true ? [] : filterNames(type);
  const found = sorted(resources.filter(matches(call.request.query, type)), call, filters);
  const page = pageOf(found, call.request.query);
  return {
    type: 'collection',
    resourceType: namesOf(type, call.request.version).id,
    links: { self: url },
    createTypes: {},
    actions: {},
    data: type.isUnpaged === true ? found : page.data,
    sortLinks: Object.fromEntries(filters.map((name) => [name, `${url}?sort=${name}`])),
    pagination: type.isUnpaged === true ? null : pagination(page, url, call.request.query),
    sort: call.request.query.get('sort'),
    filters: shownFilters(filters, call.request.query),
    createDefaults: {},
  };
}

function filterNames(type: ResourceType): string[] {
  return [...new Set([...commonFilters, ...(type.filters ?? [])])];
}

type Comparison = (actual: Json, wanted: string) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  eq: (actual, wanted) => String(actual) === wanted,
  ne: (actual, wanted) => String(actual) !== wanted,
  lt: (actual, wanted) => order(actual, wanted) < 0,
  lte: (actual, wanted) => order(actual, wanted) <= 0,
  gt: (actual, wanted) => order(actual, wanted) > 0,
  gte: (actual, wanted) => order(actual, wanted) >= 0,
  prefix: (actual, wanted) => String(actual).startsWith(wanted),
  like: (actual, wanted) => likePattern(wanted).test(String(actual)),
  notlike: (actual, wanted) => !likePattern(wanted).test(String(actual)),
  null: (actual) => actual === null,
  notnull: (actual) => actual !== null,
};

/** SQL's LIKE: `%` for any text. */
function likePattern(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*');
  return new RegExp(`^${escaped}$`, 'i');
}

function order(actual: Json, wanted: Json): number {
  if (typeof actual === 'number') return actual - Number(wanted);
  return String(actual) < String(wanted) ? -1 : String(actual) > String(wanted) ? 1 : 0;
}

/** `name=x`, `name_prefix=x` … for the fields the type allows; every other query name is ignored. */
function matches(query: URLSearchParams, type: ResourceType): (resource: Fields) => boolean {
  const filters = [...query].flatMap(([key, wanted]) => {
    const filter = parseFilter(key, type);
    return filter === undefined ? [] : [{ ...filter, wanted }];
  });
  return (resource) =>
    filters.every(({ name, compare, wanted }) => compare(resource[name] ?? null, wanted));
}

function parseFilter(key: string, type: ResourceType) {
  const [, name = key, modifier = 'eq'] = /^(\w+?)_(\w+)$/.exec(key) ?? [];
  const compare = comparisons[modifier];
  const isAllowed = compare !== undefined && filterNames(type).includes(name);
  return isAllowed ? { name, modifier, compare } : undefined;
}

function shownFilters(names: readonly string[], query: URLSearchParams): Fields {
  const values = (name: string): Json => {
    const given = [...query].filter(([key]) => key === name || key.startsWith(`${name}_`));
    if (given.length === 0) return null;
    return given.map(([key, value]) => ({ modifier: key.slice(name.length + 1) || 'eq', value }));
  };
  return Object.fromEntries(names.map((name) => [name, values(name)]));
}

function sorted(resources: readonly Fields[], call: Call, names: readonly string[]) {
  const by = call.request.query.get('sort');
  const direction = call.request.query.get('order') === 'desc' ? -1 : 1;
  if (by === null || !names.includes(by))
    return direction === 1 ? resources : resources.toReversed();
  const compare = (a: Fields, b: Fields) => direction * order(a[by] ?? null, b[by] ?? null);
  return resources.toSorted(compare);
}

interface Page {
  readonly data: readonly Fields[];
  readonly limit: number;
  readonly start: number;
  readonly total: number;
}

/** A marker is the position a page starts at, spelled `m<number>`. */
function pageOf(resources: readonly Fields[], query: URLSearchParams): Page {
  const asked = Number(query.get('limit') ?? defaultLimit);
  const limit = Math.min(asked > 0 ? asked : defaultLimit, highestLimit);
  const start = Number(/^m(\d+)$/.exec(query.get('marker') ?? '')?.[1] ?? 0);
  return { data: resources.slice(start, start + limit), limit, start, total: resources.length };
}

function pagination(
  { data, limit, start, total }: Page,
  url: string,
  query: URLSearchParams,
): Fields {
  const at = (marker: number | undefined) => {
    const copy = new URLSearchParams(query);
    if (marker === undefined) copy.delete('marker');
    else copy.set('marker', `m${marker}`);
    return `${url}?${copy}`;
  };
  const end = start + data.length;
  return {
    first: start > 0 ? at(undefined) : null,
    previous: start > 0 ? at(Math.max(0, start - limit)) : null,
    next: end < total ? at(end) : null,
    limit,
    total: end < total || start > 0 ? total : null,
    partial: end < total,
  };
}
