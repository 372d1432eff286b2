/** `with_<lookup>`: the loop form of a lookup. */
import type { Value } from '../core/values.ts';
import type { Node } from '../source/node.ts';
import type { Scope } from './scope.ts';
import type { TemplateEngine } from './template.ts';

const TERMS = '_loop_terms';

/** The items that `with_<name>: terms` goes through: those of `query(name, *terms)`. */
export function loopLookup(
  engine: TemplateEngine,
  name: string,
  terms: Node,
  scope: Scope,
): Value[] {
  const value = engine.evaluateNode(terms, scope);
  const list = Array.isArray(value) ? value : [value];
  const view: Scope = {
    lookup: (variable) => (variable === TERMS ? list : scope.lookup(variable)),
    names: () => scope.names(),
    searchPath: scope.searchPath,
  };
  const { source } = terms;
  const items = engine.evaluateExpression(`query('${name}', *${TERMS})`, view, { source });
  return Array.isArray(items) ? items : [items];
}
