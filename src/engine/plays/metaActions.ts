/** What `meta:` can ask for. */
import { LoadError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Task } from '../../playbook/model.ts';
import { entryOf } from '../../source/node.ts';

const ACTIONS = [
  'flush_handlers',
  'refresh_inventory',
  'noop',
  'clear_facts',
  'clear_host_errors',
  'end_play',
  'end_host',
  'end_batch',
  'end_role',
  'reset_connection',
] as const;

export type MetaAction = (typeof ACTIONS)[number];

/** @throws LoadError for an action that does not exist. */
export function metaAction(task: Task): MetaAction {
  const { freeForm, named } = task.arguments;
  const node = freeForm ?? entryOf(named, '_raw_params') ?? entryOf(named, 'free_form');
  const text = node?.kind === 'scalar' ? String(node.value).trim() : '';
  const action = ACTIONS.find((known) => known === text);
  if (action !== undefined) return action;
  throw new LoadError(`unknown meta action "${text}"`, {
    code: 'DROVER_UNKNOWN_META',
    source: node?.source ?? task.source,
    hint: didYouMean(text, ACTIONS) ?? `choose one of ${ACTIONS.join(', ')}`,
  });
}
