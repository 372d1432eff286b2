/** `expect` on a terminal of this machine, beside Ansible's. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModuleError } from '../../../src/core/errors.ts';
import { expect as expectModule } from '../../../src/modules/commands/expect/expect.ts';
import { hasAnsible, playByAnsible } from '../../support/ansible.ts';
import { scratchTarget } from '../../support/fakeTarget.ts';
import { hasPrograms, notHere } from '../../support/onThisMachine.ts';
import { hasPythonModule } from '../../support/pythonModules.ts';
import { runAction } from '../../unit/modules/driver.ts';
import { testController } from '../../unit/modules/testController.ts';

/** Asks as often as it has arguments and says what it was answered. */
const ASK = `for question do printf '%s' "$question"; IFS= read -r answer; printf '<%s>\\n' "$answer"; done`;

const PROGRAMS = {
  ask: ASK,
  exit: 'exit "$1"',
  args: 'for each do printf "[%s]\\n" "$each"; done',
};

interface ExpectScenario {
  readonly title: string;
  /** `@/` stands for a folder with `PROGRAMS`. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly result: Readonly<Record<string, unknown>>;
  /** Why Ansible's result differs. */
  readonly unlikeAnsible?: string;
}

function asks(
  title: string,
  questions: string,
  args: Readonly<Record<string, unknown>>,
  result: Readonly<Record<string, unknown>>,
): ExpectScenario {
  return { title, args: { command: `@/ask ${questions}`, ...args }, result };
}

const OK = { changed: true, rc: 0 };
const FAILED = { changed: true, failed: true };

const scenarios: readonly ExpectScenario[] = [
  asks(
    'answers a question',
    'Name?',
    { responses: { Name: 'Ada' } },
    { ...OK, stdout: 'Name?<Ada>' },
  ),
  asks(
    'repeats an answer',
    'a? a?',
    { responses: { a: 'x' } },
    { ...OK, stdout: 'a?<x>\r\na?<x>' },
  ),
  asks(
    'goes through a list',
    'a? b? a?',
    { responses: { a: ['x', 'y'], b: 'z' } },
    {
      ...OK,
      stdout: 'a?<x>\r\nb?<z>\r\na?<y>',
    },
  ),
  asks('echoes', 'a?', { responses: { a: 'x' }, echo: true }, { ...OK, stdout: 'a?x\r\n<x>' }),
  asks('answers with a number', 'a?', { responses: { a: 5 } }, { ...OK, stdout: 'a?<5>' }),
  asks('answers one newline only', 'a?', { responses: { a: 'x\n\n' } }, { ...OK, stdout: 'a?<x>' }),
  asks(
    'answers with odd characters',
    'a?',
    { responses: { a: `"$HOME" 'é' \\n %s; *` } },
    {
      ...OK,
      stdout: `a?<"$HOME" 'é' \\n %s; *>`,
    },
  ),
  asks(
    'takes the question that comes first',
    'one-two',
    { responses: { two: '2', one: '1' } },
    {
      ...OK,
      stdout: 'one-two<1>',
    },
  ),
  asks(
    'takes a Python pattern',
    '"PassWord for x: "',
    { responses: { '(?i)password.*:': 's' } },
    {
      ...OK,
      stdout: 'PassWord for x: <s>',
    },
  ),
  asks(
    'matches over lines',
    '"a\nb"',
    { responses: { 'a.*b': 'x' } },
    { ...OK, stdout: 'a\r\nb<x>' },
  ),
  {
    title: 'gives the words as pexpect splits them',
    args: {
      command: `@/args 'a b' "c'd" e\\ f "" x"y z"w "\\n" '$HOME' *`,
      responses: { never: 'x' },
    },
    result: {
      ...OK,
      stdout: ['a b', "c'd", 'e f', '', 'xy zw', '\\n', '$HOME', '*']
        .map((w) => `[${w}]`)
        .join('\r\n'),
    },
  },
  {
    title: 'has a terminal',
    args: { command: `sh -c 'test -t 0 && test -t 1 && stty size'`, responses: { x: 'y' } },
    result: { ...OK, stdout: '24 80' },
  },
  {
    title: 'changes directory',
    args: { command: 'pwd', chdir: '@/', responses: { x: 'y' } },
    result: { ...OK, stdout: '@' },
  },
  {
    title: 'fails as the command does',
    args: { command: '@/exit 3', responses: { x: 'y' } },
    result: { ...FAILED, rc: 3, msg: 'non-zero return code', stdout: '' },
  },
  {
    title: 'waits so long',
    args: { command: `sh -c 'echo hello; sleep 30'`, responses: { x: 'y' }, timeout: 1 },
    result: { ...FAILED, rc: null, msg: 'command exceeded timeout', stdout: 'hello' },
  },
  {
    title: 'counts the time from each question',
    args: {
      command: `sh -c 'for each in 1 2 3; do sleep 1; echo q; read a; done'`,
      responses: { q: 'y' },
      timeout: 2,
    },
    result: { ...OK, stdout: 'q\r\nq\r\nq' },
  },
  {
    title: 'types the interrupt character',
    args: {
      // Short sleeps: a signal that comes just before one of them is minded after it.
      command: `sh -c 'trap "echo caught; exit 4" INT; echo ready; while :; do sleep 0.2; done'`,
      responses: { ready: '\u0003' },
    },
    result: { ...FAILED, rc: 4, msg: 'non-zero return code' },
  },
  {
    title: 'is done when the path is there',
    args: { command: '@/exit 1', responses: { x: 'y' }, creates: '@/ask' },
    result: { changed: false, rc: 0, stdout: 'skipped, since @/ask exists' },
  },
  {
    title: 'has nothing to do when the path is not there',
    args: { command: '@/exit 1', responses: { x: 'y' }, removes: '@/none' },
    result: { changed: false, rc: 0, stdout: 'skipped, since @/none does not exist' },
  },
  {
    title: 'wants a command',
    args: { command: ' ', responses: { x: 'y' } },
    result: { failed: true, msg: 'no command given', rc: 256 },
  },
  {
    title: 'tells what has no answer left',
    args: { command: '@/ask a? a?', responses: { 'a.': ['x'] } },
    result: { failed: true, msg: `No remaining responses for 'a.', output was '<x>\r\na?'` },
    unlikeAnsible: 'it shows the output as Python bytes',
  },
  {
    title: 'tells that there is no such program',
    args: { command: 'no-such-program', responses: { x: 'y' } },
    result: { failed: true, rc: 2, msg: `[Errno 2] No such file or directory: 'no-such-program'` },
    unlikeAnsible: 'the message is that of pexpect',
  },
];

