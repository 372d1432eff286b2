/** The generic handlers: list, show, create, update, remove, act. */
import { randomUUID } from 'node:crypto';
import { numberOf } from '../model/ids.ts';
import type { Fields, Json } from '../model/json.ts';
import type { Call, Creation, Methods, ResourceType } from '../model/resourceType.ts';
import type { NewRow, Row } from '../store/store.ts';
import { performAction } from './actions.ts';
import { renderCollection } from './collection.ts';
import { methodNotAllowed, notFound } from './errors.ts';
import { checkReferences, checkUnique } from './references.ts';
import { renderResource } from './render.ts';
import { type ApiResponse, ok } from './response.ts';
import { validated } from './validate.ts';

/** Answers `/<plural>`, `/<plural>/<id>` and `/<plural>/<id>/<child>`. */
export async function answerType(type: ResourceType, call: Call): Promise<ApiResponse> {
  const methods = type.methods[call.scope];
  if (methods === undefined) throw notFound();
  const [, id, child] = call.request.segments;
  if (id === undefined) return answerCollection(type, methods, call);
  const row = await findRow(type, id, call);
  return child === undefined
    ? answerResource(type, row, methods, call)
    : ok(await listChildren(type, row, child, call));
}

async function answerCollection(type: ResourceType, { collection }: Methods, call: Call) {
  const { method } = call.request;
  if (!allows(collection, method)) throw methodNotAllowed();
  if (method === 'GET') return ok(await listRows(type, call));
  if (method === 'POST') return { status: 201, body: await create(type, call) };
  throw methodNotAllowed();
}

async function answerResource(type: ResourceType, row: Row, { resource }: Methods, call: Call) {
  const { method, query } = call.request;
  const action = query.get('action');
  if (method === 'POST' && action !== null) return performAction(type, row, action, call);
  if (!allows(resource, method)) throw methodNotAllowed();
  switch (method) {
    case 'GET':
      return ok(await renderResource(row, call));
    case 'PUT':
      return ok(await update(type, row, call));
    case 'DELETE':
      return ok(await remove(type, row, call));
    default:
      throw methodNotAllowed();
  }
}

function allows(methods: string, method: string): boolean {
  return methods.split(' ').includes(method);
}

/** @throws ApiError 404 for an id that is not of this type or not the caller's. */
async function findRow(type: ResourceType, id: string, call: Call): Promise<Row> {
  const number = numberOf(type, id);
  if (number === undefined) throw notFound();
  const row = await call.world.store.get({ table: type.table, number });
  if (row === undefined || row.type !== type.id || !isVisible(type, row, call)) throw notFound();
  return row;
}

function isVisible(type: ResourceType, row: Row, call: Call): boolean {
  if (type.isVisible !== undefined) return type.isVisible(row, call);
  return call.scope === 'admin' || row.accountId === null || row.accountId === call.accountId;
}

async function listRows(type: ResourceType, call: Call): Promise<Fields> {
  const rows = await call.world.store.list(type.table);
  const shown = rows.filter((row) => row.type === type.id && isVisible(type, row, call));
  return listing(type, shown, call);
}

async function listing(type: ResourceType, rows: readonly Row[], call: Call, self?: string) {
  const shown = rows.filter((row) => row.removed === null || wantsRemoved(call));
  const resources = await Promise.all(shown.map((row) => renderResource(row, call)));
  return renderCollection({ type, resources, ...(self === undefined ? {} : { self }) }, call);
}

/** Removed rows are hidden unless the query asks for them, by `_removed` or by a filter on `removed`. */
function wantsRemoved({ request }: Call): boolean {
  return [...request.query.keys()].some((key) => key === '_removed' || key.startsWith('removed_'));
}

async function listChildren(type: ResourceType, parent: Row, name: string, call: Call) {
  const child = Object.entries(type.children ?? {}).find(
    ([key]) => key.toLowerCase() === name.toLowerCase(),
  )?.[1];
  if (child === undefined) throw notFound();
  const childType = call.world.types.get(child.type);
  const rows = await call.world.store.list(childType.table);
  const own = rows.filter((row) => row.type === childType.id && child.owns(parent, row));
  const { baseUrl, version, segments } = call.request;
  return listing(childType, own, call, `${baseUrl}/${version}/${segments.join('/')}`);
}

async function create(type: ResourceType, call: Call): Promise<Fields> {
  const input = validated(type.fields, fromVersion(type, call), 'create');
  await checkReferences(type, input, call);
  await checkUnique(type, input, call);
  const { row, shownOnce } = await createRow(type, input, call);
  return renderResource(row, call, shownOnce);
}

/** Makes a row of a validated input, as a POST does. */
export async function createRow(type: ResourceType, input: Fields, call: Call) {
  const made: Creation = (await type.prepare?.(input, call)) ?? {};
  const row = await call.world.lifecycle.create(
    newRow(type, { ...input, ...made.fields }, made, call),
  );
  return { row, shownOnce: made.shownOnce };
}

function newRow(type: ResourceType, fields: Fields, made: Creation, call: Call): NewRow {
  return {
    table: type.table,
    type: type.id,
    uuid: randomUUID(),
    accountId: made.accountId === undefined ? call.accountId : made.accountId,
    state: made.state ?? type.machine.initial,
    transitioning: 'no',
    transitioningMessage: null,
    created: call.world.clock.now(),
    removed: null,
    fields,
    hidden: made.hidden ?? {},
  };
}

async function update(type: ResourceType, row: Row, call: Call): Promise<Fields> {
  const input = validated(type.fields, fromVersion(type, call), 'update');
  await checkReferences(type, input, call);
  await checkUnique(type, input, call, row);
  const change = (await type.prepareUpdate?.(row, input, call)) ?? {};
  const fields = { ...input, ...change.fields };
  const whole = { ...change, fields };
  const { lifecycle } = call.world;
  const next = type.machine.actions['update']?.[row.state];
  const updated =
    next === undefined
      ? await lifecycle.patch(row, whole)
      : await lifecycle.enter(row, next, whole);
  return renderResource(updated, call);
}

/** @throws ApiError 405 in a state that does not allow it. */
async function remove(type: ResourceType, row: Row, call: Call): Promise<Fields> {
  const next = type.machine.actions['remove']?.[row.state];
  if (next === undefined) throw methodNotAllowed();
  await type.beforeRemove?.(row, call);
  return renderResource(await call.world.lifecycle.enter(row, next), call);
}

/** The input with /v1's names of fields turned into ours. */
function fromVersion(type: ResourceType, call: Call): Fields {
  const given: Record<string, Json> = { ...call.request.input() };
  for (const [name, { v1Name }] of Object.entries(type.fields)) {
    const value = v1Name === undefined ? undefined : given[v1Name];
    if (value !== undefined) given[name] ??= value;
  }
  return given;
}
