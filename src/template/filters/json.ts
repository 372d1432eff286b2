/** JSON as Python's `json.dumps` writes it. */
import { Float } from '../../core/values.ts';
import { dateTimeText } from '../python/datetime.ts';
import { compare } from '../python/equality.ts';
import { defined, typeError } from '../python/errors.ts';
import { iterate } from '../python/sequence.ts';
import { floatText, repr, str } from '../python/text.ts';
import { DateTime, DictView, type Internal, PythonSet, Range, typeName } from '../python/types.ts';

export interface JsonOptions {
  readonly indent?: number | string | undefined;
  readonly sortKeys?: boolean;
  /** Default true: everything beyond ASCII becomes `\uXXXX`. */
  readonly ensureAscii?: boolean;
  readonly separators?: readonly [string, string] | undefined;
}

/** @throws TemplateError for a value that JSON has no form for. */
export function pythonJson(value: Internal, options: JsonOptions = {}): string {
  const { indent } = options;
  const step = typeof indent === 'number' ? ' '.repeat(Math.max(0, indent)) : indent;
  const [item, key] = options.separators ?? [step === undefined ? ', ' : ',', ': '];
  const writer: Writer = {
    step,
    item,
    key,
    sortKeys: options.sortKeys ?? false,
    ensureAscii: options.ensureAscii ?? true,
  };
  return write(value, writer, step === undefined ? '' : '\n');
}

interface Writer {
  readonly step: string | undefined;
  readonly item: string;
  readonly key: string;
  readonly sortKeys: boolean;
  readonly ensureAscii: boolean;
}

function write(value: Internal, writer: Writer, margin: string): string {
  const given = defined(value);
  if (given === null) return 'null';
  if (typeof given === 'string') return quoted(given, writer.ensureAscii);
  if (typeof given === 'boolean') return given ? 'true' : 'false';
  if (typeof given === 'number' || given instanceof Float) return numberText(given);
  if (typeof given === 'bigint') return given.toString();
  if (given instanceof Map) return writeDict(given, writer, margin);
  const isSequence =
    Array.isArray(given) ||
    given instanceof Range ||
    given instanceof DictView ||
    given instanceof PythonSet;
  if (isSequence) return writeList(iterate(given), writer, margin);
  if (given instanceof DateTime) return quoted(dateTimeText(given, 'T'), true);
  if (given instanceof Date || given instanceof Uint8Array) return quoted(plainText(given), true);
  throw typeError(`Object of type ${typeName(given)} is not JSON serializable`);
}

function plainText(value: Date | Uint8Array): string {
  return value instanceof Date ? str(value) : Buffer.from(value).toString('utf8');
}

function numberText(value: number | Float): string {
  const size = Number(value);
  if (Number.isNaN(size)) return 'NaN';
  if (!Number.isFinite(size)) return size > 0 ? 'Infinity' : '-Infinity';
  return value instanceof Float || !Number.isInteger(size) ? floatText(size) : repr(size);
}

function writeList(items: readonly Internal[], writer: Writer, margin: string): string {
  if (items.length === 0) return '[]';
  const inner = margin + (writer.step ?? '');
  return `[${inner}${items.map((item) => write(item, writer, inner)).join(writer.item + inner)}${margin}]`;
}

function writeDict(dict: Map<Internal, Internal>, writer: Writer, margin: string): string {
  if (dict.size === 0) return '{}';
  const inner = margin + (writer.step ?? '');
  const entries = [...dict];
  if (writer.sortKeys) entries.sort(([a], [b]) => compare(a, b));
  const lines = entries.map(
    ([key, item]) =>
      `${quoted(keyText(key), writer.ensureAscii)}${writer.key}${write(item, writer, inner)}`,
  );
  return `{${inner}${lines.join(writer.item + inner)}${margin}}`;
}

function keyText(key: Internal): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  if (typeof key === 'number' || key instanceof Float) return numberText(key);
  if (typeof key === 'bigint') return key.toString();
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function quoted(text: string, ensureAscii: boolean): string {
  const json = JSON.stringify(text);
  return ensureAscii ? json.replace(/[\u0080-\uffff]/g, escapeUnit) : json;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
