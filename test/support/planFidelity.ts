/**
 * Plan fidelity: what check mode says of a task is what happens. Each scenario on a real host tells here how far that came
 * true; `planFidelityReporter.ts` counts over all suites. What no plan can know is named, here and in docs/modules.md.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect, type TestContext } from 'vitest';
import type { Outcome } from '../unit/modules/driver.ts';
import { PLAN_EXCEPTIONS } from './planExceptions.ts';
import { isTimeKey } from './timeKeys.ts';

export interface PlanFidelity {
  readonly module: string;
  /** Parts of the prediction that are not what happened: `changed`, `changes`, return keys. None for an exact plan. */
  readonly deviations: readonly string[];
}

declare module 'vitest' {
  interface TaskMeta {
    planFidelity?: PlanFidelity;
  }
}

/** Notes for the count how exact `predicted` was, and fails for a deviation that is no known exception. What was skipped is no plan. */
export function expectExactPlan(
  { task }: Pick<TestContext, 'task'>,
  module: string,
  predicted: Outcome,
  real: Outcome,
): void {
  if (predicted.isSkipped === true) return;
  const deviations = deviationsOf(predicted, real);
  task.meta.planFidelity = { module, deviations };
  const excepted = PLAN_EXCEPTIONS.find((each) => each.modules.includes(module))?.keys ?? [];
  const unexpected = deviations.filter((each) => !excepted.includes(each));
  const only = (outcome: Outcome) => ({
    changed: outcome.changed,
    changes: outcome.changes.map(seen),
    data: Object.fromEntries(unexpected.map((key) => [key, outcome.data[key]])),
  });
  expect(only(predicted)).toEqual(only(real));
  expect(unexpected).toEqual([]);
}

function deviationsOf(predicted: Outcome, real: Outcome): string[] {
  const keys = new Set([...Object.keys(predicted.data), ...Object.keys(real.data)]);
  const data = [...keys].filter(
    (key) =>
      !isTimeKey(key) && !isDeepStrictEqual(settled(predicted.data[key]), settled(real.data[key])),
  );
  const isSeen = isDeepStrictEqual(predicted.changes.map(seen), real.changes.map(seen));
  return [
    ...(predicted.changed === real.changed ? [] : ['changed']),
    ...(isSeen ? [] : ['changes']),
    ...data,
  ];
}

/** What a user sees of a change. */
export function seen({ what, before, after, diff }: Outcome['changes'][number]) {
  return { what, before, after, diff };
}

/** `value` with the properties of a unit in one order: systemd lists other units in a new one each time. */
function settled(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('ActiveState' in value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, String(text).split(' ').sort().join(' ')]),
  );
}
