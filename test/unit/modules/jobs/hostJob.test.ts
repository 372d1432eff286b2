import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandJob } from '../../../../src/modules/commands/commandLine.ts';
import {
  announceJob,
  endJob,
  forgetJob,
  type JobState,
  lookAtJob,
  startJob,
} from '../../../../src/modules/jobs/hostJob.ts';
import { type ScratchTarget, scratchTarget } from '../../../support/fakeTarget.ts';

let scratch: ScratchTarget;
beforeAll(() => {
  scratch = scratchTarget();
});
afterAll(() => scratch.close());

function line(text: string, stdin?: string) {
  const argv = ['/bin/sh', '-c', text];
  const run = { argv, cmd: text, expands: false, strip_empty_ends: true };
  return commandJob({ ...run, stdin, stdin_add_newline: true });
}

const place = (id: string) => ({ directory: '~/jobs', id });

async function ended(id: string): Promise<JobState> {
  for (;;) {
    const state = await lookAtJob(scratch.target, place(id));
    if (state.kind !== 'running') return state;
    await delay(20);
  }
}

function dataOf(state: JobState) {
  return state.kind === 'ended' ? state.outcome().data : undefined;
}

/** How many processes work there; sessions are among them. */
function processesIn(directory: string): number {
  const isThere = (pid: string): boolean => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === directory;
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isThere(name)).length;
}

describe('a job of the host', () => {
  it('tells its output, its error output and its exit code', async () => {
    const file = await startJob(scratch.target, place('one'), 10, line('cat; echo e >&2', 'in'));
    expect(file).toBe(`${scratch.directory}/jobs/one`);
    expect(dataOf(await ended('one'))).toMatchObject({ stdout: 'in', stderr: 'e', rc: 0 });
  });

  it.skipIf(!existsSync('/proc/self/cwd'))('has nobody who waits once it ended', async () => {
    await scratch.target.sh('true');
    const before = processesIn(scratch.directory);
    await startJob(scratch.target, place('short'), 60, line('true'));
    await ended('short');
    await forgetJob(scratch.target, place('short'));
    await expect
      .poll(() => processesIn(scratch.directory), { timeout: 5_000 })
      .toBeLessThanOrEqual(before);
  });

  it('fails as the command does', async () => {
    await startJob(scratch.target, place('fails'), 10, line('exit 3'));
    const state = await ended('fails');
    expect(() => dataOf(state)).toThrow('non-zero return code');
  });

  it('goes on when the connection is gone', async () => {
    await startJob(scratch.target, place('alone'), 10, line('sleep 0.2; echo still'));
    await scratch.target.reset();
    expect(dataOf(await ended('alone'))).toMatchObject({ stdout: 'still' });
  });

  it('is ended when its time runs out', async () => {
    await startJob(scratch.target, place('slow'), 1, line('sleep 31.7'));
    expect((await ended('slow')).kind).toBe('late');
    const left = 'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " <"$f"; echo; done 2>/dev/null';
    const { stdout } = await scratch.target.sh(`sleep 0.1; { ${left}; } | grep -c "^sleep 31.7"`);
    expect(stdout.toString().trim()).toBe('0');
  });

  it('is lost when what waits for it was ended', async () => {
    await startJob(scratch.target, place('lost'), 10, line('sleep 2'));
    await scratch.target.sh('kill -KILL "$(cat ~/jobs/lost.job/owner)"; sleep 0.1');
    expect((await ended('lost')).kind).toBe('lost');
  });

  it('is absent before it was started and after it was forgotten', async () => {
    expect((await lookAtJob(scratch.target, place('two'))).kind).toBe('absent');
    await startJob(scratch.target, place('two'), 10, line(':'));
    await ended('two');
    expect(await forgetJob(scratch.target, place('two'))).toBe(`${scratch.directory}/jobs/two`);
    expect((await lookAtJob(scratch.target, place('two'))).kind).toBe('absent');
  });
});

describe('a job that drover follows', () => {
  it('has the result that drover wrote down', async () => {
    await announceJob(scratch.target, place('followed'), 10);
    expect((await lookAtJob(scratch.target, place('followed'))).kind).toBe('running');
    await endJob(scratch.target, place('followed'), { changed: true, failed: false, path: '/x' });
    expect(dataOf(await ended('followed'))).toEqual({ path: '/x' });
  });
});
