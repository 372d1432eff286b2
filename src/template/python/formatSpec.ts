/** Python's format specification (`>8`, `05.2f`, `,d`, `x`, `%`) and the number texts that `%` shares with it. */
import { Float } from '../../core/values.ts';
import { valueError } from './errors.ts';
import { textLength } from './sequence.ts';
import { str } from './text.ts';
import { DateTime, type Internal, isNumber, typeName } from './types.ts';

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly isAlternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC =
  /^(?:(.)?([<>=^]))?([+\- ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;

/** `format(value, specification)`. */
export function formatValue(value: Internal, specification: string): string {
  if (specification === '') return str(value);
  if (value instanceof DateTime) return str(value);
  const spec = parseSpec(specification, typeName(value));
  if (isNumber(value) && spec.type !== 's') return formatNumber(value, spec);
  return formatText(value, spec);
}

function parseSpec(text: string, type: string): Spec {
  const match = SPEC.exec(text);
  if (match === null)
    throw valueError(`Invalid format specifier '${text}' for object of type '${type}'`);
  const [, fill, align, sign = '-', , alternate, zero, width, grouping = '', precision, kind = ''] =
    match;
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? (zero === undefined ? '' : '='),
    sign,
    isAlternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type: kind,
  };
}

function formatText(value: Internal, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's') {
    throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName(value)}'`);
  }
  const text =
    spec.precision === undefined ? str(value) : [...str(value)].slice(0, spec.precision).join('');
  return padded(
    text,
    spec.width,
    spec.fill,
    spec.align === '=' || spec.align === '' ? '<' : spec.align,
  );
}

export function padded(text: string, width: number, fill: string, align: string): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  if (align === '<') return text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + text;
  const left = Math.floor(missing / 2);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function formatNumber(value: number | bigint | Float | boolean, spec: Spec): string {
  const { isNegative, prefix, digits } = numberParts(value, spec);
  const sign = isNegative ? '-' : spec.sign === '-' ? '' : spec.sign;
  const grouped = grouping(digits, spec);
  if (spec.align !== '=') {
    return padded(sign + prefix + grouped, spec.width, spec.fill, spec.align || '>');
  }
  const room = spec.width - sign.length - prefix.length;
  return sign + prefix + padded(grouped, room, spec.fill, '>');
}

interface Parts {
  readonly isNegative: boolean;
  readonly prefix: string;
  readonly digits: string;
}

function numberParts(value: number | bigint | Float | boolean, spec: Spec): Parts {
  const isWhole =
    typeof value === 'bigint' || typeof value === 'boolean' || Number.isInteger(value);
  if (isWhole && 'bcdoxXn'.includes(spec.type || 'd')) {
    return wholeParts(BigInt(value instanceof Float ? value.value : value), spec);
  }
  if ('bcdoxX'.includes(spec.type || '?')) {
    throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName(value)}'`);
  }
  const number = value instanceof Float ? value.value : Number(value);
  const isNegative = number < 0 || Object.is(number, -0);
  return { isNegative, prefix: '', digits: floatDigits(Math.abs(number), spec) };
}

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };

function wholeParts(value: bigint, spec: Spec): Parts {
  if (spec.type === 'c') {
    return { isNegative: false, prefix: '', digits: String.fromCodePoint(Number(value)) };
  }
  const size = value < 0n ? -value : value;
  const text = size.toString(RADIX[spec.type] ?? 10);
  const prefix = spec.isAlternate && RADIX[spec.type] !== undefined ? `0${spec.type}` : '';
  return { isNegative: value < 0n, prefix, digits: spec.type === 'X' ? text.toUpperCase() : text };
}

function floatDigits(value: number, spec: Spec): string {
  const upper = spec.type === 'E' || spec.type === 'F' || spec.type === 'G';
  const text = floatForm(value, spec.type.toLowerCase(), spec.precision, spec.isAlternate);
  return upper ? text.toUpperCase() : text;
}

/** A non-negative float in the forms `e`, `f`, `g`, `%` or none. */
export function floatForm(
  value: number,
  type: string,
  precision: number | undefined,
  isAlternate = false,
): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : 'inf';
  switch (type) {
    case 'f':
      return fixed(value, precision ?? 6);
    case '%':
      return `${fixed(value * 100, precision ?? 6)}%`;
    case 'e':
      return exponential(value, precision ?? 6);
    case 'g':
    case 'n':
      return general(value, precision ?? 6, isAlternate);
    default:
      return precision === undefined
        ? str(value === Math.trunc(value) ? new Float(value) : value)
        : plain(value, precision);
  }
}

/** The empty type with a precision: as `g`, but with at least one digit after the point. */
function plain(value: number, precision: number): string {
  const text = general(value, precision, false);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function fixed(value: number, digits: number): string {
  return value < 1e21
    ? value.toFixed(Math.min(digits, 100))
    : `${BigInt(value)}.${'0'.repeat(digits)}`;
}

function exponential(value: number, digits: number): string {
  const [mantissa = '', exponent = '+0'] = value.toExponential(Math.min(digits, 100)).split('e');
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}

function general(value: number, precision: number, isAlternate: boolean): string {
  const digits = Math.max(precision, 1);
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  const isFixed = exponent >= -4 && exponent < digits;
  const text = isFixed ? fixed(value, digits - 1 - exponent) : exponential(value, digits - 1);
  if (isAlternate) return text;
  return text.replace(/\.?0+(?=e|$)/, (zeros, at: number) =>
    text.slice(0, at).includes('.') || zeros.startsWith('.') ? '' : zeros,
  );
}

function grouping(digits: string, spec: Spec): string {
  if (spec.grouping === '') return digits;
  const every = RADIX[spec.type] === undefined ? 3 : 4;
  const [whole = '', ...rest] = digits.split(/(?=[.e%])/);
  const groups = whole.replace(new RegExp(`\\B(?=(?:.{${every}})+$)`, 'g'), spec.grouping);
  return [groups, ...rest].join('');
}
