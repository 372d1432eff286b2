import { describe, expect, it } from 'vitest';
import { wait } from '../../../src/core/wait.ts';

describe('a wait', () => {
  it('is never shorter than asked, as the clock shows it', async () => {
    const took = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        // Each starts at another fraction of a millisecond.
        await wait(index * 1.37);
        const startedAt = Date.now();
        await wait(50);
        return Date.now() - startedAt;
      }),
    );
    expect(took.filter((milliseconds) => milliseconds < 50)).toEqual([]);
  });

  it('ends with its signal', async () => {
    const ended = new AbortController();
    const waiting = wait(60_000, ended.signal);
    ended.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });
});
