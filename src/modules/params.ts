/**
 * The kinds of parameters that modules share, as playbooks write them. Arguments arrive as `Value`s (dicts are Maps);
 * the schemas turn them into what module code wants. Schemas do not change (`optional` and `describe` make others), so that a
 * thousand parameters share those of the common kinds.
 */
import * as z from 'zod';
import { Float, fromPlain, isDict, toPlain, type Value } from '../core/values.ts';

const TRUE = new Set(['y', 'yes', 'on', '1', 'true', 't', '1.0']);
const FALSE = new Set(['n', 'no', 'off', '0', 'false', 'f', '0.0']);

const BOOLEAN = z.preprocess(booleanOf, z.boolean());

/** A boolean as playbooks write it: `yes`, `on`, `1`, `true`, … in any case. */
export function boolean() {
  return BOOLEAN;
}

function booleanOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  const text = String(value instanceof Float ? value.value : value)
    .trim()
    .toLowerCase();
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : value;
}

const TEXT = z.preprocess(textOf, z.string());

/** Text. Numbers and booleans are taken as Python prints them; lists and dicts are not text. */
export function text() {
  return TEXT;
}

function textOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Float) return `${value.value}.0`;
  return value;
}

/** Text that programs of a host would take for an option if it began with a dash: names of packages, of services. */
export function word() {
  const error = 'what begins with a dash would be an option to the program that gets it';
  return z.preprocess(textOf, z.string().regex(/^(?!-)/, { error }));
}

const INTEGER = z.preprocess(integerOf, z.int());

/** An integer, also written as text. */
export function integer() {
  return INTEGER;
}

function integerOf(value: unknown): unknown {
  if (value instanceof Float) return value.value;
  if (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value)) return Number(value);
  return value;
}

/** An integer that can only be one. */
export function onlyInteger<const Only extends number>(only: Only) {
  return z.preprocess(integerOf, z.literal(only));
}

/** A number with or without a fraction, also written as text. */
export function float() {
  return z.preprocess((value) => {
    if (value instanceof Float) return value.value;
    return typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  }, z.number());
}

/** A path on the host; `~` is expanded there. */
export function path() {
  return text();
}

const FILE_MODE = z.preprocess(modeText, z.string());

/** A file mode: `'0644'`, `u=rw,g=r`, `preserve`; a bare YAML octal such as 0644 arrives as the number 420 and is turned back. */
export function fileMode() {
  return FILE_MODE;
}

function modeText(value: unknown): unknown {
  return typeof value === 'number' ? `0${value.toString(8)}` : value;
}

/** A file mode, or none: undefined or the empty text, which roles pass on from a variable that nobody set. */
export function optionalFileMode() {
  const given = (value: unknown) => (value === '' ? undefined : modeText(value));
  return z.preprocess(given, z.string().optional()).optional();
}

/** A list; a single value counts as a list of one, text is split at commas, as playbooks have it. */
export function list<T extends z.ZodType>(item: T) {
  return z.preprocess(listOf, z.array(item));
}

function listOf(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value.split(',').map((part) => part.trim());
  return value === null || value === undefined || isDict(value) ? value : [value];
}

/** A dict as a plain object with values of one kind. Text in `key=value,…` or JSON form is taken too. */
export function dict<T extends z.ZodType>(item: T) {
  return z.preprocess(dictOf, z.record(z.string(), item));
}

function dictOf(value: unknown): unknown {
  if (isDict(value))
    return Object.fromEntries([...value].map(([key, item]) => [String(key), item]));
  if (typeof value !== 'string') return value;
  const trimmed = value.trim();
  if (trimmed.startsWith('{')) return objectOfJson(trimmed) ?? value;
  const pairs = trimmed.split(/[\s,]+/).map((pair) => pair.split(/=(.*)/s).slice(0, 2));
  return pairs.every((pair) => pair.length === 2) ? Object.fromEntries(pairs) : value;
}

function objectOfJson(text: string): unknown {
  try {
    return dictOf(fromPlain(JSON.parse(text)));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** An object with known keys inside a parameter; dicts arrive as Maps. */
export function object<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess(dictOf, z.strictObject(shape));
}

/** Any value, untouched. */
export function anyValue() {
  return z.custom<Value>(() => true);
}

/** Any value, untouched, that has to be given. */
export function requiredValue() {
  return z.custom<Value>((value) => value !== undefined);
}

/** Any value as JSON-like data. */
export function plain() {
  return z.preprocess((value) => toPlain(value as Value), z.unknown());
}

/** A duration in seconds, as playbooks write them; modules get milliseconds. */
export function seconds() {
  return float()
    .transform((value) => Math.round(value * 1000))
    .meta({ defaultUnit: 'ms' });
}

/** Parameters that own a file on the host: `owner`, `group`, `mode` and their kin, for every module that writes files. */
export const fileAttributes = {
  owner: text().optional().describe('User that owns the file, by name or id.'),
  group: text().optional().describe('Group that owns the file, by name or id.'),
  mode: optionalFileMode().describe(
    "Permissions: octal in quotes ('0644') or symbolic (u=rw,g=r,o=r).",
  ),
  attributes: text()
    .optional()
    .describe('Flags as chattr takes them.')
    .meta({ aliases: ['attr'] }),
  seuser: text().optional().describe('SELinux user.'),
  serole: text().optional().describe('SELinux role.'),
  setype: text().optional().describe('SELinux type.'),
  selevel: text().optional().describe('SELinux level.'),
  unsafe_writes: boolean()
    .default(false)
    .describe('Write in place where the file cannot be replaced by a rename.'),
} satisfies z.ZodRawShape;
