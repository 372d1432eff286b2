/** Jinja's own tests. */
import { bind } from '../arguments.ts';
import { type Test, table } from '../plugins.ts';
import { numberOf } from '../python/arithmetic.ts';
import { compare, equals } from '../python/equality.ts';
import { defined, typeError, zeroDivisionError } from '../python/errors.ts';
import { contains, hasLength, isCallable, iterateOrNone } from '../python/sequence.ts';
import { stringMethods } from '../python/stringMethods.ts';
import { str } from '../python/text.ts';
import {
  type Arguments,
  DictView,
  type Internal,
  isFloat,
  isInteger,
  isNumber,
  NO_KEYWORDS,
  typeName,
  Undefined,
} from '../python/types.ts';

function other(args: Arguments): Internal {
  return bind('test', args, 'other')[0] ?? null;
}

const ordered =
  (operator: string, holds: (order: number) => boolean): Test =>
  (value, args) =>
    holds(compare(value, other(args), operator));

const equal: Test = (value, args) => equals(value, other(args));
const unequal: Test = (value, args) => !equals(value, other(args));
const less = ordered('<', (order) => order < 0);
const lessOrEqual = ordered('<=', (order) => order <= 0);
const greater = ordered('>', (order) => order > 0);
const greaterOrEqual = ordered('>=', (order) => order >= 0);

export const builtinTests = table<Test>({
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  false: (value) => value === false,
  true: (value) => value === true,
  integer: (value) => isInteger(value),
  float: (value) => isFloat(value),
  number: (value) => isNumber(value),
  string: (value) => typeof value === 'string',
  mapping: (value) => value instanceof Map,
  iterable: (value) => iterateOrNone(value) !== undefined,
  sequence: (value) => hasLength(value) && !(value instanceof DictView),
  callable: (value) => isCallable(value) || value instanceof Undefined,
  sameas: (value, args) => isSame(value, other(args)),
  escaped: () => false,
  odd: (value) => modulo(value, 2) === 1,
  even: (value) => modulo(value, 2) === 0,
  divisibleby: (value, args) => modulo(value, Number(other(args))) === 0,
  lower: (value) => hasCase(value, 'islower'),
  upper: (value) => hasCase(value, 'isupper'),
  in: (value, args) => contains(other(args), value),
  eq: equal,
  equalto: equal,
  '==': equal,
  ne: unequal,
  '!=': unequal,
  lt: less,
  lessthan: less,
  '<': less,
  le: lessOrEqual,
  '<=': lessOrEqual,
  gt: greater,
  greaterthan: greater,
  '>': greater,
  ge: greaterOrEqual,
  '>=': greaterOrEqual,
  filter: (value, _args, context) => typeof value === 'string' && context.hasFilter(value),
  test: (value, _args, context) => typeof value === 'string' && context.hasTest(value),
});

/** Python's `is`: small values are the same object when they are equal and of one type. */
function isSame(left: Internal, right: Internal): boolean {
  if (typeof left === 'object' && left !== null) return left === right;
  return typeName(left) === typeName(right) && left === right;
}

function modulo(value: Internal, by: number): number {
  const given = defined(value);
  if (!isNumber(given))
    throw typeError(`unsupported operand type(s) for %: '${typeName(given)}' and 'int'`);
  if (by === 0) throw zeroDivisionError('integer modulo by zero');
  const rest = numberOf(given) % by;
  return rest !== 0 && rest < 0 !== by < 0 ? rest + by : rest;
}

function hasCase(value: Internal, name: 'islower' | 'isupper'): boolean {
  const method = stringMethods.get(name);
  return method?.(str(value), { positional: [], keyword: NO_KEYWORDS }) === true;
}
