/** Whether a task runs on every host that gets there, as far as it can be told before the run. Pure. */
import type { Block, Task } from './model.ts';
import { enclosingBlocks } from './searchPath.ts';

/** Whether a condition stands on the task or around it. */
export function isConditional(task: Task): boolean {
  return [task, ...enclosingBlocks(task)].some(({ keywords }) => (keywords.when ?? []).length > 0);
}

/** Whether the playbook is prepared for a failure of the task: it forgives it, judges it itself or rescues it. */
export function isForgiven(task: Task): boolean {
  if (task.keywords.failedWhen !== undefined) return true;
  return [task, ...enclosingBlocks(task)].some(
    ({ keywords, ...item }) =>
      keywords.ignoreErrors !== undefined ||
      ('rescue' in item && (item as Block).rescue.length > 0),
  );
}

/** Whether a failure of the task would surely be one of the play: nothing skips it, loops over it, forgives it or rescues it. */
export function surelyFails(task: Task): boolean {
  if (task.isHandler || task.keywords.loop !== undefined || isConditional(task)) return false;
  if (isForgiven(task)) return false;
  return ![task, ...enclosingBlocks(task)].some(({ keywords }) => (keywords.tags ?? []).length > 0);
}
