import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { afterAwake, inTime } from '../../../src/connection/inTime.ts';

/** As a laptop that sleeps: nothing of this program runs. */
function sleepThrough(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const late = () => new Error('too late');

describe('inTime', () => {
  it('gives what comes in time, and the error else', async () => {
    const options = { late, drop: () => undefined };
    await expect(inTime(delay(5, 'here'), 5_000, options)).resolves.toBe('here');
    await expect(inTime(new Promise(() => undefined), 20, options)).rejects.toThrow('too late');
  });

  it('hands over what comes after that, to be closed', async () => {
    const dropped: string[] = [];
    const drop = (value: string): void => void dropped.push(value);
    await expect(inTime(delay(200, 'open'), 20, { late, drop })).rejects.toThrow('too late');
    await expect.poll(() => dropped).toEqual(['open']);
  });
});

describe('afterAwake', () => {
  it('does not count what was slept through', async () => {
    let isOver = false;
    const stop = afterAwake(2_000, () => {
      isOver = true;
    });
    sleepThrough(2_500);
    await delay(50);
    expect(isOver).toBe(false);
    stop();
  });
});
