/**
 * Checks values against an argument spec, as roles declare them in `meta/argument_specs.yml`. Source of the rules: the
 * documentation of argument specs in Ansible's developer guide ("Argument spec", "Dependencies between module options").
 */
import { Float, isDict, type Value } from '../../core/values.ts';
import { conditionErrors } from './argumentConditions.ts';
import { foundIn, type Path, wrongDict, wrongElement, wrongType } from './argumentWords.ts';

export type Arguments = ReadonlyMap<string, Value>;

type Check = (value: Value) => boolean;

const BOOLEANS = /^(y|yes|on|1|true|t|n|no|off|0|false|f)$/i;

const TYPES: Readonly<Record<string, Check>> = {
  str: isText,
  path: isText,
  bool: (value) => typeof value === 'boolean' || BOOLEANS.test(scalarText(value)),
  int: (value) => isInteger(value) || /^\s*[-+]?\d+\s*$/.test(scalarText(value)),
  float: (value) => typeof value === 'number' || value instanceof Float || isNumeric(value),
  list: (value) => Array.isArray(value) || isText(value),
  dict: (value) => isDict(value) || (typeof value === 'string' && /[=:]/.test(value)),
  raw: () => true,
  json: (value) => value !== null,
  jsonarg: (value) => value !== null,
  bytes: (value) => isInteger(value) || /^\s*[\d.]+\s*[kmgtpezy]?i?b?\s*$/i.test(scalarText(value)),
  bits: (value) => isInteger(value) || /^\s*[\d.]+\s*[kmgtpezy]?b?\s*$/i.test(scalarText(value)),
};

/** What is wrong with `values`; one sentence each. @param options the `options` of an entry point. */
export function argumentErrors(options: Arguments, values: Arguments): string[] {
  return optionErrors(options, values, []);
}

function optionErrors(options: Arguments, values: Arguments, path: Path): string[] {
  const given = withAliases(options, values);
  const missing = [...options].filter(([name, spec]) => isRequired(spec) && !given.has(name));
  const errors = [...options].flatMap(([name, spec]) => {
    const value = given.get(name);
    return value === undefined || value === null ? [] : valueErrors(name, path, spec, value);
  });
  if (missing.length === 0) return errors;
  const names = missing.map(([name]) => name).sort();
  return [`missing required arguments: ${names.join(', ')}${foundIn(path)}`, ...errors];
}

function valueErrors(name: string, path: Path, spec: Value, value: Value): string[] {
  const type = textOf(spec, 'type') ?? 'str';
  if (TYPES[type]?.(value) === false) {
    const needsDict = type === 'dict' && isDict(optionsOf(spec)) && isText(value);
    return [wrongType(name, path, type, value), ...(needsDict ? wrongDict(name, path, value) : [])];
  }
  const errors = [...choiceErrors(name, spec, value)];
  const items = type === 'list' && Array.isArray(value) ? value : [value];
  const elements = type === 'list' ? textOf(spec, 'elements') : undefined;
  if (elements !== undefined) {
    const wrong = items.filter((item) => TYPES[elements]?.(item) === false);
    errors.push(...wrong.map((item) => wrongElement(name, path, elements, item)));
  }
  return [...errors, ...nestedErrors([...path, name], spec, items)];
}

function choiceErrors(name: string, spec: Value, value: Value): string[] {
  const choices = isDict(spec) ? spec.get('choices') : undefined;
  if (!Array.isArray(choices)) return [];
  const known = new Set(choices.map(scalarText));
  const values = Array.isArray(value) ? value : [value];
  const unknown = values.filter((item) => !known.has(scalarText(item)));
  if (unknown.length === 0) return [];
  return [
    `value of ${name} must be one of: ${[...known].join(', ')}, got: ${unknown.map(scalarText).join(', ')}`,
  ];
}

/** The sub-options of a dict, or of each dict in a list; null when there are none. */
function optionsOf(spec: Value): Value {
  return isDict(spec) ? (spec.get('options') ?? null) : null;
}

/** @param path of the dict, its own name last. */
function nestedErrors(path: Path, spec: Value, items: readonly Value[]): string[] {
  const options = optionsOf(spec);
  if (!isDict(options)) return [];
  const inner = options as Arguments;
  return items.flatMap((item) => {
    if (!isDict(item)) return [];
    const values = item as Arguments;
    return [
      ...unknownErrors(inner, values, `${path.join('.')}.`),
      ...conditionErrors(spec as Arguments, withAliases(inner, values), path.join(' -> ')),
      ...optionErrors(inner, values, path),
    ];
  });
}

/** Values that no option takes. @param path of the dict that holds them, with a dot; empty at the top. */
export function unknownErrors(options: Arguments, values: Arguments, path = ''): string[] {
  const known = knownNames(options);
  const unknown = [...values.keys()].map(String).filter((key) => !known.has(key));
  if (unknown.length === 0) return [];
  const names = unknown.map((key) => `${path}${key}`).sort();
  return [`${names.join(', ')}. Supported parameters include: ${[...known].sort().join(', ')}.`];
}

function withAliases(options: Arguments, values: Arguments): Map<string, Value> {
  const given = new Map<string, Value>();
  for (const [name, spec] of options) {
    for (const known of [name, ...aliasesOf(spec)]) {
      const value = values.get(known);
      if (value !== undefined && !given.has(name)) given.set(name, value);
    }
    const fallback = isDict(spec) ? spec.get('default') : undefined;
    if (fallback !== undefined && !given.has(name)) given.set(name, fallback);
  }
  return given;
}

/** Every name that values may go by. */
export function knownNames(options: Arguments): ReadonlySet<string> {
  return new Set([...options].flatMap(([name, spec]) => [name, ...aliasesOf(spec)]));
}

function aliasesOf(spec: Value): string[] {
  const aliases = isDict(spec) ? spec.get('aliases') : undefined;
  return Array.isArray(aliases) ? aliases.map(String) : [];
}

function isRequired(spec: Value): boolean {
  return isDict(spec) && spec.get('required') === true;
}

function textOf(spec: Value, key: string): string | undefined {
  const value = isDict(spec) ? spec.get(key) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isText(value: Value): boolean {
  return value !== null && !Array.isArray(value) && !isDict(value);
}

function isInteger(value: Value): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function isNumeric(value: Value): boolean {
  const text = scalarText(value).trim();
  return text !== '' && Number.isFinite(Number(text));
}

/** A scalar as Python prints it; empty for lists and dicts. */
function scalarText(value: Value): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Float) return `${value.value}.0`;
  return isText(value) ? String(value) : '';
}
