/** Programs that write their arguments and environment down before they become the real ones: a process list that misses nothing. */
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

/** It becomes what a user's own command line says, which is in the process list by what it is. */
const LEADER = 'setsid';

export interface ArgvRecorder {
  /** For `PATH`. */
  readonly path: string;
  /** All command lines so far, an argument with newlines as several lines. */
  recorded(): string;
  /** Environments of all of them. */
  environments(): string;
  /** The command lines as words: the program, then its arguments. */
  calls(): readonly (readonly string[])[];
  forget(): void;
}

/**
 * @param folder made here. Every program of the system gets its shim in it.
 * @param silent programs that do nothing once they have written themselves down, whether they are there or not
 */
export function argvRecorder(folder: string, silent: readonly string[] = []): ArgvRecorder {
  const log = join(folder, '.log');
  mkdirSync(folder, { recursive: true });
  for (const file of [log, `${log}.env`]) {
    writeFileSync(file, '');
    chmodSync(file, 0o666);
  }
  for (const name of silent) addShim(folder, name, 'exit 0', log);
  for (const directory of REAL.filter((each) => existsSync(each))) {
    for (const name of readdirSync(directory).filter((each) => each !== LEADER)) {
      addShim(folder, name, `exec '${join(directory, name)}' "$@"`, log);
    }
  }
  return {
    path: [folder, ...REAL].join(':'),
    recorded: () =>
      callsIn(log)
        .map((words) => words.join(' '))
        .join('\n'),
    environments: () => readFileSync(`${log}.env`, 'utf8'),
    calls: () => callsIn(log),
    forget() {
      for (const file of [log, `${log}.env`]) writeFileSync(file, '');
    },
  };
}

/** No text of a test has them. Each record is a single write, as programs of a pipeline start at once. */
const BEFORE_RECORD = '\x1e';
const AFTER_WORD = '\x1f';

function callsIn(log: string): string[][] {
  const records = readFileSync(log, 'utf8').split(BEFORE_RECORD).slice(1);
  return records.map((record) => record.split(AFTER_WORD).slice(0, -1));
}

/** `printf` is built into the shell, so that the shim itself shows nothing. */
function addShim(folder: string, name: string, becomes: string, log: string): void {
  const shim = join(folder, name);
  if (!/^[\w.+-]+$/.test(name) || existsSync(shim)) return;
  const record = `printf '%s${AFTER_WORD}' '${BEFORE_RECORD}${name}' "$@" >>'${log}'`;
  const environment = `export -p >>'${log}.env'`;
  writeFileSync(shim, `#!/bin/sh\n${record}\n${environment}\n${becomes}\n`);
  chmodSync(shim, 0o755);
}
