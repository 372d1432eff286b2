/** `edit` and `create`: the clear text is in a file of the owner's alone, for as long as the editor is open. */
import { type ChildProcess, spawn } from 'node:child_process';
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
async function runEditor(file: string, { environment, cwd, signal }: World): Promise<void> {
  const editor = [
    environment['DROVER_EDITOR'],
    environment['EDITOR'],
    environment['VISUAL'],
    'vi',
  ].find((each) => each !== undefined && each !== '');
  const child = spawn('/bin/sh', ['-c', `exec ${editor} "$1"`, 'sh', file], {
    cwd,
    env: { ...environment },
    stdio: 'inherit',
  });
  const stop = () => endEditor(child, signal);
  signal.addEventListener('abort', stop);
  const end = await new Promise<string | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : `exit code ${code ?? signal}`),
    );
  });
  signal.removeEventListener('abort', stop);
  if (end === undefined) return;
  throw new LoadError(`the editor "${editor}" failed (${end}); nothing was saved`, {
    code: 'DROVER_EDITOR',
    hint: 'name another one in the environment variable EDITOR',
  });
}

/** When drover is told to end, the editor goes too. Ctrl-C reaches editors by themselves, and many have a use for it. */
function endEditor(editor: ChildProcess, { reason }: AbortSignal): void {
  if (!String(reason).includes('SIGINT')) editor.kill();
}
