import { chmod, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/core/errors.ts';
import { script } from '../../../../src/modules/commands/script.ts';
import { runAction } from '../driver.ts';
import { useScratch } from '../scratch.ts';
import { testController } from '../testController.ts';

describe('script', () => {
  const scratch = useScratch();
  const setting = (checkMode = false) => ({
    target: scratch.target.withEnvironment({ TMPDIR: scratch.directory }),
    controller: testController({ files: scratch.directory, checkMode }),
  });
  const write = (text: string) => writeFile(scratch.path('tool.sh'), text);

  it('runs with its arguments, by its own interpreter, and leaves nothing behind', async () => {
    await write('#!/bin/bash\nprintf "%s|" "$#" "$@"; umask; cat\n');
    expect(await runAction(script, 'tool.sh "a b" c', setting())).toEqual({
      changed: true,
      data: { rc: 0, stdout: '2|a b|c|0022\n', stderr: '' },
    });
    expect(await readdir(scratch.directory)).toEqual(['tool.sh']);
  });

  it('runs by a given interpreter, in a given directory', async () => {
    await write('echo "$1 $2"; pwd\n');
    const args = { cmd: 'tool.sh one two', executable: 'sh -u', chdir: '/' };
    expect(await runAction(script, args, setting())).toMatchObject({
      data: { stdout: 'one two\n/\n' },
    });
  });

  it('fails with the exit code of the script, and still cleans up', async () => {
    await write('#!/bin/sh\necho oops >&2; exit 7\n');
    await chmod(scratch.path('tool.sh'), 0o600);
    await expect(runAction(script, 'tool.sh', setting())).rejects.toThrow(
      expect.objectContaining({
        constructor: ModuleError,
        data: { rc: 7, stdout: '', stderr: 'oops\n', changed: true },
      }),
    );
    expect(await readdir(scratch.directory)).toEqual(['tool.sh']);
  });

  it('is skipped by creates and removes, and predicted in check mode', async () => {
    await write('touch ran\n');
    const at = { cmd: 'tool.sh', chdir: scratch.directory };
    expect(await runAction(script, { ...at, creates: 'tool.*' }, setting())).toEqual({
      changed: false,
      skipped: 'tool.* exists, matching creates option',
    });
    expect(await runAction(script, { ...at, removes: 'none' }, setting())).toEqual({
      changed: false,
      skipped: 'none does not exist, matching removes option',
    });
    expect(await runAction(script, at, setting(true))).toMatchObject({ changed: true });
    expect(await readdir(scratch.directory)).toEqual(['tool.sh']);
  });
});
