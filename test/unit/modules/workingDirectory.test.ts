/** The directories that scripts keep their temporary files in: what becomes of them, on this machine. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { WORKING_DIRECTORY } from '../../../src/modules/workingDirectory.ts';
import { useScratch } from './scratch.ts';

const scratch = useScratch();

const run = (script: string) =>
  scratch.target.sh(`${WORKING_DIRECTORY}\n${script}`, { env: { TMPDIR: scratch.directory } });

it('are for their script alone, and go with it', async () => {
  const { stdout } = await run(`cd "$TMPDIR"; echo *; ls -A; stat -c %a "$tmp"; echo x >"$tmp/x"`);
  expect(stdout.toString()).toMatch(/^\*\n\.drover-work-\d+-[\w.-]+-\w{6}\n700\n$/);
  expect(await readdir(scratch.directory)).toEqual([]);
});

it('go with the next script when theirs was killed', async () => {
  await run(`echo x >"$tmp/x"; kill -s KILL $$`);
  expect(await readdir(scratch.directory)).toHaveLength(1);
  await run(':');
  expect(await readdir(scratch.directory)).toEqual([]);
});

it('stay while their script runs, or may run elsewhere', async () => {
  const dead = execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).trim();
  const kept = [
    `.drover-work-${process.pid}-${hostname()}-aaaaaa`,
    `.drover-work-${dead}-not${hostname()}-aaaaaa`,
    `.drover-work-${dead}-aaaaaa`,
  ].sort();
  for (const name of kept) await mkdir(scratch.path(name));
  await mkdir(scratch.path(`.drover-work-${dead}-${hostname()}-aaaaaa`));
  await run(':');
  expect((await readdir(scratch.directory)).sort()).toEqual(kept);
});
