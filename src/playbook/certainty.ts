/** Whether a task runs on every host that gets there, as far as it can be told before the run. Pure. */
import type { Item, Task } from './model.ts';
import { enclosingBlocks } from './searchPath.ts';

/** Whether a condition stands on the task or around it. */
export function isConditional(task: Task): boolean {
  return [task, ...enclosingBlocks(task)].some(({ keywords }) => (keywords.when ?? []).length > 0);
}

/** Whether the playbook is prepared for a failure of the task: it forgives it, judges it itself or rescues it. */
export function isForgiven(task: Task): boolean {
  return task.keywords.failedWhen !== undefined || isSurvived(task);
}

/** Whether the run goes on where the task fails, whatever the reason: the failure is ignored or rescued. */
export function isSurvived(task: Task): boolean {
  return [task, ...enclosingBlocks(task)].some(
    (item) => item.keywords.ignoreErrors !== undefined || isRescued(item),
  );
}

/** Whether the block right around the item rescues it; what stands in its rescue or always section is not. */
function isRescued(item: Item): boolean {
  const { parent } = item;
  return parent !== undefined && parent.rescue.length > 0 && parent.block.includes(item);
}

/** Whether a failure of the task would surely be one of the play: nothing skips it, loops over it, forgives it or rescues it. */
export function surelyFails(task: Task): boolean {
  if (task.isHandler || task.keywords.loop !== undefined || isConditional(task)) return false;
  if (isForgiven(task)) return false;
  return ![task, ...enclosingBlocks(task)].some(({ keywords }) => (keywords.tags ?? []).length > 0);
}
