/** Which tasks `--tags` and `--skip-tags` let run. Rules: the chapter on tags of Ansible's user guide. */

export interface TagSelection {
  /** Empty means all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** @param tags of the task with all that it inherits. */
export function isSelectedByTags(tags: readonly string[], { only, skip }: TagSelection): boolean {
  return isWanted(tags, only) && !isSkipped(tags, skip, only);
}

function isWanted(tags: readonly string[], only: readonly string[]): boolean {
  const asked = only.length === 0 ? ['all'] : only;
  if (tags.includes('always')) return true;
  if (asked.some((tag) => tags.includes(tag))) return true;
  if (tags.includes('never')) return false;
  if (asked.includes('all')) return true;
  return asked.includes('tagged')
    ? tags.length > 0
    : asked.includes('untagged') && tags.length === 0;
}

function isSkipped(
  tags: readonly string[],
  skip: readonly string[],
  only: readonly string[],
): boolean {
  if (skip.includes('all')) return !(tags.includes('always') && !skip.includes('always'));
  if (skip.some((tag) => tags.includes(tag))) return true;
  if (skip.includes('tagged')) return tags.length > 0 && !only.some((tag) => tags.includes(tag));
  return skip.includes('untagged') && tags.length === 0;
}
