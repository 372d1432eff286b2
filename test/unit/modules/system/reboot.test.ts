import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../../src/core/errors.ts';
import { waitForConnection } from '../../../../src/modules/control/waitForConnection.ts';
import { reboot } from '../../../../src/modules/system/reboot.ts';
import type { ShellOptions, Target } from '../../../../src/target/target.ts';
import { type Answer, scriptedTarget } from '../../../support/fakeTarget.ts';
import { runAction } from '../driver.ts';
import { testController } from '../testController.ts';

/** A host that answers each request with the next of `answers`; undefined is no answer at all. The last one stays. */
function hostThat(answers: readonly (Answer | undefined)[]) {
  const asked: { script: string; args: readonly string[] }[] = [];
  const base = scriptedTarget([]);
  let resets = 0;
  const target: Target = Object.assign(base, {
    async sh(script: string, { args = [] }: ShellOptions = {}) {
      asked.push({ script, args });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer === undefined) throw new UnreachableError('connection refused', { code: 'X' });
      const { rc = 0, stdout = '', stderr = '' } = answer;
      return { rc, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
    },
    async reset() {
      resets += 1;
    },
  });
  return { target, asked, resets: () => resets };
}

/** Time passes while somebody sleeps. */
function clock(variables: Readonly<Record<string, unknown>> = {}) {
  let now = 0;
  return testController({
    variables,
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += Math.max(1, milliseconds);
    },
  });
}

describe('reboot', () => {
  it('waits until the boot id is another and the test command succeeds', async () => {
    const host = hostThat([
      { stdout: 'one\n' },
      undefined,
      undefined,
      { stdout: 'one\n' },
      undefined,
      { stdout: 'two\n' },
      { rc: 1, stderr: 'starting' },
      { stdout: 'root' },
    ]);
    const outcome = await runAction(
      reboot,
      { msg: 'bye', pre_reboot_delay: 90 },
      { target: host.target, controller: clock() },
    );
    expect(outcome).toMatchObject({ changed: true, data: { rebooted: true, elapsed: 8 } });
    expect(host.asked[1]?.args.slice(0, 3)).toEqual(['', '+1', 'bye']);
    expect(host.asked.at(-1)?.script).toBe('whoami');
    expect(host.resets()).toBe(5);
  });

  it('predicts in check mode and asks nothing', async () => {
    const host = hostThat([undefined]);
    const controller = testController({ checkMode: true });
    const outcome = await runAction(reboot, {}, { target: host.target, controller });
    expect(outcome).toMatchObject({ changed: true, data: { rebooted: true } });
    expect(host.asked).toEqual([]);
  });

  it.each<[string, object, (Answer | undefined)[], string]>([
    [
      'the command fails',
      {},
      [{ stdout: 'one' }, { rc: 1, stderr: 'no shutdown' }],
      'Error was: no shutdown',
    ],
    ['there is no boot id', {}, [{ rc: 1, stderr: 'no file' }], 'no file'],
    [
      'the host stays away',
      { reboot_timeout: 9 },
      [{ stdout: 'one' }, undefined],
      'last boot time check (timeout=9): connection refused',
    ],
    [
      'it never went down',
      { reboot_timeout: 9 },
      [{ stdout: 'one' }],
      'Timed out waiting for last boot time check',
    ],
    [
      'the test fails',
      { reboot_timeout: 9 },
      [{ stdout: 'one' }, {}, { stdout: 'two' }, { rc: 3 }],
      'test command (timeout=9): exit code 3',
    ],
  ])('says that %s', async (_title, args, answers, message) => {
    const { target } = hostThat(answers);
    await expect(runAction(reboot, args, { target, controller: clock() })).rejects.toThrow(message);
  });

  it('does not restart the machine that it runs on', async () => {
    const { target, asked } = hostThat([{}]);
    const controller = clock({ ansible_connection: 'local' });
    await expect(runAction(reboot, {}, { target, controller })).rejects.toThrow('control node');
    expect(asked).toEqual([]);
  });
});

describe('wait_for_connection', () => {
  it('tries until the host answers', async () => {
    const host = hostThat([undefined, { rc: 255 }, {}]);
    const controller = clock();
    const args = { delay: 3, sleep: 2 };
    const outcome = await runAction(waitForConnection, args, { target: host.target, controller });
    expect(outcome).toEqual({ changed: false, data: { elapsed: 7 } });
  });

  it('gives up with the reason', async () => {
    const { target } = hostThat([undefined]);
    const running = runAction(waitForConnection, { timeout: 4 }, { target, controller: clock() });
    await expect(running).rejects.toThrow(
      'timed out waiting for the connection to scripted: connection refused',
    );
  });
});
