import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Progress } from '../../../../src/engine/tasks/progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the progress of a task', () => {
  it('names the hosts that are not through every half minute', async () => {
    const told: unknown[] = [];
    const progress = new Progress(['a', 'b'], (hosts, elapsedMs) => told.push([hosts, elapsedMs]));
    vi.advanceTimersByTime(30_000);
    expect(await progress.of('a', Promise.resolve(1))).toBe(1);
    vi.advanceTimersByTime(30_000);
    progress.stop();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([
      [['a', 'b'], 30_000],
      [['b'], 60_000],
    ]);
  });
});
