/** The script that works on packages, with an apt-get that fails and a dpkg that records how it is called. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { APPLY_SCRIPT } from '../../../../../src/modules/packages/apt/aptScripts.ts';
import { useScratch } from '../../scratch.ts';

const scratch = useScratch();
const OPTIONS = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold'];

it('finishes what an interrupted dpkg left, with the options of the task', async () => {
  await program('dpkg', `printf '%s ' "$@" >${scratch.path('calls')}`);
  await program('apt-get', 'exit 100');
  const args = ['1', '', 'yes', 'no', '', '', String(OPTIONS.length), ...OPTIONS];
  await scratch.target.sh(APPLY_SCRIPT, {
    args,
    env: { PATH: `${scratch.directory}:${process.env['PATH']}` },
  });
  expect(await readFile(scratch.path('calls'), 'utf8')).toBe(
    '--force-confdef --force-confold --configure -a ',
  );
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(scratch.path(name), `#!/bin/sh\n${text}\n`);
  await chmod(scratch.path(name), 0o755);
}
