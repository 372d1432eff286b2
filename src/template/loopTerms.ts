/** The terms of a `with_<lookup>` loop. */
import { isDict, type Value } from '../core/values.ts';
import type { Node } from '../source/node.ts';
import type { TemplateHost } from './plugins.ts';
import { isUndefinedError, typeError } from './python/errors.ts';
import type { Scope } from './scope.ts';

interface Evaluator {
  readonly host: TemplateHost;
  evaluateNode(node: Node, scope: Scope): Value;
  evaluateExpression(
    text: string,
    scope: Scope,
    origin: { readonly node: Node & { kind: 'scalar' } },
  ): Value;
}

export class LoopTerms {
  readonly #engine: Evaluator;
  readonly #scope: Scope;

  constructor(engine: Evaluator, scope: Scope) {
    this.#engine = engine;
    this.#scope = scope;
  }

  /** A list gives its items, anything else is the one term. `first_found` passes over undefined ones. */
  of(lookup: string, items: Node): readonly Value[] {
    if (/(?:^|\.)first_found$/.test(lookup) && items.kind === 'sequence') {
      return items.items.flatMap((item) => this.#definedOnly(item));
    }
    const bare = this.#bareVariable(items);
    const value = bare === undefined ? this.#engine.evaluateNode(items, this.#scope) : bare;
    if (Array.isArray(value)) return value;
    if (isDict(value) && /(?:^|\.)list$/.test(lookup))
      throw typeError('with_list expects a list, got a dict');
    return [value];
  }

  #definedOnly(node: Node): Value[] {
    try {
      return [this.#engine.evaluateNode(node, this.#scope)];
    } catch (error) {
      if (isUndefinedError(error)) return [];
      throw error;
    }
  }

  /** The old spelling `with_items: users` for `with_items: "{{ users }}"`. */
  #bareVariable(node: Node): Value | undefined {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
    const [name] = /^[A-Za-z_]\w*(?=[\w.[\]'"]*$)/.exec(node.value.trim()) ?? [];
    if (name === undefined || this.#scope.lookup(name) === undefined) return undefined;
    const message = `bare variable "${node.value}" in a loop`;
    this.#engine.host.warn(message, `"{{ ${node.value} }}"`, node.source);
    return this.#engine.evaluateExpression(node.value, this.#scope, { node });
  }
}
