/**
 * The variables that one task sees on one host: layers of unevaluated nodes, highest precedence first. A variable is
 * evaluated when it is first read, in the scope that reads it, and remembered for as long as it cannot change.
 */
import { TemplateError } from '../core/errors.ts';
import type { Value } from '../core/values.ts';
import { isDict, mergeNodes } from '../source/mergeNodes.ts';
import type { Node } from '../source/node.ts';
import { dataNode } from '../source/node.ts';
import type { Scope, SearchPath } from '../template/scope.ts';

/** One level of precedence. */
export interface Layer {
  get(name: string): Node | undefined;
  names(): Iterable<string>;
}

export type EvaluateNode = (node: Node, scope: Scope) => Value;

const NOWHERE = { file: '<data>', line: 1, column: 1 };

export function nodeLayer(variables: ReadonlyMap<string, Node>): Layer {
  return { get: (name) => variables.get(name), names: () => variables.keys() };
}

/** Values that are no templates: facts, registered results, loop items. */
export function dataLayer(values: ReadonlyMap<string, Value>): Layer {
  return {
    get(name) {
      const value = values.get(name);
      return value === undefined ? undefined : dataNode(value, NOWHERE);
    },
    names: () => values.keys(),
  };
}

/** Values computed on demand, e.g. `hostvars`; each at most once for a scope. */
export function lazyLayer(values: Readonly<Record<string, () => Value | undefined>>): Layer {
  return {
    get(name) {
      const value = Object.hasOwn(values, name) ? values[name]?.() : undefined;
      return value === undefined ? undefined : dataNode(value, NOWHERE);
    },
    names: () => Object.keys(values),
  };
}

export class VariableScope implements Scope {
  readonly #layers: readonly Layer[];
  readonly #evaluate: EvaluateNode;
  readonly #mergesDicts: boolean;
  readonly #values = new Map<string, Value>();
  readonly #evaluating = new Set<string>();

  readonly searchPath: SearchPath | undefined;

  /** @param mergesDicts whether dicts of one name are merged over all layers (`hash_behaviour = merge`). */
  constructor(
    layers: readonly Layer[],
    evaluate: EvaluateNode,
    searchPath?: SearchPath,
    mergesDicts = false,
  ) {
    this.#layers = layers;
    this.#evaluate = evaluate;
    this.#mergesDicts = mergesDicts;
    this.searchPath = searchPath;
  }

  lookup(name: string): Value | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const node = this.node(name);
    if (node === undefined) return undefined;
    const value = this.evaluate(name, node, this);
    this.#values.set(name, value);
    return value;
  }

  /** The unevaluated node that wins for `name`. */
  node(name: string): Node | undefined {
    if (this.#mergesDicts) return this.#mergedNode(name);
    for (const layer of this.#layers) {
      const node = layer.get(name);
      if (node !== undefined) return node;
    }
    return undefined;
  }

  /** From the highest layer down to the first value that is no dict. */
  #mergedNode(name: string): Node | undefined {
    let merged: Node | undefined;
    for (const layer of this.#layers) {
      const node = layer.get(name);
      if (node === undefined) continue;
      if (merged === undefined) merged = node;
      else if (isDict(node)) merged = mergeNodes(node, merged);
      else break;
      if (!isDict(merged)) break;
    }
    return merged;
  }

  *names(): Iterable<string> {
    const seen = new Set<string>();
    for (const layer of this.#layers) {
      for (const name of layer.names()) {
        if (!seen.has(name)) yield name;
        seen.add(name);
      }
    }
  }

  /** This scope with more values on top: `item`, a registered result. Reads through it share what they can. */
  with(overrides: ReadonlyMap<string, Value>): OverlayScope {
    return new OverlayScope(this, overrides);
  }

  /** @internal For scopes laid over this one. */
  remembered(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** @internal */
  remember(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** @internal Evaluates `node`, the value of `name`, reading through `reader`. @throws TemplateError for a variable that needs itself. */
  evaluate(name: string, node: Node, reader: Scope): Value {
    if (node.kind === 'data') return node.value;
    if (this.#evaluating.has(name)) throw recursion(name, node);
    this.#evaluating.add(name);
    try {
      return this.#evaluate(node, reader);
    } finally {
      this.#evaluating.delete(name);
    }
  }
}

/**
 * A scope with values laid over it. What is read through it without touching an overlaid value holds for the base too
 * and is remembered there, so that a loop of 1,000 items evaluates each common variable once.
 */
export class OverlayScope implements Scope {
  readonly #base: VariableScope;
  readonly #overrides: ReadonlyMap<string, Value>;
  readonly #values = new Map<string, Value>();
  #hasTouchedOverride = false;

  constructor(base: VariableScope, overrides: ReadonlyMap<string, Value>) {
    this.#base = base;
    this.#overrides = overrides;
  }

  get searchPath(): SearchPath | undefined {
    return this.#base.searchPath;
  }

  lookup(name: string): Value | undefined {
    for (const volatile of [this.#overrides, this.#values]) {
      const value = volatile.get(name);
      if (value === undefined) continue;
      this.#hasTouchedOverride = true;
      return value;
    }
    const shared = this.#base.remembered(name);
    if (shared !== undefined) return shared;
    const node = this.#base.node(name);
    return node === undefined ? undefined : this.#evaluate(name, node);
  }

  #evaluate(name: string, node: Node): Value {
    const hadTouched = this.#hasTouchedOverride;
    this.#hasTouchedOverride = false;
    const value = this.#base.evaluate(name, node, this);
    if (this.#hasTouchedOverride) this.#values.set(name, value);
    else this.#base.remember(name, value);
    this.#hasTouchedOverride ||= hadTouched;
    return value;
  }

  *names(): Iterable<string> {
    yield* this.#overrides.keys();
    for (const name of this.#base.names()) if (!this.#overrides.has(name)) yield name;
  }

  with(overrides: ReadonlyMap<string, Value>): OverlayScope {
    return new OverlayScope(this.#base, new Map([...this.#overrides, ...overrides]));
  }
}

/** Either kind of scope of a task. */
export type TaskScope = VariableScope | OverlayScope;

function recursion(name: string, node: Node): TemplateError {
  return new TemplateError(`variable "${name}" is defined by itself`, {
    code: 'DROVER_RECURSIVE_VARIABLE',
    source: node.source,
    hint: 'a variable cannot use its own value; give the new value another name',
  });
}
