/** What a syntax tree uses: names from outside, filters, tests and lookups, each with its place inside the text. */
import { didYouMean } from '../core/nearest.ts';
import type { AssignmentTarget, Body, Expression } from './syntax/ast.ts';
import type { Position } from './syntax/syntaxError.ts';
import { type AnyNode, walk } from './syntax/walk.ts';

/** What is known besides variables. */
export interface Known {
  readonly filters: ReadonlyMap<string, unknown>;
  readonly tests: ReadonlyMap<string, unknown>;
  readonly lookups: ReadonlyMap<string, unknown>;
  readonly globals: ReadonlyMap<string, unknown>;
}

/** What a text says wherever it stands: places are those inside the text. */
export interface Analysis {
  readonly unknown: readonly Placed<UnknownPlugin>[];
  /** Variables that come from outside the text. */
  readonly names: readonly Placed<AnalysedName>[];
  readonly filters: readonly string[];
  readonly tests: readonly string[];
  readonly lookups: readonly string[];
}

export type Placed<T> = T & { readonly at: Position };

type PluginKind = 'filter' | 'test' | 'lookup';

export interface UnknownPlugin {
  readonly kind: PluginKind;
  readonly name: string;
  readonly hint: string | undefined;
}

interface AnalysedName {
  readonly name: string;
  /** Whether the template is prepared for its absence (`is defined`, `default`). */
  readonly isOptional: boolean;
}

export function analyse(tree: Body | Expression, known: Known): Analysis {
  return new Analyser(known).analyse(tree);
}

/** Of a lookup that is named without a template, as `with_<name>` does. */
export function analyseLookup(name: string, { lookups }: Known): Analysis {
  const at = { lineno: 0, colno: 0 };
  const hint = didYouMean(name, lookups.keys());
  const unknown = lookups.has(name) ? [] : [{ kind: 'lookup' as const, name, hint, at }];
  return { unknown, names: [], filters: [], tests: [], lookups: [name] };
}

const LOOKUP_FUNCTIONS: ReadonlySet<string> = new Set(['lookup', 'query', 'q']);
/** Names that statements provide inside their bodies. */
const PROVIDED = ['loop', 'self', 'super', 'caller', 'varargs', 'kwargs'];

/** Reads one syntax tree. */
class Analyser {
  readonly #known: Known;
  readonly #unknown: Analysis['unknown'][number][] = [];
  readonly #names = new Map<string, Analysis['names'][number]>();
  readonly #used = {
    filter: new Set<string>(),
    test: new Set<string>(),
    lookup: new Set<string>(),
  };
  readonly #optional = new Set<Expression>();

  constructor(known: Known) {
    this.#known = known;
  }

  analyse(tree: Body | Expression): Analysis {
    const assigned = new Set([...PROVIDED, ...assignedNames(tree)]);
    walk(tree, (node) => {
      this.#visit(node, assigned);
      return true;
    });
    return {
      unknown: this.#unknown,
      names: [...this.#names.values()],
      filters: [...this.#used.filter],
      tests: [...this.#used.test],
      lookups: [...this.#used.lookup],
    };
  }

  #visit(node: AnyNode, assigned: ReadonlySet<string>): void {
    if (node.kind === 'filter') this.#visitFilter(node);
    else if (node.kind === 'test') this.#visitTest(node);
    else if (node.kind === 'call') this.#visitCall(node);
    else if (node.kind === 'name' && !assigned.has(node.value)) this.#addName(node);
  }

  #visitFilter(node: Extract<Expression, { kind: 'filter' }>): void {
    this.#needs('filter', node.name, this.#known.filters, node);
    const isDefault = /(?:^|\.)(?:default|d|mandatory)$/.test(node.name);
    if (isDefault && node.target !== undefined) this.#optional.add(rootOf(node.target));
    if (node.name === 'map')
      this.#needsNamed('filter', node.args.positional[0], this.#known.filters);
    const test = /^(?:select|reject)(attr)?$/.exec(node.name);
    if (test !== null) {
      this.#needsNamed(
        'test',
        node.args.positional[test[1] === undefined ? 0 : 1],
        this.#known.tests,
      );
    }
  }

  #visitTest(node: Extract<Expression, { kind: 'test' }>): void {
    this.#needs('test', node.name, this.#known.tests, node);
    if (node.name === 'defined' || node.name === 'undefined')
      this.#optional.add(rootOf(node.target));
  }

  #visitCall(node: Extract<Expression, { kind: 'call' }>): void {
    if (node.callee.kind !== 'name' || !LOOKUP_FUNCTIONS.has(node.callee.value)) return;
    this.#needsNamed('lookup', node.args.positional[0], this.#known.lookups);
  }

  #needsNamed(
    kind: PluginKind,
    name: Expression | undefined,
    known: ReadonlyMap<string, unknown>,
  ): void {
    if (name?.kind === 'literal' && typeof name.value === 'string') {
      this.#needs(kind, name.value, known, name);
    }
  }

  #needs(kind: PluginKind, name: string, known: ReadonlyMap<string, unknown>, at: Position): void {
    this.#used[kind].add(name);
    if (known.has(name)) return;
    this.#unknown.push({ kind, name, hint: didYouMean(name, known.keys()), at });
  }

  #addName(node: Extract<Expression, { kind: 'name' }>): void {
    const name = node.value;
    if (this.#known.globals.has(name) || LOOKUP_FUNCTIONS.has(name)) return;
    const isOptional = this.#optional.has(node) || this.#names.get(name)?.isOptional === true;
    const { lineno, colno } = node;
    const at = this.#names.get(name)?.at ?? { lineno, colno };
    this.#names.set(name, { name, at, isOptional });
  }
}

/** The variable at the root of `a.b['c']`. */
function rootOf(node: Expression): Expression {
  return node.kind === 'attribute' || node.kind === 'element' ? rootOf(node.target) : node;
}

function assignedNames(tree: Body | Expression): Set<string> {
  const names = new Set<string>();
  walk(tree, (node) => {
    if (node.kind === 'for' || node.kind === 'set' || node.kind === 'capture')
      addTarget(node.target, names);
    if (node.kind === 'with') for (const { target } of node.assignments) addTarget(target, names);
    if (node.kind === 'macro' || node.kind === 'import') names.add(node.name);
    if (node.kind === 'macro' || node.kind === 'callBlock') {
      for (const { name } of node.parameters) names.add(name);
    }
    if (node.kind === 'fromImport') for (const { alias } of node.names) names.add(alias);
    return true;
  });
  return names;
}

function addTarget(target: AssignmentTarget, names: Set<string>): void {
  if (target.kind === 'name') names.add(target.value);
  if (target.kind === 'targets') for (const item of target.items) addTarget(item, names);
}
