import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { INIT_SHELL } from '../../../../src/modules/system/serviceScripts.ts';

/** Whether the shell finds a process; what is looked for is in no command line of its own. */
function isListed(pattern: string, shell: readonly string[]): boolean {
  const [program = '', ...words] = shell;
  const input = `${INIT_SHELL}\nlisted '${pattern}'\n`;
  return spawnSync(program, [...words, '-s'], { input }).status === 0;
}

it.each([[['sh']], [['busybox', 'sh']]])('%j finds a process by its words', async (shell) => {
  if (spawnSync(shell[0] ?? '', ['-c', 'true']).error !== undefined) return;
  const napper = spawn('sleep', ['98.7654']);
  await once(napper, 'spawn');
  expect(isListed('sleep 98.7', shell)).toBe(true);
  napper.kill();
  await once(napper, 'exit');
  expect(isListed('sleep 98.7', shell)).toBe(false);
});
