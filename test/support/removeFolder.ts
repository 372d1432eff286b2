import { rmSync } from 'node:fs';

const TRIES = 100;
const PAUSE_MS = 50;

/**
 * With all that is in it, also while a job that goes on by itself still writes there. Node's own `maxRetries` tries to remove the
 * folder again, and not what has come into it meanwhile.
 */
export function removeFolder(folder: string): void {
  for (let left = TRIES; ; left -= 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (left <= 1) throw error;
      pause();
    }
  }
}

/** Of this thread: `using` and hooks of tests remove folders without waiting for a promise. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
