/** Equality, order, membership and dict keys as Python has them: `1 == 1.0 == True`, lists by their items. */
import { Float, Tuple } from '../../core/values.ts';
import { instantUs } from './datetime.ts';
import { typeError, undefinedError } from './errors.ts';
import {
  DateTime,
  DictView,
  type Internal,
  type InternalDict,
  isNumber,
  PythonSet,
  Range,
  TimeDelta,
  typeName,
  Undefined,
} from './types.ts';

/** A number or boolean for comparing; Floats and booleans lose their wrapping. */
function numeric(value: number | bigint | Float | boolean): number | bigint {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof Float ? value.value : value;
}

/** `left == right`. @throws TemplateError when either is undefined. */
export function equals(left: Internal, right: Internal): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  if (left instanceof Undefined || right instanceof Undefined) return bothLenient(left, right);
  if (isNumber(left)) return isNumber(right) && sameNumber(left, right);
  if (left === right) return true;
  if (left instanceof Map) return right instanceof Map && sameDict(left, right);
  if (Array.isArray(left)) return Array.isArray(right) && sameList(left, right);
  return sameObject(left, right);
}

/** Only what may be used as nothing can be compared, and equals its like. */
function bothLenient(left: Internal, right: Internal): boolean {
  for (const side of [left, right]) {
    if (side instanceof Undefined && !side.isLenient) throw undefinedError(side);
  }
  return left instanceof Undefined && right instanceof Undefined;
}

function sameNumber(left: number | bigint | Float | boolean, right: typeof left): boolean {
  const [a, b] = [numeric(left), numeric(right)];
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number are compared by value
  return a == b;
}

function sameList(left: Internal[], right: Internal[]): boolean {
  if (left instanceof Tuple !== right instanceof Tuple) return false;
  return left.length === right.length && left.every((item, index) => sameItem(item, right[index]));
}

/** Inside a container, identity comes before equality, so that an undefined element equals itself. */
function sameItem(left: Internal, right: Internal | undefined): boolean {
  if (right === undefined) return false;
  return left === right || equals(left, right);
}

function sameDict(left: InternalDict, right: InternalDict): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) {
    const other = dictGet(right, key);
    if (other === undefined || !sameItem(value, other)) return false;
  }
  return true;
}

function sameObject(left: Internal, right: Internal): boolean {
  if (left instanceof Uint8Array) {
    return right instanceof Uint8Array && Buffer.compare(left, right) === 0;
  }
  if (left instanceof Date) return right instanceof Date && left.getTime() === right.getTime();
  if (left instanceof Range && right instanceof Range)
    return sameList(itemsOf(left), itemsOf(right));
  if (left instanceof DateTime && right instanceof DateTime) {
    return instantUs(left) === instantUs(right);
  }
  if (left instanceof TimeDelta && right instanceof TimeDelta) {
    return left.microseconds === right.microseconds;
  }
  if (isSetLike(left) && isSetLike(right)) return sameSet(itemsOf(left), itemsOf(right));
  return false;
}

function isSetLike(value: Internal): value is PythonSet | DictView {
  return value instanceof PythonSet || (value instanceof DictView && value.part !== 'values');
}

function sameSet(left: readonly Internal[], right: readonly Internal[]): boolean {
  return left.length === right.length && left.every((item) => includes(right, item));
}

function itemsOf(value: Range | DictView | PythonSet): Internal[] {
  if (value instanceof Range) return Array.from({ length: value.length }, (_, i) => value.at(i));
  return value instanceof PythonSet ? [...value.items] : value.items();
}

/** `item in items`, by identity first as Python does. */
export function includes(items: readonly Internal[], item: Internal): boolean {
  return items.some((other) => other === item || equals(other, item));
}

/** Negative, zero or positive as `left` sorts before, with or after `right`. @throws TemplateError when they have no order. */
export function compare(left: Internal, right: Internal, operator = '<'): number {
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right);
  if (isNumber(left) && isNumber(right)) return compareNumbers(numeric(left), numeric(right));
  if (left instanceof Undefined) throw undefinedError(left);
  if (right instanceof Undefined) throw undefinedError(right);
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left instanceof Tuple === right instanceof Tuple)
      return compareLists(left, right, operator);
  }
  return compareObjects(left, right, operator);
}

function compareObjects(left: Internal, right: Internal, operator: string): number {
  if (left instanceof DateTime && right instanceof DateTime)
    return instantUs(left) - instantUs(right);
  if (left instanceof TimeDelta && right instanceof TimeDelta) {
    return left.microseconds - right.microseconds;
  }
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  throw typeError(
    `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number are compared by value
  return left == right ? 0 : Number.NaN;
}

/** By code points: JavaScript's `<` goes by UTF-16 units, which differs only where surrogates are. */
function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareLists(left: Internal[], right: Internal[], operator: string): number {
  for (const [index, item] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (!sameItem(item, other)) return compare(item, other, operator);
  }
  return left.length - right.length;
}

/** The key under which the dict holds what Python takes for the same key, or undefined. */
export function findKey(dict: InternalDict, key: Internal): Internal | undefined {
  if (dict.has(key)) return key;
  if (typeof key === 'string') return undefined;
  if (isNumber(key)) return findNumber(dict, key);
  if (key instanceof Tuple) return findEqual(dict, key);
  if (key instanceof Undefined) throw undefinedError(key);
  if (Array.isArray(key) || key instanceof Map) throw unhashable(key);
  return findEqual(dict, key);
}

function findNumber(
  dict: InternalDict,
  key: number | bigint | Float | boolean,
): Internal | undefined {
  const value = numeric(key);
  if (dict.has(value)) return value;
  if (value === 1 && dict.has(true)) return true;
  if (value === 0 && dict.has(false)) return false;
  return findEqual(dict, key);
}

function findEqual(dict: InternalDict, key: Internal): Internal | undefined {
  for (const other of dict.keys()) {
    if (typeof other !== 'string' && equals(other, key)) return other;
  }
  return undefined;
}

export function unhashable(value: Internal): Error {
  return typeError(`unhashable type: '${typeName(value)}'`);
}

/** `dict[key]`, or undefined when there is no such key. */
export function dictGet(dict: InternalDict, key: Internal): Internal | undefined {
  if (typeof key === 'string') return dict.get(key);
  const found = findKey(dict, key);
  return found === undefined ? undefined : dict.get(found);
}

export function dictHas(dict: InternalDict, key: Internal): boolean {
  return typeof key === 'string' ? dict.has(key) : findKey(dict, key) !== undefined;
}

export function dictSet(dict: InternalDict, key: Internal, value: Internal): void {
  dict.set(typeof key === 'string' ? key : (findKey(dict, key) ?? key), value);
}

export function dictDelete(dict: InternalDict, key: Internal): boolean {
  const found = findKey(dict, key);
  return found !== undefined && dict.delete(found);
}
