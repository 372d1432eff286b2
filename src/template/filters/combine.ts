/** Merging of dicts as `combine` does it. */
import { dictGet, dictSet, includes } from '../python/equality.ts';
import type { Internal, InternalDict } from '../python/types.ts';

/** What becomes of two lists under one key; `_rp` removes what is present already. */
export type ListMerge = 'replace' | 'keep' | 'append' | 'prepend' | 'append_rp' | 'prepend_rp';

/** `second` over `first`, as a new dict. */
export function combine(
  first: InternalDict,
  second: InternalDict,
  isRecursive: boolean,
  merge: ListMerge,
): InternalDict {
  const result: InternalDict = new Map(first);
  for (const [key, value] of second) {
    const old = dictGet(result, key);
    dictSet(result, key, old === undefined ? value : merged(old, value, isRecursive, merge));
  }
  return result;
}

function merged(old: Internal, value: Internal, isRecursive: boolean, merge: ListMerge): Internal {
  if (isRecursive && old instanceof Map && value instanceof Map) {
    return combine(old, value, isRecursive, merge);
  }
  return Array.isArray(old) && Array.isArray(value) ? mergedLists(old, value, merge) : value;
}

function mergedLists(old: Internal[], value: Internal[], merge: ListMerge): Internal[] {
  switch (merge) {
    case 'replace':
      return value;
    case 'keep':
      return old;
    case 'append':
      return [...old, ...value];
    case 'prepend':
      return [...value, ...old];
    case 'append_rp':
      return [...old.filter((item) => !includes(value, item)), ...value];
    case 'prepend_rp':
      return [...value, ...old.filter((item) => !includes(value, item))];
  }
}
