/** `+ - * / // % **` and the signs, with Python's integers (exact), floats, text and lists. */
import { Float, Tuple } from '../../core/values.ts';
import { addDelta, subtractTimes } from './datetime.ts';
import { includes } from './equality.ts';
import { typeError, unsupported, zeroDivisionError } from './errors.ts';
import { percentFormat } from './percentFormat.ts';
import {
  DateTime,
  DictView,
  float,
  type Internal,
  isNumber,
  PythonSet,
  TimeDelta,
  tupleOf,
  typeName,
} from './types.ts';

export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
type Operand = number | bigint | Float | boolean;

/** `left operator right`. @throws TemplateError as Python's TypeError or ZeroDivisionError. */
export function arithmetic(operator: Operator, left: Internal, right: Internal): Internal {
  if (typeof left === 'number' && typeof right === 'number') {
    const quick = quickInteger(operator, left, right);
    if (quick !== undefined) return quick;
  }
  if (isNumber(left) && isNumber(right)) return numbers(operator, left, right);
  return others(operator, left, right);
}

/** The common case: small integers whose result is a small integer. */
function quickInteger(operator: Operator, left: number, right: number): number | undefined {
  if (!Number.isInteger(left) || !Number.isInteger(right)) return undefined;
  const result = operator === '+' ? left + right : operator === '-' ? left - right : Number.NaN;
  return Number.isSafeInteger(result) ? result : undefined;
}

function numbers(operator: Operator, left: Operand, right: Operand): Internal {
  const [a, b] = [integerOf(left), integerOf(right)];
  if (a !== undefined && b !== undefined) return integers(operator, a, b);
  return floats(operator, numberOf(left), numberOf(right));
}

function integerOf(value: Operand): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Float || !Number.isInteger(value)) return undefined;
  return BigInt(value);
}

/** A numeric operand as a JavaScript number, for float arithmetic. */
export function numberOf(value: Operand): number {
  return value instanceof Float ? value.value : Number(value);
}

