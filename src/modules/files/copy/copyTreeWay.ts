/** `copy` of a directory of the controller. */

import { fileState } from '../fileState.ts';
import { withDigests } from '../localPayload.ts';
import type { CopyParams } from './copyParams.ts';
import { treeRoot } from './copyRoot.ts';
import {
  planTree,
  type RemoteItem,
  remoteTree,
  type TreeItem,
  type TreeOperation,
} from './copyTree.ts';
import { applyTree } from './copyTreeApply.ts';
import type { CopyWay } from './copyWay.ts';

/** @param src as the playbook wrote it: a slash at its end means what is in it */
export function copyTreeWay(params: CopyParams, src: string, items: readonly TreeItem[]): CopyWay {
  const root = treeRoot(params, src);
  const names = items.map(({ name }) => name);
  const { owner, group } = params;
  const probes = { root: fileState(root, { owner, group }), remote: remoteTree(root, names) };
  const way: CopyWay<typeof probes, TreeOperation, Compared> = {
    probes,
    answers: async ({ remote }) => ({ items: await compared(items, remote) }),
    plan: (state) => planTree({ ...params, ...state, directoryMode: params.directory_mode }),
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

interface Compared {
  /** With the digests that the host's answers ask for. */
  readonly items: readonly TreeItem[];
}

/** A host without sha1sum hashes otherwise. One file after the other: each is read by pieces. */
async function compared(
  items: readonly TreeItem[],
  remote: readonly (RemoteItem | undefined)[],
): Promise<readonly TreeItem[]> {
  const result: TreeItem[] = [];
  for (const [index, item] of items.entries()) {
    const { algorithm } = remote[index]?.checksum ?? {};
    const isAsked = item.type === 'file' && algorithm !== undefined;
    result.push(
      isAsked ? { ...item, payload: await withDigests(item.payload, [algorithm]) } : item,
    );
  }
  return result;
}
