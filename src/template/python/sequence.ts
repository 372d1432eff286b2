/** Truth, length, iteration and membership. */
import { Float } from '../../core/values.ts';
import { dictHas, equals, includes } from './equality.ts';
import { typeError, undefinedError } from './errors.ts';
import {
  Callable,
  DateTime,
  DictView,
  HostObject,
  type Internal,
  PythonSet,
  Range,
  TimeDelta,
  typeName,
  Undefined,
} from './types.ts';

/** True for what may be used as nothing. @throws TemplateError for every other undefined value. */
function isLenient(value: Undefined): true {
  if (!value.isLenient) throw undefinedError(value);
  return true;
}

/** `bool(value)`. @throws TemplateError for an undefined value. */
export function isTrue(value: Internal): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value) || Number.isNaN(value);
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof Undefined) return !isLenient(value);
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof TimeDelta) return value.microseconds !== 0;
  return (lengthOrNone(value) ?? 1) > 0;
}

const SURROGATE = /[\ud800-\udfff]/;

/** The characters (code points) of a text. */
export function characters(text: string): string[] {
  return SURROGATE.test(text) ? Array.from(text) : text.split('');
}

export function textLength(text: string): number {
  return SURROGATE.test(text) ? Array.from(text).length : text.length;
}

function lengthOrNone(value: Internal): number | undefined {
  if (typeof value === 'string') return textLength(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Map) return value.size;
  if (value instanceof Range) return value.length;
  if (value instanceof DictView) return value.dict.size;
  if (value instanceof PythonSet) return value.items.length;
  return undefined;
}

/** `len(value)`. */
export function length(value: Internal): number {
  if (value instanceof Undefined && isLenient(value)) return 0;
  const result = lengthOrNone(value);
  if (result === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return result;
}

export function hasLength(value: Internal): boolean {
  return lengthOrNone(value) !== undefined;
}

/** The items that a `for` over the value meets. The list itself where it is one: do not change it. */
export function iterate(value: Internal): readonly Internal[] {
  const items = iterateOrNone(value);
  if (items === undefined) throw typeError(`'${typeName(value)}' object is not iterable`);
  return items;
}

export function iterateOrNone(value: Internal): readonly Internal[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return characters(value);
  if (value instanceof Map) return [...value.keys()];
  if (value instanceof Range) return Array.from({ length: value.length }, (_, i) => value.at(i));
  if (value instanceof DictView) return value.items();
  if (value instanceof PythonSet) return value.items;
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof Undefined && isLenient(value)) return [];
  return undefined;
}

/** `item in container`. */
export function contains(container: Internal, item: Internal): boolean {
  if (typeof container === 'string') return containsText(container, item);
  if (container instanceof Map) return dictHas(container, item);
  if (container instanceof Undefined) throw undefinedError(container);
  if (item instanceof Undefined) throw undefinedError(item);
  if (container instanceof DictView && container.part === 'keys') {
    return dictHas(container.dict, item);
  }
  const items = iterateOrNone(container);
  if (items === undefined) {
    throw typeError(`argument of type '${typeName(container)}' is not iterable`);
  }
  return includes(items, item);
}

function containsText(container: string, item: Internal): boolean {
  if (item instanceof Undefined) throw undefinedError(item);
  if (typeof item !== 'string') {
    throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  return container.includes(item);
}

/** The items without repetitions, the first of equal ones kept. */
export function distinct(items: readonly Internal[]): Internal[] {
  const seenTexts = new Set<string>();
  const others: Internal[] = [];
  return items.filter((item) => {
    if (typeof item === 'string') return !seenTexts.has(item) && seenTexts.add(item) !== undefined;
    const isNew = !others.some((other) => equals(other, item));
    if (isNew) others.push(item);
    return isNew;
  });
}

export function isCallable(value: Internal): boolean {
  return value instanceof Callable || (value instanceof HostObject && value.call !== undefined);
}

/** What Ansible unrolls into a list when an expression or filter ends with it. */
export function unrolled(value: Internal): Internal {
  return value instanceof Range || value instanceof DictView ? [...iterate(value)] : value;
}

export function isDateTime(value: Internal): value is DateTime {
  return value instanceof DateTime;
}
