/** Template cases in the typed JSON of `conformance/jinja-open.json`, and how drover answers them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DroverError } from '../../src/core/errors.ts';
import { Float, Tuple, type Value } from '../../src/core/values.ts';
import { dataNode, type Node } from '../../src/source/node.ts';
import { createTemplateEngine } from '../../src/template/create.ts';
import type { Scope } from '../../src/template/scope.ts';
import type { TemplateEngine } from '../../src/template/template.ts';

export type ConformanceMode = 'native' | 'legacy';

export interface JinjaCase {
  readonly id: string;
  readonly kind: 'expr' | 'when' | 'file';
  readonly template: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly value?: unknown;
    readonly native?: unknown;
    readonly string?: string;
    readonly error?: { readonly kind: string; readonly message: string };
  };
}

export interface Miss {
  readonly id: string;
  readonly template: string;
  readonly expected: string;
  readonly actual: string;
}

const SOURCE = { file: 'case.yml', line: 1, column: 1 };

export function readCases(file: string): JinjaCase[] {
  return JSON.parse(readFileSync(file, 'utf8'), keepFloats);
}

/** JSON has one kind of number; `1.5` is a float anyway and whole ones are marked with `$float`. */
function keepFloats(_key: string, value: unknown): unknown {
  return value;
}

/** What drover gives for the case differs from what is expected, or undefined when it does not. */
export function missOf(test: JinjaCase, mode: ConformanceMode): Miss | undefined {
  const expected =
    test.expect.error === undefined
      ? shown(expectedOf(test, mode))
      : `error ${test.expect.error.kind}`;
  const actual = answer(test, mode);
  if (actual === expected || isSameError(expected, actual)) return undefined;
  return { id: test.id, template: test.template, expected, actual };
}

function isSameError(expected: string, actual: string): boolean {
  const isVague = expected === 'error other' || expected === 'error recursion';
  return isVague ? actual.startsWith('error ') : actual.startsWith(`${expected}:`);
}

function expectedOf({ kind, expect }: JinjaCase, mode: ConformanceMode): unknown {
  if (kind === 'file') return expect.string;
  return kind === 'expr' && mode === 'native' ? expect.native : expect.value;
}

function answer(test: JinjaCase, mode: ConformanceMode): string {
  try {
    return shown(encoded(evaluate(test, mode)));
  } catch (error) {
    if (error instanceof DroverError) return `error ${errorKind(error.code)}: ${error.message}`;
    return `CRASH ${error instanceof Error ? error.stack : String(error)}`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  DROVER_UNDEFINED: 'undefined',
  DROVER_TEMPLATE_SYNTAX: 'syntax',
  DROVER_UNKNOWN_FILTER: 'syntax',
  DROVER_UNKNOWN_TEST: 'syntax',
  DROVER_TEMPLATE_TYPE: 'type',
  DROVER_TEMPLATE_ZERO_DIVISION: 'zerodivision',
};

function errorKind(code: string): string {
  return KINDS[code] ?? 'other';
}

function evaluate(test: JinjaCase, mode: ConformanceMode): Value {
  const engine = createTemplateEngine({ mode, environment: process.env });
  const scope = scopeOf(test.vars, engine);
  if (test.kind === 'when')
    return engine.evaluateCondition(test.template, scope, { source: SOURCE });
  if (test.kind === 'expr') return engine.evaluateText(test.template, scope, { source: SOURCE });
  const files = test.files ?? {};
  const load = (name: string) => {
    const text = Object.hasOwn(files, name) ? files[name] : undefined;
    return text === undefined ? undefined : { text, file: name };
  };
  return engine.renderTemplate(test.template, scope, { source: SOURCE, load });
}

function scopeOf(vars: Readonly<Record<string, unknown>>, engine: TemplateEngine): Scope {
  const nodes = new Map(Object.entries(vars).map(([name, value]) => [name, nodeOf(value)]));
  const evaluating = new Set<string>();
  const scope: Scope = {
    names: () => nodes.keys(),
    isTemplated: (name) => {
      const node = nodes.get(name);
      return node?.kind === 'scalar' && typeof node.value === 'string';
    },
    lookup(name) {
      const node = nodes.get(name);
      if (node === undefined) return undefined;
      if (evaluating.has(name)) {
        throw new DroverError(`${name} refers to itself`, { code: 'DROVER_RECURSIVE_VARIABLE' });
      }
      evaluating.add(name);
      try {
        return engine.evaluateNode(node, scope);
      } finally {
        evaluating.delete(name);
      }
    },
  };
  return scope;
}

function nodeOf(json: unknown): Node {
  if (typeof json === 'string')
    return { kind: 'scalar', value: json, style: 'plain', source: SOURCE };
  if (Array.isArray(json)) return { kind: 'sequence', items: json.map(nodeOf), source: SOURCE };
  if (typeof json !== 'object' || json === null) return dataNode(decoded(json), SOURCE);
  const entries = isTyped(json, '$dict') ? pairsOf(json['$dict']) : Object.entries(json);
  if (
    isTyped(json, '$float') ||
    isTyped(json, '$int') ||
    isTyped(json, '$tuple') ||
    isTyped(json, '$unsafe')
  ) {
    return dataNode(decoded(json), SOURCE);
  }
  return {
    kind: 'mapping',
    entries: entries.map(([key, value]) => ({
      key: { kind: 'scalar', value: keyOf(key), style: 'plain', source: SOURCE },
      value: nodeOf(value),
    })),
    source: SOURCE,
  };
}

function keyOf(key: unknown): string | number | boolean | null {
  const value = decoded(key);
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  )
    return value;
  throw new Error(`no key of a case: ${String(key)}`);
}

