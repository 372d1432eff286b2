import { afterAll, describe, expect, test } from 'vitest';
import { ModuleError } from '../../../src/core/errors.ts';
import type { Probe } from '../../../src/target/probe.ts';
import { scratchTarget } from '../../support/fakeTarget.ts';

const { target, close } = scratchTarget();
afterAll(close);

interface Seen {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

function probe(script: string, ...args: string[]): Probe<Seen> {
  return {
    script,
    args,
    parse: ({ rc, stdout, stderr }) => ({
      rc,
      stdout: stdout.toString('latin1'),
      stderr: stderr.toString(),
    }),
  };
}

describe('observe', () => {
  test('asks every probe with its own arguments, output and exit code', async () => {
    const show = 'printf "%s|" "$@"';
    const answers = await target.observe({
      one: probe(show, "it's", 'a b\n'),
      two: probe(show),
      failed: probe('echo no >&2; exit 4'),
      binary: probe('printf "a\\000b\\377"'),
      stdin: probe('cat'),
    });
    expect(answers).toEqual({
      one: { rc: 0, stdout: "it's|a b\n|", stderr: '' },
      two: { rc: 0, stdout: '|', stderr: '' },
      failed: { rc: 4, stdout: '', stderr: 'no\n' },
      binary: { rc: 0, stdout: 'a\0b\xff', stderr: '' },
      stdin: { rc: 0, stdout: '', stderr: '' },
    });
  });

  test('no probe reaches another: directory, variables, exit, syntax errors', async () => {
    const answers = await target.observe({
      spoil: probe('cd /; spoiled=yes; set -f; umask 0; exec >/dev/null; exit 1'),
      broken: probe('if then'),
      after: probe('echo "$spoiled-$(pwd)"'),
    });
    expect(answers.after).toEqual({
      rc: 0,
      stdout: expect.stringMatching(/^-\/.+\n$/),
      stderr: '',
    });
    expect(answers.broken.rc).toBeGreaterThan(0);
  });

  test('answers many sets in their order, without sending a script twice', async () => {
    const sets = Array.from({ length: 300 }, (_, n) => ({ n: probe('echo "$1"', String(n)) }));
    const answers = await target.observeAll(sets);
    expect(answers.map(({ n }) => n.stdout)).toEqual(sets.map((_, n) => `${n}\n`));
  });

  test('nothing to ask needs no host', async () => {
    expect(await target.observeAll([{}, {}])).toEqual([{}, {}]);
  });

  test("rejects with the probe's own error", async () => {
    const unreadable: Probe<never> = {
      script: 'exit 1',
      args: [],
      parse() {
        throw new ModuleError('cannot read it');
      },
    };
    await expect(target.observe({ unreadable })).rejects.toThrow('cannot read it');
  });
});

describe('sh', () => {
  test('carries the environment of the task, which a request may add to', async () => {
    const here = target.withEnvironment({ A: '1', B: '2' }).withEnvironment({ B: '3' });
    const { stdout } = await here.sh('echo "$A$B$C"', { env: { C: '4' } });
    expect(stdout.toString()).toBe('134\n');
    expect((await target.sh('echo "$A$B"')).stdout.toString()).toBe('\n');
  });
});
