/** A host that has nothing but busybox: its ash as the shell, and its applets as the only commands in PATH. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalHost } from './localScenarios.ts';

/** @returns the host, and the folder to remove afterwards. Needs `busybox` on this machine. */
export function busyboxHost(): LocalHost & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'drover-busybox-'));
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  const busybox = execFileSync('sh', ['-c', 'command -v busybox']).toString().trim();
  const applets = execFileSync(busybox, ['--list']).toString().split('\n').filter(Boolean);
  for (const applet of applets) symlinkSync(busybox, join(programs, applet));
  const environment = { PATH: programs, HOME: folder, LANG: 'C.UTF-8' };
  return { folder, shell: join(programs, 'sh'), environment };
}
