/** How Python writes values: `str()` and `repr()`. */
import { Float, Tuple } from '../../core/values.ts';
import { dateTimeText, timeDeltaText } from './datetime.ts';
import { undefinedError } from './errors.ts';
import {
  Callable,
  DateTime,
  DictView,
  HostObject,
  type Internal,
  PythonSet,
  Range,
  TimeDelta,
  Undefined,
} from './types.ts';

/** `str(value)`. @throws TemplateError for an undefined value. */
export function str(value: Internal): string {
  if (typeof value === 'string') return value;
  if (value instanceof DateTime) return dateTimeText(value);
  if (value instanceof Undefined && value.isLenient) return '';
  if (value instanceof HostObject && value.text !== undefined) return value.text();
  return repr(value);
}

/** `repr(value)`. */
export function repr(value: Internal): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'string':
      return reprString(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return Number.isInteger(value) ? integerText(value) : floatText(value);
    case 'bigint':
      return value.toString();
    default:
      return reprObject(value);
  }
}

function integerText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
}

function reprObject(value: Exclude<Internal, null | string | boolean | number | bigint>): string {
  if (value instanceof Tuple) return reprTuple(value);
  if (Array.isArray(value)) return `[${reprItems(value)}]`;
  if (value instanceof Map) return `{${reprEntries(value)}}`;
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Uint8Array) return reprBytes(value);
  if (value instanceof Date) return dateTimeText(fromDate(value));
  if (value instanceof Undefined && value.isLenient) return 'Undefined';
  if (value instanceof Undefined) throw undefinedError(value);
  return reprSpecial(value);
}

function fromDate(date: Date): DateTime {
  return new DateTime(date.getTime(), date.getUTCMilliseconds() * 1000);
}

function reprSpecial(
  value: Range | DictView | PythonSet | DateTime | TimeDelta | Callable | HostObject,
): string {
  if (value instanceof Range) return reprRange(value);
  if (value instanceof DictView) return `dict_${value.part}([${reprItems(value.items())}])`;
  if (value instanceof PythonSet)
    return value.items.length ? `{${reprItems(value.items)}}` : 'set()';
  if (value instanceof DateTime) return `datetime.datetime(${dateTimeText(value)})`;
  if (value instanceof TimeDelta) return timeDeltaText(value);
  if (value instanceof Callable) return `<${value.typeName} ${value.name}>`;
  return value.text?.() ?? `<${value.typeName}>`;
}

function reprRange({ start, stop, step }: Range): string {
  return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
}

function reprItems(items: readonly Internal[]): string {
  return items.map(repr).join(', ');
}

function reprTuple(items: readonly Internal[]): string {
  return items.length === 1 ? `(${reprItems(items)},)` : `(${reprItems(items)})`;
}

function reprEntries(dict: Map<Internal, Internal>): string {
  return [...dict].map(([key, value]) => `${repr(key)}: ${repr(value)}`).join(', ');
}

/** The shortest text that reads back as the same float, with Python's rules for the exponent. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return exponentText(value);
  const text = String(value);
  if (text.includes('e')) return value.toFixed(20).replace(/0+$/, '');
  return text.includes('.') ? text : `${text}.0`;
}

function exponentText(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const size = exponent.replace(/^[+-]/, '').padStart(2, '0');
  return `${digits}e${exponent.startsWith('-') ? '-' : '+'}${size}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const char of text) {
    if (char === quote) result += `\\${char}`;
    else result += ESCAPES[char] ?? (isPrintable(char) ? char : escapeCode(char));
  }
  return result + quote;
}

function isPrintable(char: string): boolean {
  return char === ' ' || (char >= '!' && char <= '~') || !/[\p{C}\p{Z}]/u.test(char);
}

function escapeCode(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

function reprBytes(bytes: Uint8Array): string {
  let body = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === "'") body += "\\'";
    else if (ESCAPES[char] !== undefined) body += ESCAPES[char];
    else body += byte >= 0x20 && byte < 0x7f ? char : escapeCode(char);
  }
  return `b'${body}'`;
}
