/** Dicts joined key by key, as `hash_behaviour = merge` and `include_vars` with it ask. Pure. */
import { type MappingEntry, type MappingNode, type Node, nodeOfData } from './node.ts';

/** Two dicts merged at every depth, `later` winning; of anything else `later` alone. */
export function mergeNodes(earlier: Node, later: Node): Node {
  const before = asMapping(earlier);
  const after = asMapping(later);
  if (before === undefined || after === undefined) return later;
  const entries = new Map(before.entries.map((entry) => [entry.key.value, entry]));
  for (const { key, value } of after.entries) {
    const known: MappingEntry | undefined = entries.get(key.value);
    entries.set(key.value, {
      key,
      value: known === undefined ? value : mergeNodes(known.value, value),
    });
  }
  return { ...after, entries: [...entries.values()] } satisfies MappingNode;
}

/** Whether a value would be merged, not replaced. */
export function isDict(node: Node): boolean {
  return asMapping(node) !== undefined;
}

function asMapping(node: Node): MappingNode | undefined {
  if (node.kind === 'mapping') return node;
  return node.kind === 'data' ? nodeOfData(node) : undefined;
}
