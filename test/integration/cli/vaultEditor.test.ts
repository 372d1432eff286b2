/** `drover vault edit` as a process of its own, ended from outside. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Scratch } from '../../support/drover.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PASSWORD = ['--vault-password-file', 'password'];

it('leaves no clear text behind when drover is told to end while the editor is open', async () => {
  using scratch = new Scratch({
    password: 'secret\n',
    'vars.yml': 'key: value\n',
    editor: '#!/bin/sh\nexec sleep 60\n',
  });
  mkdirSync(scratch.path('tmp'));
  await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml']);
  const before = readFileSync(scratch.path('vars.yml'), 'utf8');
  const program = [
    '--import',
    import.meta.resolve('tsx'),
    join(ROOT, 'src/main.ts'),
    'vault',
    'edit',
    ...PASSWORD,
    'vars.yml',
  ];
  const environment = {
    ...process.env,
    EDITOR: scratch.path('editor'),
    TMPDIR: scratch.path('tmp'),
  };
  const drover = spawn(process.execPath, program, { cwd: scratch.folder, env: environment });
  const ended = new Promise<number | null>((done) => drover.on('close', done));
  await vi.waitFor(() => expect(clearTexts(scratch)).toHaveLength(1), { timeout: 30_000 });
  drover.kill('SIGTERM');
  expect(await ended).toBe(1);
  expect(clearTexts(scratch)).toEqual([]);
  expect(readFileSync(scratch.path('vars.yml'), 'utf8')).toBe(before);
});

function clearTexts(scratch: Scratch): readonly string[] {
  const folders = readdirSync(scratch.path('tmp')).filter((name) =>
    name.startsWith('drover-vault-'),
  );
  return folders.flatMap((folder) => readdirSync(scratch.path(`tmp/${folder}`)));
}
