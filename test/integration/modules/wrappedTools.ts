/** Package managers that work on a folder instead of this machine: scripts of their names that add options, first in PATH. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScratchTarget, scratchTarget } from '../../support/fakeTarget.ts';

export interface WrappedTools {
  readonly folder: string;
  readonly host: ScratchTarget;
  close(): Promise<void>;
}

/** @param options by tool, given the folder: what is added before its own arguments. */
export function wrappedTools(
  options: (folder: string) => Readonly<Record<string, readonly string[]>>,
): WrappedTools {
  const folder = mkdtempSync(join(tmpdir(), 'drover-tools-'));
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  for (const [tool, words] of Object.entries(options(folder))) {
    const path = execFileSync('sh', ['-c', `command -v ${tool}`])
      .toString()
      .trim();
    const script = `#!/bin/sh\nexec ${path} ${words.join(' ')} "$@"\n`;
    writeFileSync(join(programs, tool), script);
    chmodSync(join(programs, tool), 0o755);
  }
  const host = scratchTarget({ path: [programs] });
  return {
    folder,
    host,
    async close() {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
