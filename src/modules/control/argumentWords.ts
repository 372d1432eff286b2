/** What is told of arguments that do not fit their spec, in the words that playbooks compare `argument_errors` with. */
import { isDict, type Value } from '../../core/values.ts';

/** Names of the dicts around an option, outermost first. */
export type Path = readonly string[];

/** ` found in a -> b`; nothing at the top. */
export function foundIn(path: Path): string {
  return path.length === 0 ? '' : ` found in ${path.join(' -> ')}`;
}

export function wrongType(name: string, path: Path, type: string, value: Value): string {
  return `argument '${name}' is of type ${className(value)}${quotedPlace(path)} ${unable(type, value)}`;
}

export function wrongElement(name: string, path: Path, type: string, value: Value): string {
  return `Elements value for option '${name}' is of type ${className(value)}${quotedPlace(path)} ${unable(type, value)}`;
}

/** What is said of a text where a dict with options of its own belongs. */
export function wrongDict(name: string, path: Path, value: Value): string[] {
  const place = foundIn(path);
  return [
    `value of '${name}' must be of type dict or list of dicts${place}`,
    whyNot('dict', value),
  ];
}

function quotedPlace(path: Path): string {
  return path.length === 0 ? '' : ` found in '${path.join(' -> ')}'.`;
}

function unable(type: string, value: Value): string {
  return `and we were unable to convert to ${type}: ${whyNot(type, value)}`;
}

function whyNot(type: string, value: Value): string {
  const isText = typeof value === 'string';
  if (type === 'bool') {
    const shown = isText ? `'${value}'` : String(value);
    return `The value ${shown} is not a valid boolean.  Valid booleans include: ${BOOLEANS}`;
  }
  if (type === 'dict' && isText) return 'dictionary requested, could not parse JSON or key=value';
  return `${className(value)} cannot be converted to ${NAMES[type] ?? `a ${type}`}`;
}

const BOOLEANS = "0, 1, 'y', 'yes', 'on', '1', 'true', 't', 'n', 'no', 'off', '0', 'false', 'f'";

const NAMES: Readonly<Record<string, string>> = {
  int: 'an int',
  bytes: 'a Byte value',
  bits: 'a Bit value',
};

/** The type as Python prints it. */
function className(value: Value): string {
  return `<class '${typeName(value)}'>`;
}

function typeName(value: Value): string {
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return 'list';
  if (isDict(value)) return 'dict';
  if (value === null) return 'NoneType';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Date) return 'datetime.date';
  if (typeof value === 'bigint' || Number.isInteger(value)) return 'int';
  return 'float';
}
