/** Ends work that takes longer than it may: the `timeout` keyword, and `async` where drover follows the work itself. */
import { setTimeout as delay } from 'node:timers/promises';
import { ModuleError } from '../../core/errors.ts';

/** How long work that was told to end may take to do so before it is left alone. */
const GRACE_MS = 5_000;

/** A reason of our own: the default one is an exception with a stack, for each task on each host. */
const ENDED = 'the work has ended';

/**
 * Runs `work` with a signal that aborts after `seconds`, or when `signal` does.
 * @throws ModuleError `DROVER_TIMEOUT` made by `late` when the time is over.
 */
export async function within<T>(
  seconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => ModuleError,
): Promise<T> {
  const ended = new AbortController();
  const limit = AbortSignal.timeout(seconds * 1000);
  const running = work(AbortSignal.any([signal, limit]));
  const settled = running.then(noop, noop);
  try {
    return await Promise.race([running, rejection(limit, ended.signal)]);
  } catch (error) {
    if (!limit.aborted) throw error;
    await Promise.race([settled, delay(GRACE_MS, undefined, { ref: false })]);
    throw late();
  } finally {
    ended.abort(ENDED);
  }
}

/**
 * What `work` comes to. Once `signal` aborts it has some seconds left to end by itself, as most of it does at once. Around every task on every
 * host, so it makes as little as it can.
 * @throws the reason of `signal` when it does not; `work` is then left alone.
 */
export function unlessAbandoned<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      grace = setTimeout(() => reject(signal.reason), GRACE_MS);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(grace);
    };
    work.finally(settle).then(resolve, reject);
  });
}

/** The error of a task that took longer than its `timeout`. */
export function timedOut(module: string, seconds: number): ModuleError {
  return new ModuleError(
    `The ${module} action failed to execute in the expected time frame (${seconds}) and was terminated`,
    { code: 'DROVER_TIMEOUT', data: { timedout: { period: seconds } } },
  );
}

/** Rejects when `limit` aborts; forgotten when `ended` does. */
function rejection(limit: AbortSignal, ended: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onLimit = () => reject(limit.reason);
    limit.addEventListener('abort', onLimit, { once: true });
    ended.addEventListener('abort', () => limit.removeEventListener('abort', onLimit));
  });
}

const noop = (): void => undefined;
