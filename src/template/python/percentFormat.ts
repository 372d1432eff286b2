/** Python's `text % values`, the printf form. */
import { Float, Tuple } from '../../core/values.ts';
import { dictGet } from './equality.ts';
import { typeError, valueError } from './errors.ts';
import { floatForm, padded } from './formatSpec.ts';
import { repr, str } from './text.ts';
import { type Internal, isNumber, typeName, Undefined } from './types.ts';

const CONVERSION =
  /%(?:\(((?:[^()]|\([^()]*\))*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([diouxXeEfFgGcrsa%])?/g;

/** `template % values`: a tuple gives many values, a dict the named ones. */
export function percentFormat(template: string, values: Internal): string {
  const queue = values instanceof Tuple ? [...values] : [values];
  const next = (): Internal => {
    const value = queue.shift();
    if (value === undefined) throw typeError('not enough arguments for format string');
    return value;
  };
  let isNamed = false;
  const text = template.replace(CONVERSION, (whole, name, flags, width, precision, type) => {
    if (type === undefined) throw valueError('incomplete format');
    if (type === '%') return '%';
    isNamed ||= name !== undefined;
    const size = width === '*' ? Number(str(next())) : Number(width ?? 0);
    const digits = digitsOf(whole, precision, next);
    const value = name === undefined ? next() : named(values, name);
    return convert(value, { flags, width: size, precision: digits, type });
  });
  if (queue.length > 0 && !isNamed && !isUnusedMapping(values)) {
    throw typeError('not all arguments converted during string formatting');
  }
  return text;
}

/** A sole dict, list or the like may be left over: `'x' % {}` is fine in Python. */
function isUnusedMapping(values: Internal): boolean {
  return values instanceof Map || (Array.isArray(values) && !(values instanceof Tuple));
}

function digitsOf(
  whole: string,
  precision: string | undefined,
  next: () => Internal,
): number | undefined {
  if (precision === '*') return Number(str(next()));
  if (precision !== undefined) return Number(precision);
  return whole.includes('.') ? 0 : undefined;
}

function named(values: Internal, name: string): Internal {
  if (!(values instanceof Map)) throw typeError('format requires a mapping');
  const value = dictGet(values, name);
  if (value === undefined) throw typeError(`format: no value for ${repr(name)}`);
  return value;
}

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

function convert(value: Internal, conversion: Conversion): string {
  const { flags, width, precision, type } = conversion;
  const left = flags.includes('-');
  if (type === 's' || type === 'r' || type === 'a' || type === 'c') {
    return padded(textOf(value, type, precision), width, ' ', left ? '<' : '>');
  }
  if (!isNumber(value)) throw notANumber(value, type);
  const { isNegative, digits } = numberText(value, conversion);
  const sign = isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (left) return padded(sign + digits, width, ' ', '<');
  if (!flags.includes('0')) return padded(sign + digits, width, ' ', '>');
  return sign + padded(digits, width - sign.length, '0', '>');
}

function notANumber(value: Internal, type: string): Error {
  if ('eEfFgG'.includes(type)) return typeError(`must be real number, not ${typeName(value)}`);
  const wanted = 'oxX'.includes(type) ? 'an integer is required' : 'a real number is required';
  return typeError(`%${type} format: ${wanted}, not ${typeName(value)}`);
}

function textOf(value: Internal, type: string, precision: number | undefined): string {
  if (type === 'c') return typeof value === 'number' ? String.fromCodePoint(value) : str(value);
  // How Python shows the object that stands for what is not defined.
  if (type === 'r' && value instanceof Undefined) return 'AnsibleUndefined';
  const text = type === 's' ? str(value) : repr(value);
  return precision === undefined ? text : [...text].slice(0, precision).join('');
}

function numberText(
  value: number | bigint | Float | boolean,
  { flags, precision, type }: Conversion,
): { readonly isNegative: boolean; readonly digits: string } {
  const number = value instanceof Float ? value.value : value;
  const isNegative = Number(number) < 0 || Object.is(number, -0);
  if ('eEfFgG'.includes(type)) {
    const text = floatForm(
      Math.abs(Number(number)),
      type.toLowerCase(),
      precision,
      flags.includes('#'),
    );
    return { isNegative, digits: type === type.toUpperCase() ? text.toUpperCase() : text };
  }
  const whole = typeof number === 'bigint' ? number : BigInt(Math.trunc(Number(number)));
  const text = (whole < 0n ? -whole : whole).toString(
    type === 'o' ? 8 : type.toLowerCase() === 'x' ? 16 : 10,
  );
  const digits = (type === 'X' ? text.toUpperCase() : text).padStart(precision ?? 0, '0');
  const prefix = flags.includes('#') && 'oxX'.includes(type) ? `0${type}` : '';
  return { isNegative: whole < 0n, digits: prefix + digits };
}
