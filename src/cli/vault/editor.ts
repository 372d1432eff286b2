/** `edit` and `create`: the clear text is in a file of the owner's alone, for as long as the editor is open. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LoadError } from '../../core/errors.ts';
import type { World } from '../world.ts';

/**
 * What the user makes of `clear`.
 * @param name of the file, so that the editor knows the kind of its content.
 * @throws LoadError when the editor fails; then nothing is to be saved.
 */
export async function edited(clear: Buffer, name: string, world: World): Promise<Buffer> {
  const folder = mkdtempSync(join(world.environment['TMPDIR'] ?? tmpdir(), 'drover-vault-'));
  try {
    const file = join(folder, basename(name));
    writeFileSync(file, clear, { mode: 0o600, flag: 'wx' });
    await runEditor(file, world);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `$EDITOR` may hold arguments: a shell takes it apart, as other programs have it done. */
async function runEditor(file: string, { environment, cwd }: World): Promise<void> {
  const editor = [
    environment['DROVER_EDITOR'],
    environment['EDITOR'],
    environment['VISUAL'],
    'vi',
  ].find((each) => each !== undefined && each !== '');
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], {
    cwd,
    env: { ...environment },
    stdio: 'inherit',
  });
  const end = await new Promise<string | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : `exit code ${code ?? signal}`),
    );
  });
  if (end === undefined) return;
  throw new LoadError(`the editor "${editor}" failed (${end}); nothing was saved`, {
    code: 'DROVER_EDITOR',
    hint: 'name another one in the environment variable EDITOR',
  });
}
