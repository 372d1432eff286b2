/** Programs that write their arguments down before they become the real ones: a process list that misses nothing. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const REAL = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export interface ArgvRecorder {
  /** For `PATH`. */
  readonly path: string;
  /** All command lines so far, an argument with newlines as several lines. */
  recorded(): string;
  forget(): void;
}

/** @param folder made here. Every program of the system gets its shim in it. */
export function argvRecorder(folder: string): ArgvRecorder {
  const log = join(folder, '.log');
  mkdirSync(folder, { recursive: true });
  writeFileSync(log, '');
  for (const directory of REAL.filter((each) => existsSync(each))) {
    for (const name of readdirSync(directory)) addShim(folder, name, join(directory, name), log);
  }
  return {
    path: [folder, ...REAL].join(':'),
    recorded: () => readFileSync(log, 'utf8'),
    forget: () => writeFileSync(log, ''),
  };
}

/** `printf` is built into the shell, so that the shim itself shows nothing. */
function addShim(folder: string, name: string, program: string, log: string): void {
  const shim = join(folder, name);
  if (!/^[\w.+-]+$/.test(name) || existsSync(shim)) return;
  writeFileSync(
    shim,
    `#!/bin/sh\nprintf '%s ' '${name}' "$@" >>'${log}'\necho >>'${log}'\nexec '${program}' "$@"\n`,
  );
  chmodSync(shim, 0o755);
}
