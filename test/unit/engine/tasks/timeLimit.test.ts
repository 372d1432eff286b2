import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { unlessAbandoned } from '../../../../src/engine/tasks/timeLimit.ts';

describe('work that is told to end', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const reason = new Error('Ctrl-C');
  const never = new Promise<string>(() => undefined);

  test('comes to what it comes to while nobody tells it', async () => {
    const { signal } = new AbortController();
    const failure = Promise.reject(new Error('of the work'));
    expect(await unlessAbandoned(Promise.resolve('done'), signal)).toBe('done');
    await expect(unlessAbandoned(failure, signal)).rejects.toThrow('of the work');
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(['before', 'while'])('has five seconds when it is told %s it runs', async (when) => {
    const ending = new AbortController();
    if (when === 'before') ending.abort(reason);
    const outcome = unlessAbandoned(never, ending.signal).catch((error: unknown) => error);
    ending.abort(reason);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(await Promise.race([outcome, 'still waiting'])).toBe('still waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe(reason);
  });

  test('may end in them by itself', async () => {
    const ending = new AbortController();
    const work = new Promise((resolve) => setTimeout(resolve, 3_000, 'tidied up'));
    const outcome = unlessAbandoned(work, ending.signal);
    ending.abort(reason);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await outcome).toBe('tidied up');
    expect(vi.getTimerCount()).toBe(0);
  });
});