/** An exact integer in its shortest representation. */
export function integer(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function integers(operator: Operator, left: bigint, right: bigint): Internal {
  switch (operator) {
    case '+':
      return integer(left + right);
    case '-':
      return integer(left - right);
    case '*':
      return integer(left * right);
    case '/':
      if (right === 0n) throw zeroDivisionError('division by zero');
      return float(Number(left) / Number(right));
    case '//':
      return integer(floorDivide(left, right));
    case '%':
      if (right === 0n) throw zeroDivisionError('integer modulo by zero');
      return integer(left - floorDivide(left, right) * right);
    case '**':
      return integerPower(left, right);
  }
}

function floorDivide(left: bigint, right: bigint): bigint {
  if (right === 0n) throw zeroDivisionError('integer division or modulo by zero');
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

/** Bits of the largest power that is computed; more would only exhaust the memory. */
const MAX_POWER_BITS = 1_000_000;

function integerPower(base: bigint, exponent: bigint): Internal {
  if (exponent < 0n) return floats('**', Number(base), Number(exponent));
  const bits = base.toString(2).length * Number(exponent);
  if (bits > MAX_POWER_BITS && base !== 0n && base !== 1n && base !== -1n) {
    throw typeError(`${base} ** ${exponent} is too large`);
  }
  return integer(base ** exponent);
}

function floats(operator: Operator, left: number, right: number): Internal {
  switch (operator) {
    case '+':
      return float(left + right);
    case '-':
      return float(left - right);
    case '*':
      return float(left * right);
    case '/':
      if (right === 0) throw zeroDivisionError('float division by zero');
      return float(left / right);
    case '//':
      if (right === 0) throw zeroDivisionError('float floor division by zero');
      return float(Math.floor(left / right));
    case '%':
      if (right === 0) throw zeroDivisionError('float modulo');
      return float(floatModulo(left, right));
    case '**':
      if (left === 0 && right < 0) {
        throw zeroDivisionError('0.0 cannot be raised to a negative power');
      }
      return float(left ** right);
  }
}

function floatModulo(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

function others(operator: Operator, left: Internal, right: Internal): Internal {
  if (operator === '%' && typeof left === 'string') return percentFormat(left, right);
  if (operator === '+') return sum(left, right);
  if (operator === '*')
    return repeat(left, right) ?? repeat(right, left) ?? fail(operator, left, right);
  if (operator === '-') return difference(left, right);
  return fail(operator, left, right);
}

function fail(operator: Operator, left: Internal, right: Internal): never {
  throw unsupported(operator === '**' ? '** or pow()' : operator, left, right);
}

function sum(left: Internal, right: Internal): Internal {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (Array.isArray(left) && Array.isArray(right)) return joined(left, right);
  if (left instanceof DateTime && right instanceof TimeDelta) return addDelta(left, right);
  if (left instanceof TimeDelta && right instanceof DateTime) return addDelta(right, left);
  if (left instanceof TimeDelta && right instanceof TimeDelta) {
    return new TimeDelta(left.microseconds + right.microseconds);
  }
  const refused = unsupported('+', left, right);
  if (typeof left === 'string') {
    throw typeError(`can only concatenate str (not "${typeName(right)}") to str`);
  }
  if (Array.isArray(left)) {
    const kind = typeName(left);
    throw typeError(`can only concatenate ${kind} (not "${typeName(right)}") to ${kind}`);
  }
  throw refused;
}

function joined(left: Internal[], right: Internal[]): Internal {
  const [isTuple, isRightTuple] = [left instanceof Tuple, right instanceof Tuple];
  if (isTuple !== isRightTuple) {
    const [kind, other] = isTuple ? ['tuple', 'list'] : ['list', 'tuple'];
    throw typeError(`can only concatenate ${kind} (not "${other}") to ${kind}`);
  }
  return isTuple ? tupleOf([...left, ...right]) : left.concat(right);
}

function difference(left: Internal, right: Internal): Internal {
  if (left instanceof DateTime && right instanceof DateTime) return subtractTimes(left, right);
  if (left instanceof DateTime && right instanceof TimeDelta) {
    return addDelta(left, new TimeDelta(-right.microseconds));
  }
  if (left instanceof TimeDelta && right instanceof TimeDelta) {
    return new TimeDelta(left.microseconds - right.microseconds);
  }
  if (isSetLike(left) && isSetLike(right)) {
    const removed = setItems(right);
    return new PythonSet(setItems(left).filter((item) => !includes(removed, item)));
  }
  return fail('-', left, right);
}

function isSetLike(value: Internal): value is PythonSet | DictView {
  return value instanceof PythonSet || (value instanceof DictView && value.part !== 'values');
}

function setItems(value: PythonSet | DictView): readonly Internal[] {
  return value instanceof PythonSet ? value.items : value.items();
}

/** Characters or items of the largest text or list that `*` makes. */
const MAX_REPEATED = 100_000_000;

function repeat(value: Internal, times: Internal): Internal | undefined {
  const isText = typeof value === 'string';
  if (!isText && !Array.isArray(value)) return undefined;
  const count = isNumber(times) ? integerOf(times) : undefined;
  if (count === undefined) return undefined;
  const repetitions = Math.max(0, Number(count));
  if (repetitions * value.length > MAX_REPEATED) throw typeError('repeated value is too large');
  if (isText) return value.repeat(repetitions);
  const items = Array.from({ length: repetitions }, () => value).flat();
  return value instanceof Tuple ? tupleOf(items) : items;
}

/** `-value`. */
export function negative(value: Internal): Internal {
  if (value instanceof TimeDelta) return new TimeDelta(-value.microseconds);
  if (!isNumber(value)) throw badUnary('-', value);
  const whole = integerOf(value);
  return whole === undefined ? negativeFloat(numberOf(value)) : integer(-whole);
}

function negativeFloat(value: number): Internal {
  return value === 0 ? new Float(-value) : float(-value);
}

/** `+value`. */
export function positive(value: Internal): Internal {
  if (!isNumber(value)) throw badUnary('+', value);
  return typeof value === 'boolean' ? Number(value) : value;
}

function badUnary(operator: string, value: Internal): Error {
  const refused = unsupported(operator, value, value);
  return refused.code === 'DROVER_TEMPLATE_TYPE'
    ? typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`)
    : refused;
}
