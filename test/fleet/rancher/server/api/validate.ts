/** Checks an input against a schema's fields and completes it with defaults (rancher.md B2). */
import type { Field, FieldSet } from '../model/field.ts';
import type { Fields, Json } from '../model/json.ts';
import { invalid } from './errors.ts';

export type Purpose = 'create' | 'update' | 'action';

/**
 * The values a client may set, of the right kind, with defaults where it creates. Names the schema does not know, or
 * that only the server sets, are dropped silently, as the real API does.
 * @throws ApiError 422 with the code and the field
 */
export function validated(fields: FieldSet, input: Fields, purpose: Purpose): Fields {
  const entries = Object.entries(fields)
    .filter(([, field]) => isSettable(field, purpose))
    .map(([name, field]) => [name, fieldValue(name, field, input[name], purpose)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Fields;
}

function isSettable(field: Field, purpose: Purpose): boolean {
  return purpose === 'action' || field[purpose] === true;
}

function fieldValue(name: string, field: Field, given: Json | undefined, purpose: Purpose) {
  const value = given === undefined && purpose !== 'update' ? field.default : given;
  if (value === undefined || value === null) return absent(name, field, value, purpose);
  const typed = converted(name, field, value);
  checkText(name, field, typed);
  checkNumber(name, field, typed);
  return typed;
}

function absent(name: string, field: Field, value: null | undefined, purpose: Purpose) {
  const isMissing = field.required === true && (purpose !== 'update' || value === null);
  if (isMissing) throw invalid('MissingRequired', name, field.missingMessage);
  if (value === null && field.nullable !== true) throw invalid('NotNullable', name);
  return value;
}

function converted(name: string, field: Field, value: Json): Json {
  switch (field.type) {
    case 'string':
    case 'date':
      return asString(name, value);
    case 'int':
      return asInteger(name, value);
    case 'boolean':
      return value === true || value === 'true';
    case 'array':
      return asArray(name, field, value);
    case 'object':
      return asObject(name, field, value);
    case 'map':
      if (typeof value !== 'object' || Array.isArray(value)) throw invalid('InvalidFormat', name);
      return value;
    case 'json':
      return value;
    default:
      return field.type satisfies never;
  }
}

function asString(name: string, value: Json): string {
  if (typeof value === 'object') throw invalid('InvalidFormat', name);
  return String(value);
}

function asInteger(name: string, value: Json): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw invalid('InvalidFormat', name);
  return number;
}

function asArray(name: string, field: Field, value: Json): Json {
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  if (field.ports === true) items.forEach(checkPort);
  const inner = field.fields;
  return inner === undefined ? items : items.map((item) => asObject(name, field, item));
}

/** Knows its own fields and lets the others through: launch configs have a hundred. */
function asObject(name: string, field: Field, value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('InvalidFormat', name);
  }
  const fields = value as Fields;
  return field.fields === undefined
    ? fields
    : { ...fields, ...validated(field.fields, fields, 'action') };
}

const portText = /^(?:(?:\d{1,3}(?:\.\d{1,3}){3}:)?\d{0,5}:)?\d{1,5}(?:\/(?:tcp|udp))?$/;

function checkPort(port: Json): void {
  if (!portText.test(String(port))) throw invalid('PortWrongFormat', 'ports');
}

function checkText(name: string, field: Field, value: Json): void {
  if (typeof value !== 'string') return;
  if (value.length < (field.minLength ?? 0)) throw invalid('MinLengthExceeded', name);
  if (value.length > (field.maxLength ?? Infinity)) throw invalid('MaxLengthExceeded', name);
  if (field.chars === 'dns' && !isDnsLabel(value)) throw invalid('InvalidCharacters', name);
  if (field.options && !field.options.includes(value)) throw invalid('InvalidOption', name);
}

function isDnsLabel(text: string): boolean {
  return /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(text);
}

function checkNumber(name: string, field: Field, value: Json): void {
  if (typeof value !== 'number') return;
  if (value < (field.min ?? -Infinity)) throw invalid('MinLimitExceeded', name);
  if (value > (field.max ?? Infinity)) throw invalid('MaxLimitExceeded', name);
}
