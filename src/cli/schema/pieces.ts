/** JSON Schema (draft 7) of values as playbooks write them: nearly each may be a template instead. */

export interface JsonSchema {
  readonly [key: string]: unknown;
}

/** Definitions that every schema about plays and tasks shares, by name. */
export const PIECES = {
  template: {
    type: 'string',
    pattern: '\\{[{%]',
    description: 'A template, evaluated for each host.',
  },
  boolean: {
    anyOf: [
      { type: 'boolean' },
      { enum: ['yes', 'no', 'on', 'off', 'true', 'false', 'Yes', 'No', 'True', 'False', 0, 1] },
      { $ref: '#/definitions/template' },
    ],
  },
  integer: {
    anyOf: [
      { type: 'integer' },
      { type: 'string', pattern: '^\\s*[-+]?\\d+\\s*$' },
      { $ref: '#/definitions/template' },
    ],
  },
  number: {
    anyOf: [
      { type: 'number' },
      { type: 'string', pattern: '^\\s*[-+]?[\\d.]+\\s*$' },
      { $ref: '#/definitions/template' },
    ],
  },
  text: { type: ['string', 'number', 'boolean'] },
  texts: {
    anyOf: [
      { $ref: '#/definitions/text' },
      { type: 'array', items: { $ref: '#/definitions/text' } },
    ],
  },
  /** A bare expression, or several that must all hold. */
  conditions: {
    anyOf: [
      { $ref: '#/definitions/condition' },
      { type: 'array', items: { $ref: '#/definitions/condition' } },
    ],
  },
  condition: { type: ['string', 'boolean', 'number'] },
  variables: {
    type: ['object', 'null'],
    propertyNames: { pattern: '^[A-Za-z_]\\w*$' },
  },
  any: {},
} as const satisfies Readonly<Record<string, JsonSchema>>;

export type Piece = keyof typeof PIECES;

/** @param more e.g. a description; beside a `$ref` draft 7 would not see it. */
export function piece(name: Piece | string, more: JsonSchema = {}): JsonSchema {
  const reference = { $ref: `#/definitions/${name}` };
  return Object.keys(more).length === 0 ? reference : { ...more, allOf: [reference] };
}
