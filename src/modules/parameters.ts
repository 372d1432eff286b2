/** What a module's schema says about its parameters, for validation, documentation and editors. */
import * as z from 'zod';
import type { Module } from './module.ts';

export interface Parameter {
  readonly name: string;
  /** Other spellings, from `.meta({ aliases })`. */
  readonly aliases: readonly string[];
  readonly required: boolean;
  /** Marked by `.meta({ secret: true })`: what it holds is blanked in everything a run prints. */
  readonly isSecret: boolean;
  readonly description: string | undefined;
  readonly schema: z.core.$ZodType;
}

export interface Parameters {
  readonly byName: ReadonlyMap<string, Parameter>;
  /** Canonical names by name and alias. */
  readonly canonical: ReadonlyMap<string, string>;
  /** Whether any other name is taken too (`set_fact`, `add_host`). */
  readonly open: boolean;
}

const cache = new WeakMap<z.ZodType, Parameters>();

/** The parameters of a module; the same object each time. */
export function parametersOf(module: Module): Parameters {
  const known = cache.get(module.params);
  if (known !== undefined) return known;
  const parameters = readParameters(module);
  cache.set(module.params, parameters);
  return parameters;
}

function readParameters(module: Module): Parameters {
  const { shape, def } = objectSchema(module);
  const list = Object.entries(shape).map(([name, schema]) => parameterOf(name, schema));
  const canonical = new Map(list.map(({ name }) => [name, name]));
  for (const { name, aliases } of list) for (const alias of aliases) canonical.set(alias, name);
  if (module.freeForm !== undefined) canonical.set('_raw_params', module.freeForm);
  const open = def.catchall !== undefined && def.catchall._zod.def.type !== 'never';
  return { byName: new Map(list.map((entry) => [entry.name, entry])), canonical, open };
}

/** The object behind refinements and transformations of the whole. */
function objectSchema(module: Module): z.ZodObject {
  let schema: z.core.$ZodType = module.params;
  while (schema instanceof z.ZodPipe) schema = schema.in;
  if (schema instanceof z.ZodObject) return schema;
  throw new Error(`the parameters of module ${module.name} are not an object schema`);
}

function parameterOf(name: string, schema: z.core.$ZodType): Parameter {
  const { description, aliases, secret } = metadataOf(schema);
  return {
    name,
    aliases: Array.isArray(aliases) ? aliases.map(String) : [],
    isSecret: secret === true,
    required: !z.safeParse(schema, undefined).success,
    description: typeof description === 'string' ? description : undefined,
    schema,
  };
}

/** Metadata of a schema or, where it has none itself, of what its `optional` or `default` wraps. */
function metadataOf(schema: z.core.$ZodType): Readonly<Record<string, unknown>> {
  const own = z.globalRegistry.get(schema) ?? {};
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable;
  return isWrapped ? { ...metadataOf(schema.unwrap()), ...own } : own;
}
