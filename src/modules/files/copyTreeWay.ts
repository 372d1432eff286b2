/** `copy` of a directory of the controller. */
import type { CopyParams } from './copyParams.ts';
import { treeRoot } from './copyRoot.ts';
import { planTree, remoteTree, type TreeItem, type TreeOperation } from './copyTree.ts';
import { applyTree } from './copyTreeApply.ts';
import type { CopyWay } from './copyWay.ts';
import { fileState } from './fileState.ts';

/** @param src as the playbook wrote it: a slash at its end means what is in it */
export function copyTreeWay(params: CopyParams, src: string, items: readonly TreeItem[]): CopyWay {
  const root = treeRoot(params, src);
  const names = items.map(({ name }) => name);
  const { owner, group } = params;
  const probes = { root: fileState(root, { owner, group }), remote: remoteTree(root, names) };
  const way: CopyWay<typeof probes, TreeOperation> = {
    probes,
    plan: (state) => planTree({ ...params, ...state, items, directoryMode: params.directory_mode }),
    async apply(changes, target) {
      await applyTree(
        changes.map(({ operation }) => operation),
        target,
      );
      return undefined;
    },
    result: () => ({ dest: params.dest, src }),
  };
  return way;
}
