/**
 * What exists while a template runs and never leaves it: undefined names, ranges, views, functions, dates.
 * Together with `Value` these are the `Internal` values of expressions; `boundary.ts` turns them into `Value`s.
 */
import type { Source } from '../../core/source.ts';
import { Float, Tuple, type Value } from '../../core/values.ts';

export type Internal = Value | Special | Internal[] | InternalDict;
export type InternalDict = Map<Internal, Internal>;
export type Special =
  | Undefined
  | Range
  | DictView
  | Callable
  | HostObject
  | DateTime
  | TimeDelta
  | PythonSet;

/** The value of a name, attribute or element that does not exist. Using it is an error; asking whether it is defined is not. */
export class Undefined {
  readonly message: string;
  readonly name: string | undefined;
  /** Names that could have been meant, asked for only when the error is shown. */
  readonly candidates: (() => Iterable<unknown>) | undefined;
  readonly source: Source | undefined;
  /** Whether it may be used as nothing: what an inline `if` without `else` gives. */
  readonly isLenient: boolean;

  constructor(
    message: string,
    details: {
      readonly name?: string | undefined;
      readonly candidates?: () => Iterable<unknown>;
      readonly source?: Source | undefined;
      readonly isLenient?: boolean;
    } = {},
  ) {
    this.message = message;
    this.name = details.name;
    this.candidates = details.candidates;
    this.source = details.source;
    this.isLenient = details.isLenient ?? false;
  }
}

export class Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;

  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }

  at(index: number): number {
    return this.start + index * this.step;
  }
}

/** `d.keys()`, `d.values()`, `d.items()`: follows the dict. */
export class DictView {
  readonly dict: InternalDict;
  readonly part: 'keys' | 'values' | 'items';

  constructor(dict: InternalDict, part: 'keys' | 'values' | 'items') {
    this.dict = dict;
    this.part = part;
  }

  items(): Internal[] {
    if (this.part === 'keys') return [...this.dict.keys()];
    if (this.part === 'values') return [...this.dict.values()];
    return [...this.dict].map(([key, value]) => tuple(key, value));
  }
}

/** Arguments of a call in a template. */
export interface Arguments {
  readonly positional: readonly Internal[];
  readonly keyword: ReadonlyMap<string, Internal>;
}

export const NO_KEYWORDS: ReadonlyMap<string, Internal> = new Map();

/** A function or bound method as templates see it. */
export class Callable {
  readonly name: string;
  readonly call: (args: Arguments) => Internal;
  /** How Python calls its type: `function`, `builtin_function_or_method`, `Macro`, `type`. */
  readonly typeName: string;
  /** What a macro shows of itself (`name`, `arguments`, …). */
  readonly attributes: ReadonlyMap<string, Internal> | undefined;

  constructor(
    name: string,
    call: (args: Arguments) => Internal,
    typeName = 'builtin_function_or_method',
    attributes?: ReadonlyMap<string, Internal>,
  ) {
    this.name = name;
    this.call = call;
    this.typeName = typeName;
    this.attributes = attributes;
  }
}

/** An object with named attributes of its own: namespace, loop, cycler, an imported template. */
export class HostObject {
  readonly typeName: string;
  readonly attributes: Map<string, Internal>;
  /** Attributes that are computed when they are asked for. */
  readonly computed: (name: string) => Internal | undefined;
  readonly call: ((args: Arguments) => Internal) | undefined;
  readonly text: (() => string) | undefined;

  constructor(
    typeName: string,
    parts: {
      readonly attributes?: Map<string, Internal>;
      readonly computed?: (name: string) => Internal | undefined;
      readonly call?: (args: Arguments) => Internal;
      readonly text?: () => string;
    } = {},
  ) {
    this.typeName = typeName;
    this.attributes = parts.attributes ?? new Map();
    this.computed = parts.computed ?? (() => undefined);
    this.call = parts.call;
    this.text = parts.text;
  }
}

/** A wall-clock time as Python's naive or aware `datetime`. */
export class DateTime {
  /** The wall-clock reading, as if it were UTC, in milliseconds. */
  readonly wallMs: number;
  readonly microsecond: number;
  /** Offset from UTC when it is known. */
  readonly offsetMinutes: number | undefined;

  constructor(wallMs: number, microsecond = 0, offsetMinutes?: number) {
    this.wallMs = wallMs - (((wallMs % 1000) + 1000) % 1000);
    this.microsecond = microsecond;
    this.offsetMinutes = offsetMinutes;
  }
}

export class TimeDelta {
  readonly microseconds: number;

  constructor(microseconds: number) {
    this.microseconds = microseconds;
  }
}

/** A Python set: unordered in Python, in order of insertion here. */
export class PythonSet {
  readonly items: readonly Internal[];

  constructor(items: readonly Internal[]) {
    this.items = items;
  }
}

export function isList(value: Internal): value is Internal[] {
  return Array.isArray(value);
}

export function isMapping(value: unknown): value is InternalDict {
  return value instanceof Map;
}

export function tuple(...items: Internal[]): Internal[] {
  return tupleOf(items);
}

/** The items as a tuple. Internals inside are as welcome as in a list. */
export function tupleOf(items: Iterable<Internal>): Internal[] {
  const result: Internal[] = new Tuple();
  for (const item of items) result.push(item);
  return result;
}

const IS_GROUP = Symbol('group');

/** A pair of `groupby`: it also answers to `.grouper` and `.list`. */
export function groupPair(grouper: Internal, list: Internal[]): Internal[] {
  return Object.assign(tuple(grouper, list), { [IS_GROUP]: true });
}

export function isGroupPair(value: Internal[]): boolean {
  return IS_GROUP in value;
}

/** The value, or what takes its place where there is none. None (`null`) is a value. */
export function presentOr(value: Internal | undefined, fallback: () => Internal): Internal {
  return value === undefined ? fallback() : value;
}

/** The number as a Python float. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

export function isInteger(value: Internal): value is number | bigint {
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint';
}

export function isFloat(value: Internal): value is number | Float {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));
}

export function isNumber(value: Internal): value is number | bigint | Float | boolean {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean' ||
    value instanceof Float
  );
}

/** The name Python gives the value's type. */
export function typeName(value: Internal): string {
  if (value === null) return 'NoneType';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(
  value: Exclude<Internal, null | string | boolean | number | bigint>,
): string {
  if (value instanceof Tuple) return 'tuple';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'dict';
  if (value instanceof Float) return 'float';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Date || value instanceof DateTime) return 'datetime';
  if (value instanceof TimeDelta) return 'timedelta';
  if (value instanceof Range) return 'range';
  if (value instanceof DictView) return `dict_${value.part}`;
  if (value instanceof PythonSet) return 'set';
  if (value instanceof Undefined) return 'AnsibleUndefined';
  return value.typeName;
}
