/** From the outcomes of a loop's items to the outcome of the task. */
import { ModuleError } from '../../core/errors.ts';
import type { ResultData, TaskResult } from '../../core/results.ts';
import type { Value } from '../../core/values.ts';
import { registeredData } from './registered.ts';
import type { ItemOutcome, TaskOutcome } from './taskJob.ts';

export type CombinedOutcome = ItemOutcome & { readonly includes: TaskOutcome['includes'] };

/** The result of a whole loop: `results` with one entry for each item. */
export function combined(outcomes: readonly ItemOutcome[]): CombinedOutcome {
  const results = outcomes.map((outcome) => outcome.registered);
  const result = combinedResult(outcomes, results);
  const registered: ResultData = { skipped: false, ...registeredData(result), results };
  return {
    result,
    registered: { ...registered, changed: results.some((item) => item['changed'] === true) },
    effects: outcomes.flatMap((outcome) => outcome.effects),
    includes: outcomes.flatMap((outcome) => outcome.include ?? []),
    delegatedTo: outcomes.find((outcome) => outcome.delegatedTo !== undefined)?.delegatedTo,
    noLog: outcomes.some((outcome) => outcome.noLog),
    showsDiff: false,
  };
}

function combinedResult(
  outcomes: readonly ItemOutcome[],
  results: readonly ResultData[],
): TaskResult {
  const statuses = outcomes.map((outcome) => outcome.result.status);
  const unreachable = outcomes.find((outcome) => outcome.result.status === 'unreachable');
  if (unreachable !== undefined) return unreachable.result;
  if (statuses.includes('failed')) {
    const error = new ModuleError('One or more items failed', { code: 'DROVER_ITEMS_FAILED' });
    return { status: 'failed', error, data: { results } };
  }
  if (statuses.length === 0) {
    const reason = 'No items in the list';
    return { status: 'skipped', reason, data: { results, skipped_reason: reason } };
  }
  if (statuses.every((status) => status === 'skipped')) {
    return {
      status: 'skipped',
      reason: 'All items skipped',
      data: { msg: 'All items skipped', results },
    };
  }
  const data = { msg: 'All items completed', results };
  return statuses.includes('changed')
    ? { status: 'changed', data, changes: [] }
    : { status: 'ok', data };
}

/** The outcome with the iteration's own variables in what `register` keeps. */
export function withItem(outcome: ItemOutcome, iteration: ReadonlyMap<string, Value>): ItemOutcome {
  const variables = [...iteration].filter(([name]) => name !== 'ansible_loop');
  const registered = { ...outcome.registered, ...Object.fromEntries(variables) };
  return { ...outcome, registered };
}
