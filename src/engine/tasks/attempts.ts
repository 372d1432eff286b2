/** `until`, `retries`: how often a task is tried, and what its result says of it. */
import { ModuleError } from '../../core/errors.ts';
import type { TaskResult } from '../../core/results.ts';
import type { KeywordReader } from './keywordReader.ts';
import type { ItemOutcome } from './taskJob.ts';

/** How often at most; undefined when the task does not repeat. */
export function attemptLimit(reader: KeywordReader, hasUntil: boolean): number | undefined {
  const retries = reader.number('retries');
  if (!hasUntil && retries === undefined) return undefined;
  return Math.max(0, retries ?? 3) + 1;
}

/** As the first attempt is no retry, `attempts` counts one less when all of them are used up. */
export function withAttempts(outcome: ItemOutcome, tried: number, isDone: boolean): ItemOutcome {
  const attempts = isDone ? tried : tried - 1;
  const registered = { ...outcome.registered, attempts };
  if (isDone || outcome.result.status === 'failed') return { ...outcome, registered };
  const data = 'data' in outcome.result ? (outcome.result.data ?? {}) : {};
  const error = new ModuleError(`until did not hold after ${tried} attempts`, {
    code: 'DROVER_RETRIES_EXHAUSTED',
  });
  const result: TaskResult = { status: 'failed', error, data: { ...data, attempts } };
  return { ...outcome, result, registered: { ...registered, failed: true } };
}
