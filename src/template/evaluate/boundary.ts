/** What leaves a template: `Value`s only. Ranges and views become lists, dates and functions their text. */
import { Float, Tuple, type Value } from '../../core/values.ts';
import { undefinedError } from '../python/errors.ts';
import { iterate } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { DictView, type Internal, PythonSet, Range, Undefined } from '../python/types.ts';

/** The value as data; lists and dicts that hold only data are given as they are. @throws TemplateError for undefined parts. */
export function toValue(internal: Internal): Value {
  if (typeof internal !== 'object' || internal === null) return internal;
  if (Array.isArray(internal)) return listValue(internal);
  if (internal instanceof Map)
    return isPlainDict(internal) ? dictValue(internal) : dataDict(internal);
  if (internal instanceof Float || internal instanceof Uint8Array || internal instanceof Date) {
    return internal;
  }
  if (internal instanceof Undefined && internal.isLenient) return '';
  if (internal instanceof Undefined) throw undefinedError(internal);
  if (internal instanceof Range || internal instanceof DictView || internal instanceof PythonSet) {
    return iterate(internal).map(toValue);
  }
  return str(internal);
}

/** Dicts of other classes compute their values when read (`hostvars`): they hold data, and are not to be walked. */
function isPlainDict(dict: Map<Internal, Internal>): boolean {
  return Object.getPrototypeOf(dict) === Map.prototype;
}

function dataDict(dict: Map<Internal, Internal>): Value {
  return dict as Map<Value, Value>;
}

/** As `toValue` for what a variable or a part of one gave: lists and dicts are data already, however large. */
export function toValueOfPath(internal: Internal): Value {
  if (Array.isArray(internal)) return asValues(internal);
  return internal instanceof Map ? dataDict(internal) : toValue(internal);
}

function listValue(list: Internal[]): Value {
  let result: Value[] | undefined;
  for (const [index, item] of list.entries()) {
    const value = toValue(item);
    if (value === item) continue;
    result ??= list instanceof Tuple ? Tuple.from(asValues(list)) : [...asValues(list)];
    result[index] = value;
  }
  return result ?? asValues(list);
}

/** Items already found to be data are typed as such; the others are replaced by the caller. */
function asValues(list: Internal[]): Value[] {
  return list as Value[];
}

function dictValue(dict: Map<Internal, Internal>): Value {
  let isData = true;
  const entries: [Value, Value][] = [];
  for (const [key, item] of dict) {
    const entry: [Value, Value] = [toValue(key), toValue(item)];
    isData &&= entry[0] === key && entry[1] === item;
    entries.push(entry);
  }
  return isData ? (dict as Map<Value, Value>) : new Map(entries);
}
