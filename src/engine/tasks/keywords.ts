/** What a task inherits: keywords of the blocks around it and of its play. The innermost wins; lists gather all. */
import type { Item, Keywords, Play, Task } from '../../playbook/model.ts';
import { enclosingBlocks } from '../../playbook/searchPath.ts';
import type { Node } from '../../source/node.ts';

type ScalarKeyword = {
  [K in keyof Keywords]-?: NonNullable<Keywords[K]> extends Node ? K : never;
}[keyof Keywords];

type ListKeyword = 'when' | 'tags' | 'environment' | 'moduleDefaults' | 'collections';

/** The node of the innermost of task, blocks and play that sets `keyword`. */
export function inherited(task: Task, play: Play, keyword: ScalarKeyword): Node | undefined {
  for (const keywords of keywordsInnermostFirst(task, play)) {
    const node = keywords[keyword];
    if (node !== undefined) return node;
  }
  return undefined;
}

/** Every value of a list keyword, outermost first. */
export function gathered(item: Item, play: Play, keyword: ListKeyword): Node[] {
  const lists = [...keywordsInnermostFirst(item, play)].map((keywords) => keywords[keyword] ?? []);
  return lists.reverse().flat();
}

function* keywordsInnermostFirst(item: Item, play: Play): Iterable<Keywords> {
  yield item.keywords;
  for (const block of enclosingBlocks(item)) yield block.keywords;
  yield play.keywords;
}
