import { afterAll, describe, expect, test } from 'vitest';
import { ModuleError } from '../../../src/core/errors.ts';
import { observeAll } from '../../../src/target/observe.ts';
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

  test('asks once what several ask in the same words', async () => {
    const clock = probe('date +%s%N');
    const { first, second } = await target.observe({ first: clock, second: { ...clock } });
    expect(second).toEqual(first);
    const [one, two] = await target.observeAll([{ clock }, { clock }]);
    expect(one).toEqual(two);
  });

  test('asks once in a session what stays the same, and hands it to all that need it', async () => {
    const constant = { name: 'word', script: `date +"it's %s%N"; echo lost >&2` };
    const needy = (text: string) => ({ ...probe(text), constant });
    const ask = () =>
      target.observe({ one: needy('echo "$word"'), two: needy(': "$word"; echo "$word"') });
    const { one, two } = await ask();
    expect(one).toEqual({ rc: 0, stdout: expect.stringMatching(/^it's \d+\n$/), stderr: '' });
    expect(two).toEqual(one);
    expect(await ask()).toEqual({ one, two });
    await target.reset();
    expect((await ask()).one.stdout).not.toBe(one.stdout);
  });

  test('does not take an answer that did not come for one that stays the same', async () => {
    const constant = { name: 'word', script: 'echo known' };
    const constants = new Map<string, string>();
    const silence = { rc: 137, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    const asked = observeAll(
      async () => silence,
      [{ one: { ...probe(':'), constant } }],
      constants,
    );
    await expect(asked).rejects.toMatchObject({ code: 'DROVER_OBSERVE_FAILED' });
    expect(constants.size).toBe(0);
  });

  test('answers many sets in their order, without sending a script twice', async () => {
    const sets = Array.from({ length: 300 }, (_, n) => ({ n: probe('echo "$1"', String(n)) }));
    const answers = await target.observeAll(sets);
    expect(answers.map(({ n }) => n.stdout)).toEqual(sets.map((_, n) => `${n}\n`));
  });

  test('probes that a script takes together run in few shells, among others and in their order', async () => {
    const start =
      'start=$(date +%N); while :; do echo "$start $1$2"; shift 2; [ $# -gt 0 ] || exit 3; answered; done';
    const together = (...args: [string, string]) => ({
      ...probe(start, ...args),
      takesMany: true as const,
    });
    const sets = Array.from({ length: 120 }, (_, n) => ({
      one: together('n', String(n)),
      alone: probe('echo "$#"', String(n)),
      same: together('n', '0'),
    }));
    const answers = await target.observeAll(sets);
    const words = answers.map(({ one }) => one.stdout.trim().split(' '));
    expect(words.map(([, text]) => text)).toEqual(sets.map((_, n) => `n${n}`));
    expect(new Set(words.map(([shell]) => shell)).size).toBe(3);
    expect(answers.map(({ alone }) => alone.stdout)).toEqual(sets.map(() => '1\n'));
    expect(answers.map(({ same }) => same)).toEqual(sets.map(() => answers[0]?.one));
    // The last of each shell ends with the shell's own code.
    expect(answers.flatMap(({ one: { rc } }, n) => (rc === 0 ? [] : [[n, rc]]))).toEqual([
      [49, 3],
      [99, 3],
      [119, 3],
    ]);
  });

  test('a probe without a script is not asked, and its answer is empty', async () => {
    const nobody = () => Promise.reject(new Error('asked'));
    const empty = { rc: 0, stdout: '', stderr: '' };
    expect(await observeAll(nobody, [{ none: probe('') }])).toEqual([{ none: empty }]);
    const { none, some } = await target.observe({ none: probe(''), some: probe('echo some') });
    expect([none, some.stdout]).toEqual([empty, 'some\n']);
  });

  test.each([
    ['exit 7', 7],
    ['(exit 8)', 8],
    ['set -e; false; :', 1],
    ['exec sh -c "exit 9"', 9],
    ['return 6', 6],
  ])('the last one ends as each may, and others are answered: %s', async (text, rc) => {
    const set = {
      first: probe(`echo out; echo err >&2; ${text}`),
      last: probe(`printf x; ${text}`),
    };
    const first = { rc, stdout: 'out\n', stderr: 'err\n' };
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await target.observe(set)).toEqual({ first, last: { rc, stdout: 'x', stderr: '' } });
    }
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
