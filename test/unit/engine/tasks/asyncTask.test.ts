import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { runAsync } from '../../../../src/engine/tasks/asyncTask.ts';
import { command } from '../../../../src/modules/commands/command.ts';
import type { Target } from '../../../../src/target/target.ts';
import { scratchTarget } from '../../../support/fakeTarget.ts';
import { paramsOf } from '../../modules/driver.ts';
import { testController } from '../../modules/testController.ts';

const scratch = scratchTarget();
afterAll(scratch.close);

/** What the first look at a job says comes so much later, as it does when this machine sleeps. */
function answeringLate(target: Target, delayMs: number): Target {
  let isFirst = true;
  return new Proxy(target, {
    get(real, name) {
      if (name !== 'sh') return Reflect.get(real, name);
      return async (...args: Parameters<Target['sh']>) => {
        const answer = await real.sh(...args);
        if (!isFirst || !answer.stdout.toString().startsWith('running')) return answer;
        isFirst = false;
        await delay(delayMs);
        return answer;
      };
    },
  });
}

it('a job that ended while this machine slept is not taken for one that ran out of time', async () => {
  const { signal } = new AbortController();
  const target = answeringLate(scratch.target, 2_500);
  const controller = { ...testController(), checkMode: false };
  const result = await runAsync({
    module: command,
    params: paramsOf(command, { argv: ['sleep', '0.5'] }),
    call: { target, controller, checkMode: false, facts: new Map(), signal },
    options: { limitSeconds: 2, pollSeconds: 1 },
    run: () => Promise.reject(new Error('it is a job of the host')),
    follow: () => undefined,
  });
  expect(result).toMatchObject({ status: 'changed', data: { rc: 0, finished: 1 } });
});
