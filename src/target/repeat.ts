/** Asking again: what comes to the same when it is done twice may be repeated when the connection was lost under it, and nothing else is. */
import { setTimeout as delay } from 'node:timers/promises';
import { isWorthRetrying } from '../connection/ssh/sshErrors.ts';
import { UnreachableError } from '../core/errors.ts';

const LOST = ['DROVER_CONNECTION_LOST', 'DROVER_SESSION_LOST'];

/** Before each further attempt: a network that was away for a moment is back by then, a host that reboots is not waited for. */
const PAUSES_MS = [250, 1_000, 3_000];

/**
 * @param signal ends the waiting.
 * @throws the last error when the host stays away; at once when the connection was never there.
 */
export async function repeatWhenLost<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof UnreachableError && LOST.includes(error.code))) throw error;
    return again(ask, PAUSES_MS, signal);
  }
}

async function again<T>(
  ask: () => Promise<T>,
  [pauseMs = 0, ...further]: readonly number[],
  signal: AbortSignal | undefined,
): Promise<T> {
  await delay(pauseMs, undefined, { signal });
  try {
    return await ask();
  } catch (error) {
    if (further.length === 0 || !mayPass(error)) throw error;
    return again(ask, further, signal);
  }
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof UnreachableError)) return false;
  return LOST.includes(error.code) || isWorthRetrying(error);
}
