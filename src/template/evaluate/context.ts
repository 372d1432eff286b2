/** One evaluation as plugins see it: registries by name, the host, and the scope. */
import { TemplateError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Source } from '../../core/source.ts';
import type { Value } from '../../core/values.ts';
import { callLookup } from '../lookups/call.ts';
import type { Filter, Lookup, LookupContext, SearchPath, TemplateHost, Test } from '../plugins.ts';
import { isUndefinedError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { type Arguments, Callable, type Internal } from '../python/types.ts';
import type { Scope } from '../scope.ts';
import { runFilter } from './call.ts';

/** What an evaluation needs of the engine. */
export interface Engine {
  readonly host: TemplateHost;
  readonly filters: ReadonlyMap<string, Filter>;
  readonly tests: ReadonlyMap<string, Test>;
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** Whether `jinja2_native` is asked for. */
  readonly isNative: boolean;
  evaluateText(text: string, scope: Scope): Value;
  renderLookupFile(
    file: string,
    scope: Scope,
    extra: ReadonlyMap<string, Value>,
    syntax: ReadonlyMap<string, Internal>,
  ): string;
}

export class EvaluationContext implements LookupContext {
  readonly scope: Scope;
  readonly #engine: Engine;
  readonly #searchPath: SearchPath | undefined;
  /** The latest text that a filter or lookup gave which is to stay text (`to_json`). */
  keptText: string | undefined;

  constructor(engine: Engine, scope: Scope, searchPath: SearchPath | undefined) {
    this.#engine = engine;
    this.scope = scope;
    this.#searchPath = searchPath;
  }

  get host(): TemplateHost {
    return this.#engine.host;
  }

  get isNative(): boolean {
    return this.#engine.isNative;
  }

  get searchPath(): SearchPath {
    return this.#searchPath ?? this.scope.searchPath ?? (() => this.#directories());
  }

  hasFilter(name: string): boolean {
    return this.#engine.filters.has(name);
  }

  hasTest(name: string): boolean {
    return this.#engine.tests.has(name);
  }

  /** @param place of the filter's name, where it is known. */
  applyFilter(
    name: string,
    value: Internal,
    args: Arguments,
    place?: () => Source | undefined,
  ): Internal {
    const filter = this.#engine.filters.get(name);
    if (filter === undefined) throw unknown('filter', name, this.#engine.filters.keys());
    if (filter.replacedBy !== undefined) {
      this.host.warn(`the filter "${name}" is a test now`, `"${filter.replacedBy}"`, place?.());
    }
    const result = runFilter(filter, () => filter(value, args, this), value);
    if (filter.givesText === true && typeof result === 'string') this.keptText = result;
    return result;
  }

  applyTest(name: string, value: Internal, args: Arguments): boolean {
    const test = this.#engine.tests.get(name);
    if (test === undefined) throw unknown('test', name, this.#engine.tests.keys());
    return test(value, args, this);
  }

  /** The functions `lookup`, `query` and `q`, bound to this evaluation. */
  lookupFunction(name: string): Callable | undefined {
    if (name !== 'lookup' && name !== 'query' && name !== 'q') return undefined;
    return new Callable(name, (args) => this.callLookup(args, name !== 'lookup'), 'method');
  }

  callLookup(args: Arguments, isQuery: boolean): Internal {
    return callLookup((plugin) => this.#lookup(plugin), args, this, isQuery);
  }

  evaluate(text: string): Value {
    return this.#engine.evaluateText(text, this.scope);
  }

  renderFile(
    file: string,
    extra: ReadonlyMap<string, Value>,
    syntax: ReadonlyMap<string, Internal>,
  ): string {
    return this.#engine.renderLookupFile(file, this.scope, extra, syntax);
  }

  keepText(text: string): void {
    this.keptText = text;
  }

  #lookup(name: string): Lookup {
    const lookup = this.#engine.lookups.get(name);
    if (lookup === undefined) throw unknown('lookup', name, this.#engine.lookups.keys());
    return lookup;
  }

  /** What the run says of the place of the task (`ansible_search_path`), or the playbook's directory. */
  #directories(): readonly string[] {
    const path = this.#variable('ansible_search_path');
    if (Array.isArray(path) && path.length > 0) return path.map(str);
    const playbook = this.#variable('playbook_dir');
    return [typeof playbook === 'string' ? playbook : this.host.baseDirectory];
  }

  #variable(name: string): Value | undefined {
    try {
      return this.scope.lookup(name);
    } catch (error) {
      if (isUndefinedError(error)) return undefined;
      throw error;
    }
  }
}

function unknown(kind: 'filter' | 'test' | 'lookup', name: string, known: Iterable<string>): Error {
  return new TemplateError(`unknown ${kind} "${name}"`, {
    code: `DROVER_UNKNOWN_${kind.toUpperCase()}`,
    hint: didYouMean(name, known),
  });
}
