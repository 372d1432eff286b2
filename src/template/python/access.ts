/**
 * `value.name`, `value[key]` and `value[a:b]` with Jinja's order of attempts. Only what is listed here is reachable:
 * no path leads to the properties of a JavaScript object.
 */
import { Tuple } from '../../core/values.ts';
import { numberOf } from './arithmetic.ts';
import { dictGet } from './equality.ts';
import { isUndefinedError, typeError, undefinedError, valueError } from './errors.ts';
import { methodOf } from './methods.ts';
import { characters, iterate } from './sequence.ts';
import { type Access, strFormat } from './strFormat.ts';
import { repr } from './text.ts';
import {
  Callable,
  HostObject,
  type Internal,
  isInteger,
  isNumber,
  presentOr,
  Range,
  tupleOf,
  typeName,
  Undefined,
} from './types.ts';

/** `value.name`: the attribute or method first, then the element. */
export function attributeOf(value: Internal, name: string): Internal {
  if (value instanceof Undefined) return value;
  const own = ownAttribute(value, name);
  if (own !== undefined) return own;
  const entry = value instanceof Map ? entryOf(value, name) : undefined;
  return entry === undefined ? missingAttribute(value, name) : entry;
}

/** `value[key]`: the element first, then for a text key the attribute. */
export function elementOf(value: Internal, key: Internal): Internal {
  if (value instanceof Undefined) return value;
  if (key instanceof Undefined) throw undefinedError(key);
  const element = value instanceof Map ? entryOf(value, key) : sequenceElement(value, key);
  if (element !== undefined) return element;
  const own = typeof key === 'string' ? ownAttribute(value, key) : undefined;
  return own === undefined ? missingElement(value, key) : own;
}

/** `attr` filter: the attribute or method only, never an element. */
export function onlyAttributeOf(value: Internal, name: string): Internal {
  if (value instanceof Undefined) return value;
  return presentOr(ownAttribute(value, name), () => missingAttribute(value, name));
}

function ownAttribute(value: Internal, name: string): Internal | undefined {
  if (value instanceof HostObject) {
    return value.attributes.has(name) ? value.attributes.get(name) : value.computed(name);
  }
  if (value instanceof Callable) return value.attributes?.get(name);
  if (typeof value === 'string') return formatMethod(value, name) ?? methodOf(value, name);
  return methodOf(value, name);
}

/** Python's own attribute access: no element stands in for an attribute. */
const ACCESS: Access = { attributeOf: onlyAttributeOf, elementOf };

function formatMethod(text: string, name: string): Internal | undefined {
  if (name === 'format') return new Callable(name, (args) => strFormat(text, args, ACCESS));
  if (name !== 'format_map') return undefined;
  return new Callable(name, ({ positional: [mapping = null] }) => {
    const entries = mapping instanceof Map ? [...mapping] : [];
    const keyword = new Map(entries.map(([key, value]) => [String(key), value]));
    return strFormat(text, { positional: [], keyword }, ACCESS);
  });
}

/** A value that the scope computes when it is asked for may be undefined itself. */
function entryOf(dict: Map<Internal, Internal>, key: Internal): Internal | undefined {
  if (key instanceof Map || (Array.isArray(key) && !(key instanceof Tuple))) return undefined;
  try {
    return dictGet(dict, key);
  } catch (error) {
    if (!isUndefinedError(error)) throw error;
    return new Undefined(error.message, { source: error.source });
  }
}

function sequenceElement(value: Internal, key: Internal): Internal | undefined {
  if (!isNumber(key) || !(isInteger(key) || typeof key === 'boolean')) return undefined;
  const index = Number(key);
  if (typeof value === 'string') return elementAt(characters(value), index);
  if (Array.isArray(value)) return elementAt(value, index);
  if (value instanceof Range) return elementAt(iterate(value), index);
  if (value instanceof Uint8Array) return value.at(index);
  return undefined;
}

function elementAt(items: readonly Internal[], index: number): Internal | undefined {
  return items[index < 0 ? index + items.length : index];
}

/** How Jinja names an object in its messages. */
function described(value: Internal): string {
  return value === null ? 'None' : `${typeName(value)} object`;
}

function missingAttribute(value: Internal, name: string): Undefined {
  const message =
    value === null
      ? `'None' has no attribute '${name}'`
      : `'${described(value)}' has no attribute '${name}'`;
  return new Undefined(message, { name, candidates: () => namesOf(value) });
}

function missingElement(value: Internal, key: Internal): Undefined {
  if (typeof key === 'string') return missingAttribute(value, key);
  return new Undefined(`${described(value)} has no element ${repr(key)}`);
}

function namesOf(value: Internal): Iterable<unknown> {
  if (value instanceof Map) return value.keys();
  return value instanceof HostObject ? value.attributes.keys() : [];
}

/** `value[start:stop:step]`; absent parts are null. */
export function sliceOf(
  value: Internal,
  start: Internal,
  stop: Internal,
  step: Internal,
): Internal {
  if (value instanceof Undefined) return value;
  const pick = slicer(bound(start), bound(stop), bound(step));
  if (typeof value === 'string') return pick(characters(value)).join('');
  if (value instanceof Tuple) return tupleOf(pick(value));
  if (Array.isArray(value)) return pick(value);
  if (value instanceof Uint8Array) return Uint8Array.from(pick([...value]));
  if (value instanceof Range) return pick(iterate(value));
  return new Undefined(
    `${described(value)} has no element slice(${[start, stop, step].map(repr).join(', ')})`,
  );
}

function bound(value: Internal): number | undefined {
  if (value === null) return undefined;
  if (value instanceof Undefined) throw undefinedError(value);
  if (isInteger(value) || typeof value === 'boolean') return numberOf(value);
  throw typeError('slice indices must be integers or None or have an __index__ method');
}

type Pick = <T>(items: readonly T[]) => T[];

function slicer(start: number | undefined, stop: number | undefined, step = 1): Pick {
  if (step === 0) throw valueError('slice step cannot be zero');
  return (items) => {
    const clamp = (index: number): number => {
      const lowest = step < 0 ? -1 : 0;
      const highest = step < 0 ? items.length - 1 : items.length;
      return Math.min(Math.max(index < 0 ? index + items.length : index, lowest), highest);
    };
    const from = start === undefined ? (step < 0 ? items.length - 1 : 0) : clamp(start);
    const to = stop === undefined ? (step < 0 ? -1 : items.length) : clamp(stop);
    if (step === 1) return items.slice(from, Math.max(from, to));
    const picked = [];
    for (let i = from; step < 0 ? i > to : i < to; i += step) picked.push(...items.slice(i, i + 1));
    return picked;
  };
}
