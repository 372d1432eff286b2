/** Jinja's filters on single values: defaults, numbers, attributes. */
import { Float } from '../../core/values.ts';
import { bind } from '../arguments.ts';
import { acceptingUndefined, type Filter, table } from '../plugins.ts';
import { onlyAttributeOf } from '../python/access.ts';
import { integer, negative, numberOf } from '../python/arithmetic.ts';
import { compare } from '../python/equality.ts';
import { defined, typeError, usageError } from '../python/errors.ts';
import { isTrue } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import {
  float,
  type Internal,
  isInteger,
  isNumber,
  presentOr,
  typeName,
  Undefined,
} from '../python/types.ts';
import { pythonJson } from './json.ts';
import { flagOf, integerOf, numberFrom } from './parameters.ts';

const defaultFilter: Filter = acceptingUndefined((value, args) => {
  const [fallback = '', boolean] = bind('default', args, 'default_value', 'boolean');
  if (value instanceof Undefined) return fallback;
  return flagOf(boolean) && !isTrue(value) ? fallback : value;
});

export const valueFilters = table<Filter>({
  default: defaultFilter,
  d: defaultFilter,
  int: (value, args) => {
    const [fallback = 0, base] = bind('int', args, 'default', 'base');
    return presentOr(toInteger(value, integerOf(base, 10)), () => fallback);
  },
  float: (value, args) => {
    const [fallback = new Float(0)] = bind('float', args, 'default');
    return presentOr(toFloat(value), () => fallback);
  },
  abs: (value) => (isNumber(value) ? absolute(value) : notANumber('abs()', value)),
  round: (value, args) => {
    const [precision, method = 'common'] = bind('round', args, 'precision', 'method');
    return rounded(value, integerOf(precision, 0), str(method));
  },
  attr: (value, args) => onlyAttributeOf(value, str(bind('attr', args, 'name')[0] ?? null)),
  tojson: (value, args) => {
    const [indent] = bind('tojson', args, 'indent');
    const text = pythonJson(value, {
      indent: indent === undefined || indent === null ? undefined : integerOf(indent, 0),
      sortKeys: true,
    });
    return text.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  },
});

function notANumber(what: string, value: Internal): never {
  throw typeError(`bad operand type for ${what}: '${typeName(defined(value))}'`);
}

function absolute(value: Internal): Internal {
  if (typeof value === 'boolean') return Number(value);
  return compare(value, 0) < 0 ? negative(value) : value;
}

/** The value as an integer: texts are read, floats cut off; undefined when it is none. */
export function toInteger(value: Internal, base = 10): Internal | undefined {
  if (typeof value === 'string') return readInteger(value, base) ?? truncated(toFloat(value));
  if (isInteger(value)) return value;
  return isNumber(value) ? truncated(numberOf(value)) : undefined;
}

const DIGITS: Readonly<Record<number, RegExp>> = {
  2: /^(?:0b)?[01]+$/i,
  8: /^(?:0o)?[0-7]+$/i,
  10: /^\d+$/,
  16: /^(?:0x)?[0-9a-f]+$/i,
};
const PREFIX: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 16: '0x' };

function readInteger(text: string, base: number): Internal | undefined {
  const match = /^\s*([+-]?)(\w+)\s*$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = ''] = match;
  const body = /^_|__|_$/.test(digits) ? digits : digits.replaceAll('_', '');
  const size = base === 0 ? anyBase(body) : inBase(body, base);
  return size === undefined ? undefined : integer(sign === '-' ? -size : size);
}

function anyBase(text: string): bigint | undefined {
  return /^(?:0[box][0-9a-f]+|[1-9]\d*|0+)$/i.test(text) ? BigInt(text) : undefined;
}

function inBase(text: string, base: number): bigint | undefined {
  const pattern = DIGITS[base];
  if (pattern?.test(text)) {
    return BigInt((PREFIX[base] ?? '') + text.replace(base === 10 ? /^$/ : /^0[box]/i, ''));
  }
  const value = pattern === undefined ? Number.parseInt(text, base) : Number.NaN;
  return Number.isNaN(value) ? undefined : BigInt(value);
}

function truncated(value: Internal | undefined): Internal | undefined {
  if (value === undefined) return undefined;
  const size = isNumber(value) ? numberOf(value) : Number.NaN;
  return Number.isFinite(size) ? integer(BigInt(Math.trunc(size))) : undefined;
}

/** The value as a float, or undefined when it is no number and no text of one. */
export function toFloat(value: Internal): Internal | undefined {
  if (isNumber(value)) return float(numberOf(value));
  if (typeof value !== 'string') return undefined;
  const text = value.trim().replace(/(?<=\d)_(?=\d)/g, '');
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return float(Number(text));
  const special = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (special === null) return undefined;
  return /nan/i.test(text) ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
}

function rounded(value: Internal, precision: number, method: string): Internal {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') {
    throw usageError('method must be common, ceil or floor');
  }
  const number = numberFrom(value, 'round');
  if (method === 'common')
    return isInteger(value)
      ? roundedWhole(number, precision, value)
      : float(roundHalfEven(number, precision));
  const scale = 10 ** precision;
  return float(
    (method === 'ceil' ? Math.ceil(number * scale) : Math.floor(number * scale)) / scale,
  );
}

function roundedWhole(number: number, precision: number, value: Internal): Internal {
  return precision >= 0 ? value : roundHalfEven(number, precision);
}

/** Python's `round`: the nearest by the exact binary value, ties to even. */
export function roundHalfEven(value: number, precision: number): number {
  if (!Number.isFinite(value)) return value;
  if (precision < 0) {
    const scale = 10 ** -precision;
    return halfEven(value / scale) * scale;
  }
  if (precision === 0) return halfEven(value);
  const text = Math.abs(value) < 1e21 ? value.toFixed(Math.min(precision, 100)) : String(value);
  return Number(text);
}

function halfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
