/** The methods of Python's types, one table per type. */
import { Tuple } from '../../core/values.ts';
import { bytesMethods } from './bytesMethods.ts';
import { dateTimeMember, timeDeltaMember } from './datetimeMethods.ts';
import { dictMethods } from './dictMethods.ts';
import { listMethods, tupleMethods } from './listMethods.ts';
import { numberMember } from './numberMethods.ts';
import { stringMethods } from './stringMethods.ts';
import {
  type Arguments,
  Callable,
  DateTime,
  type Internal,
  isGroupPair,
  isNumber,
  TimeDelta,
} from './types.ts';

/** The attribute or bound method `name` of a value, or undefined when its type has none. */
export function methodOf(value: Internal, name: string): Internal | undefined {
  if (typeof value === 'string') return bound(stringMethods, value, name);
  if (value instanceof Map) return bound(dictMethods, value, name);
  if (value instanceof Tuple) return groupMember(value, name) ?? bound(tupleMethods, value, name);
  if (Array.isArray(value)) return bound(listMethods, value, name);
  if (isNumber(value)) return numberMember(value, name);
  if (value instanceof Uint8Array) return bound(bytesMethods, value, name);
  if (value instanceof DateTime) return dateTimeMember(value, name);
  if (value instanceof Date) return dateTimeMember(new DateTime(value.getTime()), name);
  return value instanceof TimeDelta ? timeDeltaMember(value, name) : undefined;
}

/** Methods that change their object; a template that uses one gets copies of the variables. */
export const MUTATING_METHODS: ReadonlySet<string> = new Set([
  'append',
  'clear',
  'extend',
  'insert',
  'pop',
  'popitem',
  'remove',
  'reverse',
  'setdefault',
  'sort',
  'update',
]);

function groupMember(pair: Internal[], name: string): Internal | undefined {
  if (!isGroupPair(pair)) return undefined;
  return name === 'grouper' ? pair[0] : name === 'list' ? pair[1] : undefined;
}

type Methods<T> = ReadonlyMap<string, (self: T, args: Arguments) => Internal>;

function bound<T>(methods: Methods<T>, self: T, name: string): Callable | undefined {
  const method = methods.get(name);
  return method && new Callable(name, (args) => method(self, args));
}
