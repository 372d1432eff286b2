/** How variables of one name from several places become one (`hash_behaviour`). Pure. */
import { mergeNodes } from '../source/mergeNodes.ts';
import type { Node } from '../source/node.ts';

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
