import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/core/errors.ts';
import { command } from '../../../../src/modules/commands/command.ts';
import { raw } from '../../../../src/modules/commands/raw.ts';
import { shell } from '../../../../src/modules/commands/shell.ts';
import { runAction } from '../driver.ts';
import { useScratch } from '../scratch.ts';
import { testController } from '../testController.ts';

const TIMES = {
  start: expect.stringMatching(/^2026-11-21 \d\d:00:00\.000000$/),
  end: expect.stringMatching(/^2026-11-21 \d\d:00:00\.000000$/),
  delta: '0:00:00.000000',
};
const NOTHING = { rc: 0, stdout: '', stderr: '', start: null, end: null, delta: null };

describe('command', () => {
  const scratch = useScratch();
  const checking = testController({ checkMode: true });

  it('runs a program with its words and returns what it wrote', async () => {
    expect(await runAction(command, `printf '%s|' a "b c" d\\ e '*' ';'`, scratch)).toEqual({
      changed: true,
      data: {
        cmd: ['printf', '%s|', 'a', 'b c', 'd e', '*', ';'],
        rc: 0,
        stdout: 'a|b c|d e|*|;|',
        stderr: '',
        msg: '',
        ...TIMES,
      },
    });
  });

  it.each([
    [{ argv: ['echo', 'a  b'] }, 'a  b'],
    [{ cmd: 'cat', stdin: 'text' }, 'text'],
    [{ cmd: 'wc -c', stdin: 'text' }, '5'],
    [{ cmd: 'wc -c', stdin: 'text', stdin_add_newline: false }, '4'],
    [{ cmd: "printf 'a\\n\\n'" }, 'a'],
    [{ cmd: "printf 'a\\n\\n'", strip_empty_ends: false }, 'a\n\n'],
    [{ cmd: 'pwd', chdir: '/' }, '/'],
  ])('%j prints %j', async (args, stdout) => {
    expect((await runAction(command, args, scratch)).data).toMatchObject({ stdout: stdout });
  });

  it.each([
    [
      `echo $DROVER_X \${DROVER_X}y $DROVER_NONE \${DROVER_NONE} $1 a$`,
      `val ue val uey $DROVER_NONE \${DROVER_NONE} $1 a$`,
    ],
    ["echo '~' ~/x a~ $DROVER_X", `${process.env['HOME']} ${process.env['HOME']}/x a~ val ue`],
    ["echo '$(id)`id`$DROVER_X'", '$(id)`id`val ue'],
  ])('expands variables of the host in %s', async (cmd, stdout) => {
    const target = scratch.target.withEnvironment({ DROVER_X: 'val ue' });
    expect((await runAction(command, { cmd }, { target })).data).toMatchObject({ stdout });
    const plain = await runAction(command, { cmd, expand_argument_vars: false }, { target });
    expect(plain.data).toMatchObject({ stdout: expect.stringContaining('$DROVER_X') });
  });

  it('does not run when `creates` exists, or `removes` does not, relative to chdir and as globs', async () => {
    await writeFile(scratch.path('done.txt'), '');
    const at = { cmd: 'touch ran', chdir: scratch.directory };
    expect(await runAction(command, { ...at, creates: '*.txt' }, scratch)).toEqual({
      changed: false,
      data: {
        ...NOTHING,
        cmd: ['touch', 'ran'],
        stdout: 'skipped, since *.txt exists',
        msg: "Did not run command since '*.txt' exists",
      },
    });
    expect(await runAction(command, { ...at, removes: '*.log' }, scratch)).toEqual({
      changed: false,
      data: {
        ...NOTHING,
        cmd: ['touch', 'ran'],
        stdout: 'skipped, since *.log does not exist',
        msg: "Did not run command since '*.log' does not exist",
      },
    });
    expect(
      (await scratch.target.sh('ls "$1"', { args: [scratch.directory] })).stdout.toString(),
    ).toBe('done.txt\n');
  });

  it('in check mode runs nothing, and predicts when it is guarded', async () => {
    const setting = { ...scratch, target: scratch.target, controller: checking };
    const cmd = `touch ${scratch.path('ran')}`;
    expect(await runAction(command, { cmd }, setting)).toMatchObject({
      changed: false,
      skipped: 'Command would have run if not in check mode',
    });
    expect(await runAction(command, { cmd, creates: '/nope' }, setting)).toMatchObject({
      changed: true,
    });
    expect(await runAction(command, { cmd, creates: '/etc' }, setting)).toMatchObject({
      changed: false,
      data: { msg: "Would not run command since '/etc' exists" },
    });
    expect(
      (await scratch.target.sh('ls "$1"', { args: [scratch.directory] })).stdout.toString(),
    ).toBe('');
  });

  it.each([
    [
      'sh -c "echo out; echo err >&2; exit 3"',
      { msg: 'non-zero return code', rc: 3, stdout: 'out', stderr: 'err', changed: true },
    ],
    ['no-such-program x', { msg: "[Errno 2] No such file or directory: 'no-such-program'", rc: 2 }],
    ['cd /', { msg: "[Errno 2] No such file or directory: 'cd'", rc: 2 }],
    ['echo "a', { msg: 'the command line has an unclosed ": "a' }],
  ])('%s fails', async (cmd, expected) => {
    const error = await failure(runAction(command, cmd, scratch));
    expect({ msg: error.message, ...error.data }).toMatchObject(expected);
  });

  it('fails when chdir is not there', async () => {
    const error = await failure(runAction(command, { cmd: 'ls', chdir: '/nope' }, scratch));
    expect(error.message).toMatch(/^Unable to change directory before execution: \/nope: /);
  });
});

describe('shell and raw', () => {
  const scratch = useScratch();

  it('hand the line to a shell', async () => {
    const line = 'echo "$((1 + 1))" | cat; echo e >&2';
    expect(await runAction(shell, line, scratch)).toMatchObject({
      changed: true,
      data: { cmd: line, rc: 0, stdout: '2', stderr: 'e' },
    });
    expect(await runAction(raw, line, scratch)).toEqual({
      changed: true,
      data: { rc: 0, stdout: '2\n', stderr: 'e\n' },
    });
  });

  it('use another shell', async () => {
    const cmd = `a=(1 2); echo "\${a[1]}"`;
    expect(await runAction(shell, { cmd, executable: '/bin/bash' }, scratch)).toMatchObject({
      data: { stdout: '2' },
    });
  });

  it('fail with the exit code', async () => {
    expect((await failure(runAction(shell, 'exit 4', scratch))).data).toMatchObject({ rc: 4 });
    expect((await failure(runAction(raw, 'exit 5', scratch))).data).toMatchObject({ rc: 5 });
  });
});

async function failure(promise: Promise<unknown>): Promise<ModuleError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ModuleError) return error;
  throw error ?? new Error('it did not fail');
}
