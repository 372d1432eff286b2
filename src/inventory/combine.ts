/** How variables of one name from several places become one (`hash_behaviour`). Pure. */
import type { MappingNode, Node } from '../source/node.ts';

type Variables = ReadonlyMap<string, Node>;
/** @param layers later ones win. */
export type Combine = (layers: readonly Variables[]) => Variables;

/** The last one counts. The default. */
export const combineReplacing: Combine = (layers) => {
  const filled = layers.filter((layer) => layer.size > 0);
  if (filled.length === 1 && filled[0] !== undefined) return filled[0];
  return new Map(filled.flatMap((layer) => [...layer]));
};

/** Dicts are merged, at every depth; of anything else the last one counts. */
export const combineMerging: Combine = (layers) => {
  const merged = new Map<string, Node>();
  for (const layer of layers) {
    for (const [name, node] of layer) {
      const before = merged.get(name);
      merged.set(name, before === undefined ? node : mergeNodes(before, node));
    }
  }
  return merged;
};

function mergeNodes(before: Node, after: Node): Node {
  if (before.kind !== 'mapping' || after.kind !== 'mapping') return after;
  const entries = new Map(before.entries.map((entry) => [entry.key.value, entry]));
  for (const entry of after.entries) {
    const old = entries.get(entry.key.value);
    const value = old === undefined ? entry.value : mergeNodes(old.value, entry.value);
    entries.set(entry.key.value, { key: entry.key, value });
  }
  return { ...after, entries: [...entries.values()] } satisfies MappingNode;
}
