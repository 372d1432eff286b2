/** The task that gathers facts before a play, made from the play's own keywords. */
import type { Play, Task } from '../../playbook/model.ts';
import { type Node, scalarNode } from '../../source/node.ts';
import { implicitTask } from '../plays/playTree.ts';

/** @param defaultSubset the setting that holds where the play names no `gather_subset`. */
export function gatherTask({ options, source }: Play, defaultSubset: readonly string[]): Task {
  const given = {
    gather_subset: options.gatherSubset ?? listNode(defaultSubset, source),
    fact_path: options.factPath,
  };
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [{ key: scalarNode(name, source), value }],
  );
  const task = implicitTask('setup', 'Gathering Facts', undefined, source);
  return { ...task, arguments: { named: { kind: 'mapping', entries, source } } };
}

function listNode(words: readonly string[], source: Play['source']): Node | undefined {
  if (words.length === 0) return undefined;
  return { kind: 'sequence', items: words.map((word) => scalarNode(word, source)), source };
}
