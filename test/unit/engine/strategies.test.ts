import { describe, expect, it } from 'vitest';
import { implicitTask } from '../../../src/engine/plays/playTree.ts';
import { strategyByName } from '../../../src/engine/strategies/byName.ts';
import { free } from '../../../src/engine/strategies/free.ts';
import { hostPinned } from '../../../src/engine/strategies/hostPinned.ts';
import { linear } from '../../../src/engine/strategies/linear.ts';
import type { HostProgress } from '../../../src/engine/strategies/strategy.ts';

const source = { file: 'site.yml', line: 1, column: 1 };
const first = implicitTask('debug', 'first', undefined, source);
const second = implicitTask('debug', 'second', undefined, source);

function at(host: string, task: typeof first, more: Partial<HostProgress> = {}): HostProgress {
  return {
    host,
    task,
    position: [0, task === first ? 0 : 1],
    isRunning: false,
    hasStarted: true,
    ...more,
  };
}

describe('linear', () => {
  it('starts the hosts that are furthest behind, together', () => {
    const steps = linear.next([at('a', second), at('b', first), at('c', first)], 5);
    expect(steps).toEqual([{ task: first, hosts: ['b', 'c'] }]);
  });

  it('waits while anybody works', () => {
    expect(linear.next([at('a', second), at('b', first, { isRunning: true })], 5)).toEqual([]);
  });

  it('has nothing to start when everybody is through', () => {
    expect(linear.next([], 5)).toEqual([]);
  });
});

describe('free', () => {
  it('starts every idle host on its own', () => {
    const steps = free.next(
      [at('a', second), at('b', first, { isRunning: true }), at('c', first)],
      5,
    );
    expect(steps).toEqual([
      { task: second, hosts: ['a'] },
      { task: first, hosts: ['c'] },
    ]);
  });
});

describe('host_pinned', () => {
  it('lets no more than forks hosts into the play', () => {
    const waiting = { hasStarted: false };
    const hosts = [at('a', second), at('b', first, waiting), at('c', first, waiting)];
    expect(hostPinned.next(hosts, 2).map((step) => step.hosts)).toEqual([['a'], ['b']]);
    expect(hostPinned.next(hosts, 1).map((step) => step.hosts)).toEqual([['a']]);
  });
});

describe('the name of a strategy', () => {
  it('may be full', () => {
    expect(strategyByName('ansible.builtin.free', source)).toBe(free);
    expect(strategyByName('mitogen_linear', source)).toBe(linear);
  });

  it('is refused with the known ones', () => {
    expect(() => strategyByName('fast', source)).toThrow(
      expect.objectContaining({
        code: 'DROVER_UNKNOWN_STRATEGY',
        hint: expect.stringContaining('linear'),
      }),
    );
  });
});
