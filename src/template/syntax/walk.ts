/** Visits the nodes of a syntax tree, parents first. */
import type { Body, Expression, Statement } from './ast.ts';

export type AnyNode = Expression | Statement;

/** Calls `visit` for every expression and statement; inner ones are left out where it gives false. */
export function walk(tree: Body | AnyNode, visit: (node: AnyNode) => boolean): void {
  walkAny(tree, visit);
}

function walkAny(part: unknown, visit: (node: AnyNode) => boolean): void {
  if (Array.isArray(part)) {
    for (const item of part) walkAny(item, visit);
  } else if (typeof part === 'object' && part !== null && part.constructor === Object) {
    if (isNode(part) && !visit(part)) return;
    for (const item of Object.values(part)) walkAny(item, visit);
  }
}

function isNode(part: object): part is AnyNode {
  return 'kind' in part;
}