function isTyped<Key extends string>(json: object, key: Key): json is Record<Key, unknown> {
  return Object.keys(json).length === 1 && key in json;
}

function pairsOf(json: unknown): [unknown, unknown][] {
  return Array.isArray(json) ? json.map(([key, value]) => [key, value]) : [];
}

function decoded(json: unknown): Value {
  if (Array.isArray(json)) return json.map(decoded);
  if (typeof json !== 'object' || json === null) return plainScalar(json);
  if (isTyped(json, '$float')) {
    const value = Number(json['$float']);
    return Number.isInteger(value) ? new Float(value) : value;
  }
  if (isTyped(json, '$int')) return BigInt(String(json['$int']));
  if (isTyped(json, '$unsafe')) return String(json['$unsafe']);
  if (isTyped(json, '$tuple'))
    return Array.isArray(json['$tuple']) ? Tuple.from(json['$tuple'].map(decoded)) : [];
  const entries = isTyped(json, '$dict') ? pairsOf(json['$dict']) : Object.entries(json);
  return new Map(entries.map(([key, value]) => [decoded(key), decoded(value)]));
}

function plainScalar(json: unknown): Value {
  if (
    json === null ||
    typeof json === 'string' ||
    typeof json === 'number' ||
    typeof json === 'boolean'
  )
    return json;
  throw new Error(`no value of a case: ${String(json)}`);
}

/** The value in the cases' typed JSON. */
function encoded(value: Value): unknown {
  if (value instanceof Float) return { $float: floatName(value.value) };
  if (typeof value === 'bigint') return { $int: value.toString() };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $float: String(value) };
  if (value instanceof Tuple) return { $tuple: value.map(encoded) };
  if (Array.isArray(value)) return value.map(encoded);
  if (value instanceof Map) return encodedDict(value);
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  return value instanceof Date ? value.toISOString() : value;
}

function floatName(value: number): string {
  return Math.abs(value) >= 1e16 ? value.toExponential().replace('e+', 'e+') : `${value}.0`;
}

function encodedDict(dict: Map<Value, Value>): unknown {
  const entries = [...dict].map(([key, value]) => [encoded(key), encoded(value)]);
  const isReordered = (key: unknown) => typeof key !== 'string' || /^\d+$/.test(key);
  if (entries.some(([key]) => isReordered(key))) return { $dict: entries };
  return Object.fromEntries(entries);
}

/** One text for equal values. */
function shown(json: unknown): string {
  return JSON.stringify(json);
}

/** The cases of the shared open file, or undefined when it is not beside this project. */
export function openCases(root: string): JinjaCase[] | undefined {
  const file = path.join(root, '..', 'shared', 'conformance', 'jinja-open.json');
  return existsSync(file) ? readCases(file) : undefined;
}
