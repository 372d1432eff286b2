// What a fleet keeps on disk: its ssh key, the registry's bookkeeping, the log and pid of a Docker engine it started.
// The engine itself is asked for containers, networks and images: there is no second copy of that to go stale.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** With `python` the hosts also have Python, for side-by-side runs of ansible-playbook. */
export type Variant = 'plain' | 'python';

export interface State {
  readonly folder: string;
  /** Prefix of every container, network and volume: two checkouts on one machine do not meet. */
  readonly id: string;
  readonly privateKeyFile: string;
  readonly dockerdPidFile: string;
  readonly dockerdLogFile: string;
  /** What every host is given when it is made, as `/etc/fleet`. */
  readonly seedFolder: string;
  knownHostsFile(variant: Variant): string;
}

/** The state kept in a folder, which need not exist yet. */
export function stateIn(path: string): State {
  const folder = resolve(path);
  const digest = createHash('sha256').update(folder).digest('hex');
  return {
    folder,
    id: `drover-${digest.slice(0, 6)}`,
    privateKeyFile: join(folder, 'id_ed25519'),
    dockerdPidFile: join(folder, 'dockerd.pid'),
    dockerdLogFile: join(folder, 'dockerd.log'),
    seedFolder: join(folder, 'seed'),
    knownHostsFile: (variant) =>
      join(folder, variant === 'plain' ? 'known_hosts' : `known_hosts.${variant}`),
  };
}

export const defaultState = (): State => stateIn(join(import.meta.dirname, '.state'));

/** A fleet of its own for one suite, on the same Docker engine: suites do not meet, nor the hosts of the demo. */
export function stateFor(suite: string): State {
  const { folder, dockerdPidFile, dockerdLogFile } = defaultState();
  return { ...stateIn(join(folder, suite)), dockerdPidFile, dockerdLogFile };
}

/** Does the work while no other process works on the same fleet. Waits up to ten minutes for its turn;
 *  the lock of a process that is gone counts for nothing. */
export async function exclusively<T>(state: State, work: () => Promise<T>): Promise<T> {
  await mkdir(state.folder, { recursive: true });
  const lock = join(state.folder, 'lock');
  await takeLock(lock, 600_000);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await createLock(lock))) {
    const holder = await readPid(lock);
    if (holder !== undefined && !isAlive(holder)) await rm(lock, { force: true });
    if (Date.now() > deadline)
      throw new Error(`process ${holder} has held ${lock} for ${timeoutMs} ms`);
    await sleep(200);
  }
}

async function createLock(lock: string): Promise<boolean> {
  const file = await open(lock, 'wx').catch(() => undefined);
  await file?.writeFile(String(process.pid));
  await file?.close();
  return file !== undefined;
}

/** The process id in a file, if there is one. */
export async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
