/** A play as the one tree that cursors walk: facts, sections, and a flush of handlers after each of them. */
import type { Source } from '../../core/source.ts';
import type { Block, Item, Play, RoleUse, Task } from '../../playbook/model.ts';
import { scalarNode } from '../../source/node.ts';

/** @param gather the task that gathers facts, when the play wants it. */
export function playRoot(play: Play, gather: Task | undefined): Block {
  const flush = flushTask(play.source);
  const sections = [
    ...(gather === undefined ? [] : [gather]),
    play.preTasks,
    flush,
    play.roles,
    play.tasks,
    flush,
    play.postTasks,
    flush,
  ];
  return section(sections, play.source);
}

/** A block without keywords of its own. */
export function section(items: readonly Item[], source: Source): Block {
  return {
    kind: 'block',
    origin: 'section',
    keywords: {},
    block: items,
    rescue: [],
    always: [],
    source,
  };
}

/** A task that the playbook did not write. */
export function implicitTask(
  module: string,
  name: string,
  text: string | undefined,
  source: Source,
): Task {
  const always = scalarNode('always', source);
  return {
    kind: 'task',
    isHandler: false,
    name: scalarNode(name, source),
    module,
    moduleSource: source,
    arguments: {
      named: { kind: 'mapping', entries: [], source },
      ...(text === undefined ? {} : { freeForm: scalarNode(text, source) }),
    },
    keywords: { tags: [always] },
    listen: [],
    source,
  };
}

function flushTask(source: Source): Task {
  return implicitTask('meta', 'flush_handlers', 'flush_handlers', source);
}

/** Every use of a role in the tree, in the order in which they run. */
export function roleUses(item: Item): RoleUse[] {
  if (item.kind === 'task') return [];
  const own = item.role === undefined ? [] : [item.role];
  const inner = [...item.block, ...item.rescue, ...item.always].flatMap(roleUses);
  return [...inner, ...own];
}
