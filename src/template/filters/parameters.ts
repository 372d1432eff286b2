/** Conversions of filter arguments, with errors that name the filter. */
import { numberOf } from '../python/arithmetic.ts';
import { defined, typeError } from '../python/errors.ts';
import { isTrue } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import {
  type Internal,
  type InternalDict,
  isInteger,
  isNumber,
  typeName,
} from '../python/types.ts';

/** A text; anything else is written as Python would. */
export function textOf(value: Internal | undefined, fallback = ''): string {
  return value === undefined || value === null ? fallback : str(value);
}

/** A text, and only that. */
export function stringOf(value: Internal | undefined, filter: string): string {
  if (typeof value === 'string') return value;
  throw typeError(`${filter} needs text, not ${typeName(defined(value ?? null))}`);
}

export function integerOf(value: Internal | undefined, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (isInteger(value) || typeof value === 'boolean') return Number(value);
  throw typeError(`an integer is needed, not ${typeName(defined(value))}`);
}

export function numberFrom(value: Internal | undefined, filter: string): number {
  const given = defined(value ?? null);
  if (isNumber(given)) return numberOf(given);
  throw typeError(`${filter} needs a number, not ${typeName(given)}`);
}

export function flagOf(value: Internal | undefined, fallback = false): boolean {
  return value === undefined ? fallback : isTrue(value);
}

export function dictOf(value: Internal, filter: string): InternalDict {
  const given = defined(value);
  if (given instanceof Map) return given;
  throw typeError(`${filter} needs a dict, not ${typeName(given)}`);
}

export function listOf(value: Internal | undefined, filter: string): readonly Internal[] {
  const given = defined(value ?? null);
  if (Array.isArray(given)) return given;
  throw typeError(`${filter} needs a list, not ${typeName(given)}`);
}
