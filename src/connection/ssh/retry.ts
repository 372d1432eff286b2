/** Connecting again when the first attempt may just have come too early. */
import { setTimeout as delay } from 'node:timers/promises';
import { UnreachableError } from '../../core/errors.ts';
import { isWorthRetrying } from './sshErrors.ts';

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/** Up to `retries` attempts more, with pauses that double; what the server has answered is final. */
export async function retried<T>(retries: number, connect: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await connect();
    } catch (error) {
      const mayRetry = error instanceof UnreachableError && isWorthRetrying(error);
      if (!mayRetry || attempt >= retries) throw error;
      await delay(Math.min(2 ** attempt * FIRST_PAUSE_MS, MAX_PAUSE_MS));
    }
  }
}
