/** What a task may give to each module, as editors need it: complete names and kinds, lenient where playbooks are. */
import { type ParameterSchema, parametersSchema } from '../../modules/documentation.ts';
import type { Module } from '../../modules/module.ts';
import { parametersOf } from '../../modules/parameters.ts';
import { namesOf } from '../../modules/registry.ts';
import { type JsonSchema, piece } from './pieces.ts';

/** Definitions by name (`module_copy`), and the task keys that refer to them. */
export interface ModuleSchemas {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

export function moduleSchemas(modules: readonly Module[]): ModuleSchemas {
  const definitions = modules.map(
    (module) => [definitionName(module), moduleSchema(module)] as const,
  );
  const properties = modules.flatMap((module) =>
    [...namesOf(module)].map((name) => [name, piece(definitionName(module))] as const),
  );
  return {
    definitions: Object.fromEntries(definitions),
    properties: Object.fromEntries(properties),
  };
}

function definitionName({ name }: Module): string {
  return `module_${name}`;
}

/** `key=value` words, or a template that gives a dict. A word alone is the beginning of a dict that is being typed. */
const SHORT_FORM: readonly JsonSchema[] = [{ type: 'string', pattern: '=|\\{\\{' }];

/** A dict of arguments, the short form, or nothing. What is missing is for `drover lint`: `args` or defaults may give it. */
function moduleSchema(module: Module): JsonSchema {
  const { properties = {} } = parametersSchema(module);
  const { open } = parametersOf(module);
  const own = Object.entries(properties).flatMap(([name, schema]) =>
    parameterSchemas(name, schema),
  );
  return {
    description: module.summary,
    anyOf: [
      { type: 'object', properties: Object.fromEntries(own), additionalProperties: open },
      ...(module.freeForm === undefined
        ? SHORT_FORM
        : [{ type: ['string', 'array', 'number', 'boolean'] }]),
      { type: 'null' },
    ],
  };
}

/** A parameter under its name and its aliases. */
function parameterSchemas(name: string, schema: ParameterSchema): [string, JsonSchema][] {
  const { aliases = [] } = schema;
  const lenient = leniently(schema);
  return [
    [name, lenient],
    ...aliases.map((alias): [string, JsonSchema] => [
      alias,
      { ...lenient, description: `The same as ${name}. ${schema.description ?? ''}`.trim() },
    ]),
  ];
}

/** As the module takes it: a template in place of any value, `yes` for true, a single item for a list. */
function leniently(schema: ParameterSchema): JsonSchema {
  const { description, default: fallback } = schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...valueSchema(schema),
  };
}

function valueSchema(schema: ParameterSchema): JsonSchema {
  const { type, anyOf, items = {}, additionalProperties } = schema;
  if (anyOf !== undefined) return { anyOf: [...anyOf.map(valueSchema), piece('template')] };
  if (schema.enum !== undefined) return { anyOf: [{ enum: schema.enum }, piece('template')] };
  switch (type) {
    case 'boolean':
    case 'integer':
    case 'number':
      return { anyOf: [piece(type), { type: 'null' }] };
    case 'string':
      return { type: ['string', 'number', 'boolean', 'null'] };
    case 'array':
      return { anyOf: [{ type: 'array', items: itemSchema(items) }, ...oneItem(items)] };
    case 'object':
      return { anyOf: [dictSchema(schema, additionalProperties), { type: ['string', 'null'] }] };
    default:
      return {};
  }
}

/** Items may be lists themselves: templates and nested lists are flattened. */
function itemSchema(items: ParameterSchema): JsonSchema {
  return items.type === 'string' ? {} : leniently(items);
}

function oneItem(items: ParameterSchema): JsonSchema[] {
  return [
    { type: ['string', 'number', 'boolean', 'null'] },
    ...(items.type === 'object' ? [leniently(items)] : []),
  ];
}

function dictSchema(
  { properties }: ParameterSchema,
  additionalProperties: ParameterSchema['additionalProperties'],
): JsonSchema {
  if (properties === undefined) return { type: 'object' };
  const own = Object.entries(properties).flatMap(([name, schema]) =>
    parameterSchemas(name, schema),
  );
  const isClosed = additionalProperties === false;
  return { type: 'object', properties: Object.fromEntries(own), additionalProperties: !isClosed };
}
