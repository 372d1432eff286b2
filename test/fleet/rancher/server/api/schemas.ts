/** `/schemas`: what the caller may do with each type, in the caller's scope (rancher.md E2). */
import type { Field } from '../model/field.ts';
import { namesOf } from '../model/ids.ts';
import type { Fields, Json } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import { notFound } from './errors.ts';
import { type ApiResponse, ok } from './response.ts';
import { apiRoot, collectionUrl } from './urls.ts';

export function answerSchemas(call: Call): ApiResponse {
  const [, id] = call.request.segments;
  const types = visibleTypes(call);
  if (id === undefined) return ok(schemaCollection(types, call));
  const type = types.find(
    (one) => namesOf(one, call.request.version).id.toLowerCase() === id.toLowerCase(),
  );
  if (type === undefined) throw notFound();
  return ok(schema(type, call));
}

export function visibleTypes(call: Call): readonly ResourceType[] {
  const types = call.world.types.inVersion(call.request.version);
  return types.filter((type) => type.methods[call.scope] !== undefined);
}

function schemaCollection(types: readonly ResourceType[], call: Call): Fields {
  return {
    type: 'collection',
    resourceType: 'schema',
    links: { self: `${apiRoot(call.request)}/schemas` },
    createTypes: {},
    actions: {},
    data: types.map((type) => schema(type, call)),
    sortLinks: {},
    pagination: null,
    sort: null,
    filters: {},
    createDefaults: {},
  };
}

function schema(type: ResourceType, call: Call): Fields {
  const names = namesOf(type, call.request.version);
  const methods = type.methods[call.scope];
  return {
    id: names.id,
    type: 'schema',
    links: {
      self: `${apiRoot(call.request)}/schemas/${names.id}`.toLowerCase(),
      collection: collectionUrl(call.request, type),
    },
    actions: {},
    pluralName: names.plural,
    collectionMethods: methods?.collection.split(' ').filter(Boolean) ?? [],
    resourceMethods: methods?.resource.split(' ').filter(Boolean) ?? [],
    resourceFields: mapValues(type.fields, fieldSchema),
    resourceActions: Object.fromEntries(
      actionNames(type).map((name) => [name, { output: names.id }]),
    ),
    collectionActions: {},
    collectionFields: {},
    collectionFilters: Object.fromEntries(
      (type.filters ?? []).map((name) => [name, { modifiers: ['eq', 'ne'] }]),
    ),
    includeableLinks: [],
  };
}

function actionNames(type: ResourceType): string[] {
  return [...new Set([...Object.keys(type.machine.actions), ...Object.keys(type.actions ?? {})])];
}

function fieldSchema(field: Field): Json {
  const given: Record<string, Json | undefined> = {
    type: field.reference === undefined ? field.type : `reference[${field.reference}]`,
    create: field.create ?? false,
    update: field.update ?? false,
    required: field.required ?? false,
    nullable: field.nullable ?? false,
    unique: field.unique !== undefined,
    default: field.default ?? null,
    min: field.min,
    max: field.max,
    minLength: field.minLength,
    maxLength: field.maxLength,
    options: field.options,
  };
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => Json): Fields {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
