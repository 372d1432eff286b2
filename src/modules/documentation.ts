/** What a module's definition tells its users: names, parameters with their kinds, results. Made from the schema, for `drover doc`, the pages and editors. */
import * as z from 'zod';
import type { Module } from './module.ts';
import { parametersOf } from './parameters.ts';
import { fullName, namesOf } from './registry.ts';

export interface ParameterDoc {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly isRequired: boolean;
  /** In playbook authors' words: `text`, `list of integer`, `dict`. */
  readonly type: string;
  readonly choices: readonly string[];
  /** As one would write it; undefined when there is none. */
  readonly default: unknown;
  readonly description: string;
  /** The keys of a dict, or of the dicts of a list. */
  readonly suboptions: readonly ParameterDoc[];
}

export interface ModuleDoc {
  readonly name: string;
  readonly fullName: string;
  /** Every other name that playbooks may use. */
  readonly otherNames: readonly string[];
  readonly summary: string;
  readonly description: string | undefined;
  /** What `--check` does. */
  readonly checkMode: string;
  /** The parameter that takes the text of `module: text`. */
  readonly freeForm: string | undefined;
  readonly parameters: readonly ParameterDoc[];
  /** Any other name is taken too. */
  readonly isOpen: boolean;
  readonly examples: readonly string[];
  readonly returns: Readonly<Record<string, string>>;
}

/** The parts of JSON Schema that schemas of parameters come to. */
export interface ParameterSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly aliases?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly ParameterSchema[];
  readonly items?: ParameterSchema;
  readonly properties?: Readonly<Record<string, ParameterSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | ParameterSchema;
}

export function moduleDoc(module: Module): ModuleDoc {
  const own = fullName(module);
  const { properties = {} } = parametersSchema(module);
  const { byName, open } = parametersOf(module);
  return {
    name: module.name,
    fullName: own,
    otherNames: [...namesOf(module)].filter((name) => name !== module.name && name !== own),
    summary: module.summary,
    description: module.description,
    checkMode: checkModeText(module),
    freeForm: module.freeForm,
    parameters: [...byName.values()].map(({ name, required }) =>
      parameterDoc(name, properties[name] ?? {}, required),
    ),
    isOpen: open,
    examples: module.examples,
    returns: module.returns ?? {},
  };
}

/** JSON Schema (draft 7) of a module's parameters, as authors write them. */
export function parametersSchema(module: Module): ParameterSchema {
  return z.toJSONSchema(module.params, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodDefault) jsonSchema.default = writtenDefault(zodSchema);
      Reflect.deleteProperty(jsonSchema, 'defaultUnit');
      dropSafeIntegerBounds(jsonSchema);
    },
  }) as ParameterSchema;
}

/** A default as authors would write it: a duration in seconds, which modules get in milliseconds. */
function writtenDefault({ def }: z.ZodDefault): unknown {
  const { defaultValue, innerType } = def;
  const isMs = z.globalRegistry.get(innerType)?.['defaultUnit'] === 'ms';
  return isMs && typeof defaultValue === 'number' ? defaultValue / 1000 : defaultValue;
}

/** That an integer fits JavaScript's numbers is no news to an author. */
function dropSafeIntegerBounds(schema: Record<string, unknown>): void {
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) Reflect.deleteProperty(schema, 'maximum');
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) Reflect.deleteProperty(schema, 'minimum');
}

function checkModeText(module: Module): string {
  if (module.kind === 'resource') return 'predicts every change, with its diff';
  switch (module.checkMode) {
    case 'run':
      return 'runs all the same, as it changes nothing';
    case 'skip':
      return 'is skipped';
    case 'predict':
      return 'predicts what it can';
    default:
      return module.checkMode satisfies never;
  }
}

function parameterDoc(name: string, schema: ParameterSchema, isRequired: boolean): ParameterDoc {
  const { default: value } = schema;
  return {
    name,
    aliases: schema.aliases ?? [],
    isRequired,
    type: typeText(schema),
    choices: choicesOf(schema).map(String),
    default: isEmpty(value) ? undefined : value,
    description: schema.description ?? '',
    suboptions: suboptionsOf(schema),
  };
}

/** A default that says no more than that there is none. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

function typeText(schema: ParameterSchema): string {
  const { type, anyOf, items, additionalProperties } = schema;
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeText))].join(' or ');
  if (type === 'array') return items === undefined ? 'list' : `list of ${typeText(items)}`;
  if (type === 'object') {
    const isOfKind = typeof additionalProperties === 'object' && schema.properties === undefined;
    const inner = isOfKind ? typeText(additionalProperties) : 'any value';
    return inner === 'any value' ? 'dict' : `dict of ${inner}`;
  }
  if (typeof type === 'string') return TYPE_NAMES[type] ?? type;
  return choicesOf(schema).length > 0 ? 'text' : 'any value';
}

function choicesOf({
  enum: choices,
  const: only,
  anyOf,
  items,
}: ParameterSchema): readonly unknown[] {
  if (choices !== undefined) return choices;
  if (only !== undefined) return [only];
  if (items !== undefined) return choicesOf(items);
  return [...new Set((anyOf ?? []).flatMap(choicesOf))];
}

function suboptionsOf(schema: ParameterSchema): readonly ParameterDoc[] {
  const { properties, items, anyOf = [], required = [] } = schema;
  if (properties !== undefined) {
    return Object.entries(properties).map(([name, inner]) =>
      parameterDoc(name, inner, required.includes(name) && inner.default === undefined),
    );
  }
  if (items !== undefined) return suboptionsOf(items);
  return anyOf.map(suboptionsOf).find((options) => options.length > 0) ?? [];
}
