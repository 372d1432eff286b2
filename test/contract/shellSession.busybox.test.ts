import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { sessionProcessesContract, shellSessionContract } from './shellSession.ts';

// Busybox is `sh` by the name that it is called with.
const directory = mkdtempSync(join(tmpdir(), 'drover-busybox-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
const shell = join(directory, 'sh');
if (busybox !== undefined) symlinkSync(busybox, shell);

shellSessionContract('busybox ash', shell);
sessionProcessesContract('busybox ash', shell);
