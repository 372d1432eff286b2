/** A row as the API shows it (rancher.md B1). */
import { accountIdOf, idOf, namesOf } from '../model/ids.ts';
import type { Fields, Json } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import type { Row } from '../store/store.ts';
import { actionUrl, resourceUrl } from './urls.ts';

export async function renderResource(row: Row, call: Call, extra: Fields = {}): Promise<Fields> {
  const type = call.world.types.of(row);
  const { request } = call;
  const names = namesOf(type, request.version);
  const id = idOf(type, row.number, request.version);
  const self = resourceUrl(request, type, id);
  return {
    id,
    type: names.id,
    links: { self, ...childLinks(type, self), ...(await type.links?.(row, call)) },
    actions: actionLinks(type, row, self),
    baseType: names.id,
    ...commonFields(row),
    ...inVersion(type, call, {
      ...schemaFields(type, row),
      ...(await type.view?.(row, call)),
      ...extra,
    }),
  };
}

function commonFields(row: Row): Fields {
  return {
    name: null,
    state: row.state,
    accountId: accountIdOf(row),
    ...dateFields('created', row.created),
    description: null,
    kind: row.type,
    ...dateFields('removed', row.removed),
    ...dateFields('removeTime', row.removed),
    transitioning: row.transitioning,
    transitioningMessage: row.transitioningMessage,
    transitioningProgress: null,
    uuid: row.uuid,
  };
}

/** A date comes twice: ISO without fractions, and milliseconds. */
function dateFields(name: string, timeMs: number | null): Fields {
  const iso = timeMs === null ? null : new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return { [name]: iso, [`${name}TS`]: timeMs };
}

function schemaFields(type: ResourceType, row: Row): Fields {
  const names = Object.entries(type.fields).filter(([, field]) => field.isSecret !== true);
  return Object.fromEntries(names.map(([name]) => [name, row.fields[name] ?? null]));
}

/** /v1 calls a stack an environment, in field names and in ids. */
function inVersion(type: ResourceType, call: Call, fields: Fields): Fields {
  if (call.request.version !== 'v1') return fields;
  const entries = Object.entries(fields).map(([name, value]): [string, Json] => {
    const field = type.fields[name];
    return [field?.v1Name ?? name, inVersionId(field?.reference, value, call)];
  });
  return Object.fromEntries(entries);
}

function inVersionId(reference: string | undefined, value: Json, call: Call): Json {
  const v1 = reference === undefined ? undefined : call.world.types.get(reference).v1;
  return v1 && typeof value === 'string' ? value.replace(/^1[a-z]+/, `1${v1.prefix}`) : value;
}

function childLinks(type: ResourceType, self: string): Fields {
  const names = Object.keys(type.children ?? {});
  return Object.fromEntries(names.map((name) => [name, `${self}/${name}`.toLowerCase()]));
}

function actionLinks(type: ResourceType, row: Row, self: string): Fields {
  return Object.fromEntries(allowedActions(type, row).map((name) => [name, actionUrl(self, name)]));
}

/** The actions the row's state allows. */
function allowedActions(type: ResourceType, row: Row): readonly string[] {
  const moving = Object.entries(type.machine.actions)
    .filter(([, from]) => from[row.state] !== undefined)
    .map(([name]) => name);
  const staying = Object.entries(type.actions ?? {})
    .filter(([, action]) => action.states?.includes(row.state))
    .map(([name]) => name);
  return [...new Set([...moving, ...staying])];
}
