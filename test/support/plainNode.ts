/** A node as JSON-like data, for assertions on whole values. */
import { toPlain } from '../../src/core/values.ts';
import type { Node } from '../../src/source/node.ts';

export function plainNode(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
    case 'data':
      return toPlain(node.value);
    case 'sequence':
      return node.items.map(plainNode);
    case 'mapping':
      return Object.fromEntries(
        node.entries.map(({ key, value }) => [String(key.value), plainNode(value)]),
      );
    default:
      return node satisfies never;
  }
}

export function plainNodes(nodes: ReadonlyMap<string, Node> | undefined): unknown {
  return Object.fromEntries([...(nodes ?? [])].map(([name, node]) => [name, plainNode(node)]));
}
