/** What the tables of methods are made of. */
import { defined, typeError } from './errors.ts';
import { type Arguments, type Internal, isInteger, typeName } from './types.ts';

export type Method<T> = (self: T, args: Arguments) => Internal;
export type MethodTable<T> = ReadonlyMap<string, Method<T>>;

/** A table from an object literal, without the literal's prototype. */
export function methodTable<T>(methods: Readonly<Record<string, Method<T>>>): MethodTable<T> {
  return new Map(Object.entries(methods));
}

/** A text argument. @throws TemplateError as Python does for another type. */
export function textArgument(value: Internal | undefined, called: string): string {
  if (typeof value === 'string') return value;
  throw typeError(`${called}() argument must be str, not ${typeName(defined(value ?? null))}`);
}

export function integerArgument(value: Internal | undefined, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (isInteger(value) || typeof value === 'boolean') return Number(value);
  throw typeError(`'${typeName(defined(value))}' object cannot be interpreted as an integer`);
}
