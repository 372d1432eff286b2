/** Limits for what the other side owes and may never give. */

const TICK_MS = 1_000;

/**
 * Calls back once `limitMs` have passed in which this program ran. Time that it slept through, with its machine or stopped, does not
 * count: the answer may have come then, and nobody has read it.
 * @returns what stops it
 */
export function afterAwake(limitMs: number, call: () => void): () => void {
  const tickMs = Math.min(TICK_MS, limitMs / 4);
  let leftMs = limitMs;
  let isStopped = false;
  const timer = setInterval(() => {
    leftMs -= tickMs;
    if (leftMs > 0) return;
    clearInterval(timer);
    // What came while it slept is read before.
    setImmediate(() => setImmediate(() => isStopped || call()));
  }, tickMs);
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}

/**
 * What `work` comes to, within `limitMs`.
 * @param late the error after that
 * @param drop is given what still comes then, to close it
 */
export async function inTime<T>(
  work: Promise<T>,
  limitMs: number,
  { late, drop }: { readonly late: () => Error; readonly drop: (value: T) => void },
): Promise<T> {
  let isLate = false;
  const answered = work.then((value) => {
    if (isLate) drop(value);
    return value;
  });
  let stop = (): void => undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    stop = afterAwake(limitMs, () => {
      isLate = true;
      reject(late());
    });
  });
  try {
    return await Promise.race([answered, limit]);
  } finally {
    stop();
  }
}