const isHere = hasPrograms('script');

describe.skipIf(!isHere)('expect', () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'drover-expect-'));
  const host = scratchTarget();
  let theirs: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map();

  beforeAll(async () => {
    for (const [name, text] of Object.entries(PROGRAMS)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    const canCompare = hasAnsible() && (hasPythonModule('pexpect') || notHere('python3-pexpect'));
    if (canCompare) theirs = await runAnsible(scenarios, folder);
  }, 120_000);
  afterAll(async () => {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(scenarios)('$title', { timeout: 30_000 }, async ({ title, args, result }) => {
    const ours = await outcomeOf(placed(args, folder), host.target);
    expect(ours).toMatchObject(placed(result, folder));
    const their = theirs.get(title);
    if (their !== undefined) expect(their).toMatchObject(placed(result, folder));
  });

  it('tells in check mode whether it would run', async () => {
    const controller = testController({ checkMode: true });
    const check = (args: object) =>
      runAction(
        expectModule,
        { command: 'true', responses: { x: 'y' }, ...args },
        { target: host.target, controller },
      );
    expect(await check({ creates: folder })).toMatchObject({ changed: false });
    expect(await check({ creates: `${folder}/none` })).toMatchObject({ changed: true });
    expect(await check({})).toMatchObject({ changed: false, skipped: expect.any(String) });
  });

  it('makes the terminal with Python where there is no script(1)', async () => {
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    // Of a version manager there may be wrappers, which need more programs.
    const paths = [
      '/usr/bin/python3',
      ...(await Promise.all(['cat', 'sed', 'sh', 'stty'].map(pathOf))),
    ];
    for (const path of paths) symlinkSync(path, join(programs, basename(path)));
    const target = host.target.withEnvironment({ PATH: programs, WITH: `two\nlines'` });
    const command = `sh -c 'stty size; read -r a; echo "$a $WITH"'`;
    const asked = await outcomeOf({ command, responses: { 80: 'ok' } }, target);
    expect(asked).toMatchObject({ ...OK, stdout: `24 80\r\nok two\r\nlines'` });
  });

  async function pathOf(name: string): Promise<string> {
    const { stdout } = await host.target.sh('command -v "$1"', { args: [name] });
    return stdout.toString().trim();
  }

  it('leaves nothing running when the time is over', async () => {
    const args = { command: 'sleep 4711', responses: { x: 'y' }, timeout: 1 };
    await expect(runAction(expectModule, args, { target: host.target })).rejects.toThrow('timeout');
    const isGone = async () => (await host.target.sh(`pgrep -xf 'sleep 4711'`)).rc;
    await expect.poll(isGone, { timeout: 5_000 }).toBe(1);
  });
});

async function outcomeOf(args: unknown, target: Parameters<typeof runAction>[2]['target']) {
  const controller = testController({ now: () => new Date() });
  try {
    const { changed, data } = await runAction(expectModule, args, { target, controller });
    return { changed, ...data };
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    return { failed: true, msg: error.message, ...error.data };
  }
}

async function runAnsible(all: readonly ExpectScenario[], folder: string) {
  const compared = all.filter(({ unlikeAnsible }) => unlikeAnsible === undefined);
  const tasks = compared.map(({ args }) => ({ 'ansible.builtin.expect': placed(args, folder) }));
  const options = ['-c', 'local'];
  const answers = await playByAnsible({ host: 'localhost', tasks, folder, options });
  return new Map(compared.map(({ title }, index) => [title, answers[index] ?? {}]));
}

/** `@` and `@/` in texts as the folder. */
function placed<T>(value: T, folder: string): T {
  const text = JSON.stringify(value)
    .replaceAll('@/', `${folder}/`)
    .replaceAll('"@"', `"${folder}"`);
  return JSON.parse(text) as T;
}
