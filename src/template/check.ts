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
  /** As `errors`, for plugins of other collections: no mistake of the author, and perhaps nothing evaluates them. */
  readonly missing: readonly TemplateError[];
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

const NOTHING: TextCheck = {
  errors: [],
  missing: [],
  names: [],
  filters: [],
  tests: [],
  lookups: [],
};

/** What a text says wherever it stands: places are those inside the text. */
interface Analysis extends Pick<TextCheck, 'filters' | 'tests' | 'lookups'> {
  readonly unknown: readonly Placed<UnknownPlugin>[];
  readonly names: readonly Placed<Omit<UsedName, 'source'>>[];
}

type Placed<T> = T & { readonly at: Position };

type PluginKind = 'filter' | 'test' | 'lookup';

interface UnknownPlugin {
  readonly kind: PluginKind;
  readonly name: string;
  readonly hint: string | undefined;
}

/** Entries; conditions made in loops must not fill the memory. */
const MAX_ENTRIES = 1_000;

/** Checks texts, each different condition once: a role repeats its conditions, other texts are mostly different. */
export class TextChecks {
  readonly #known: Known;
  /** Of expressions. Without those that use unknown plugins: somebody may add them. */
  readonly #sound = new Map<string, Analysis>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** The lookup of a `with_<name>` loop. */
  checkLookup(name: string, origin: Origin): TextCheck {
    const checker = new Checker(this.#known);
    return placed(checker.lookup(name), origin);
  }

  check(text: string, origin: Origin, kind: CheckKind, syntax = SYNTAX[kind]): TextCheck {
    try {
      return placed(this.#analysis(text, origin, kind, syntax), origin);
    } catch (error) {
      if (error instanceof TemplateError) return { ...NOTHING, errors: [error] };
      throw error;
    }
  }

  #analysis(text: string, origin: Origin, kind: CheckKind, syntax: SyntaxOptions): Analysis {
    if (kind === 'expression') return this.#expression(text, origin);
    const body = withPlace(origin, () => parseTemplate(text, syntax));
    return new Checker(this.#known).check(body);
  }

  #expression(text: string, origin: Origin): Analysis {
    const sound = this.#sound.get(text);
    if (sound !== undefined) return sound;
    const tree = withPlace(origin, () => parseBareExpression(text, SYNTAX.expression));
    const analysis = new Checker(this.#known).check(tree);
    if (analysis.unknown.length > 0) return analysis;
    if (this.#sound.size >= MAX_ENTRIES) this.#sound.clear();
    this.#sound.set(text, analysis);
    return analysis;
  }
}

const SYNTAX: Readonly<Record<CheckKind, SyntaxOptions>> = {
  text: PLAYBOOK_SYNTAX,
  expression: FILE_SYNTAX,
  file: FILE_SYNTAX,
};

function placed({ unknown, names, ...plugins }: Analysis, origin: Origin): TextCheck {
  const place = (at: Position): Source | undefined => placeInFile(origin, at) ?? origin.source;
  return {
    ...plugins,
    errors: unknown
      .filter(({ name }) => collectionOf(name) === undefined)
      .map((plugin) => unknownPlugin(plugin, place(plugin.at))),
    missing: unknown
      .filter(({ name }) => collectionOf(name) !== undefined)
      .map((plugin) => missingPlugin(plugin, place(plugin.at))),
    names: names.map(({ name, isOptional, at }) => ({ name, isOptional, source: place(at) })),
  };
}

function unknownPlugin(
  { kind, name, hint }: UnknownPlugin,
  source: Source | undefined,
): TemplateError {
  const code = `DROVER_UNKNOWN_${kind.toUpperCase()}`;
  return new TemplateError(`unknown ${kind} "${name}"`, { code, hint, source });
}

function missingPlugin({ kind, name }: UnknownPlugin, source: Source | undefined): TemplateError {
  const message = `drover does not have the ${kind} "${name}" of ${collectionOf(name)}`;
  const code = `DROVER_UNKNOWN_${kind.toUpperCase()}`;
  return new TemplateError(message, { code, hint: 'what uses it fails', source });
}

/** The collection in a plugin's name; undefined for those of ansible-core, of which there are no more than drover has. */
function collectionOf(name: string): string | undefined {
  const collection = /^(\w+\.\w+)\./.exec(name)?.[1];
  return collection?.startsWith('ansible.builtin') || collection?.startsWith('ansible.legacy')
    ? undefined
    : collection;
}

const LOOKUP_FUNCTIONS: ReadonlySet<string> = new Set(['lookup', 'query', 'q']);
/** Names that statements provide inside their bodies. */
const PROVIDED = ['loop', 'self', 'super', 'caller', 'varargs', 'kwargs'];

class Checker {
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

  check(tree: Body | Expression): Analysis {
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

  lookup(name: string): Analysis {
    this.#needs('lookup', name, this.#known.lookups, { lineno: 0, colno: 0 });
    return { unknown: this.#unknown, names: [], filters: [], tests: [], lookups: [name] };
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
