/** What can be said about a template before it is evaluated: its syntax, the plugins and the names it uses. */
import { TemplateError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Source } from '../core/source.ts';
import { withPlace } from './compileCache.ts';
import { type Origin, placeInFile } from './origin.ts';
import type { AssignmentTarget, Body, Expression } from './syntax/ast.ts';
import { parseBareExpression, parseTemplate } from './syntax/parser.ts';
import type { Position } from './syntax/syntaxError.ts';
import { FILE_SYNTAX, PLAYBOOK_SYNTAX, type SyntaxOptions } from './syntax/tokens.ts';
import { type AnyNode, walk } from './syntax/walk.ts';

export interface UsedName {
  readonly name: string;
  readonly source: Source | undefined;
  /** Whether the template is prepared for its absence (`is defined`, `default`). */
  readonly isOptional: boolean;
}

export interface TextCheck {
  /** Errors that every evaluation would meet: syntax, unknown filters, tests and lookups. */
  readonly errors: readonly TemplateError[];
  /** Variables that come from outside the template. */
  readonly names: readonly UsedName[];
  readonly filters: readonly string[];
  readonly tests: readonly string[];
  readonly lookups: readonly string[];
}

/** What is known besides variables. */
export interface Known {
  readonly filters: ReadonlyMap<string, unknown>;
  readonly tests: ReadonlyMap<string, unknown>;
  readonly lookups: ReadonlyMap<string, unknown>;
  readonly globals: ReadonlyMap<string, unknown>;
}

export type CheckKind = 'text' | 'expression' | 'file';

const NOTHING: TextCheck = { errors: [], names: [], filters: [], tests: [], lookups: [] };

export function checkText(
  text: string,
  origin: Origin,
  known: Known,
  kind: CheckKind,
  syntax: SyntaxOptions = kind === 'file' ? FILE_SYNTAX : PLAYBOOK_SYNTAX,
): TextCheck {
  try {
    const tree = withPlace(origin, () =>
      kind === 'expression' ? parseBareExpression(text, FILE_SYNTAX) : parseTemplate(text, syntax),
    );
    return new Checker(origin, known).check(tree);
  } catch (error) {
    if (error instanceof TemplateError) return { ...NOTHING, errors: [error] };
    throw error;
  }
}

const LOOKUP_FUNCTIONS: ReadonlySet<string> = new Set(['lookup', 'query', 'q']);
/** Names that statements provide inside their bodies. */
const PROVIDED = ['loop', 'self', 'super', 'caller', 'varargs', 'kwargs'];

class Checker {
  readonly #origin: Origin;
  readonly #known: Known;
  readonly #errors: TemplateError[] = [];
  readonly #names = new Map<string, UsedName>();
  readonly #used = {
    filter: new Set<string>(),
    test: new Set<string>(),
    lookup: new Set<string>(),
  };
  readonly #optional = new Set<Expression>();

  constructor(origin: Origin, known: Known) {
    this.#origin = origin;
    this.#known = known;
  }

  check(tree: Body | Expression): TextCheck {
    const assigned = new Set([...PROVIDED, ...assignedNames(tree)]);
    walk(tree, (node) => {
      this.#visit(node, assigned);
      return true;
    });
    return {
      errors: this.#errors,
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
    kind: 'filter' | 'test' | 'lookup',
    name: Expression | undefined,
    known: ReadonlyMap<string, unknown>,
  ): void {
    if (name?.kind === 'literal' && typeof name.value === 'string') {
      this.#needs(kind, name.value, known, name);
    }
  }

  #needs(
    kind: 'filter' | 'test' | 'lookup',
    name: string,
    known: ReadonlyMap<string, unknown>,
    at: Position,
  ): void {
    this.#used[kind].add(name);
    if (known.has(name)) return;
    this.#errors.push(
      new TemplateError(`unknown ${kind} "${name}"`, {
        code: `DROVER_UNKNOWN_${kind.toUpperCase()}`,
        hint: didYouMean(name, known.keys()),
        source: this.#place(at),
      }),
    );
  }

  #addName(node: Extract<Expression, { kind: 'name' }>): void {
    const name = node.value;
    if (this.#known.globals.has(name) || LOOKUP_FUNCTIONS.has(name)) return;
    const isOptional = this.#optional.has(node) || this.#names.get(name)?.isOptional === true;
    const source = this.#names.get(name)?.source ?? this.#place(node);
    this.#names.set(name, { name, source, isOptional });
  }

  #place(at: Position): Source | undefined {
    return placeInFile(this.#origin, at) ?? this.#origin.source;
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
