// The machine that carries the fleet: what it lacks, how to bring it, and a Docker engine that answers.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dockerSays, lastLines, run } from './command.ts';
import { readPid, type State } from './state.ts';

export type Progress = (message: string) => void;

/** What this machine lacks for a fleet and the fleet cannot bring by itself: one sentence each, with the command that
 *  brings it. Empty when `fleetUp` can be expected to work. */
export function fleetMissing(): string[] {
  if (canInstall() || engineAnswers()) return sshKeygenMissing();
  if (!hasProgram('docker'))
    return [
      `Docker is not installed, and only root on Debian lets the fleet install it: run \`sudo apt-get install docker.io\`, or follow https://docs.docker.com/engine/install/.`,
    ];
  return [
    `No Docker engine answers this user: start it with \`sudo systemctl start docker\`, and join its group with \`sudo usermod -aG docker "$USER"\` and a new login.`,
  ];
}

const sshKeygenMissing = (): string[] =>
  hasProgram('ssh-keygen') || canInstall()
    ? []
    : ['ssh-keygen is not installed: run `sudo apt-get install openssh-client`.'];

/** Root on a machine with apt: the fleet may install what it needs. */
export const canInstall = (): boolean => process.getuid?.() === 0 && hasProgram('apt-get');

export const hasProgram = (name: string): boolean =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .some(isExecutable);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const engineAnswers = (): boolean =>
  spawnSync('docker', ['version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

const packageOf: Readonly<Record<string, string>> = {
  docker: 'docker.io',
  dockerd: 'docker.io',
  debootstrap: 'debootstrap',
  'ssh-keygen': 'openssh-client',
};

/** Installs the Debian packages of those programs that are missing, where that is allowed. */
export async function installMissing(
  programs: readonly string[],
  progress: Progress,
): Promise<void> {
  const missing = programs.filter((program) => !hasProgram(program));
  if (missing.length === 0 || !canInstall()) return;
  const packages = [...new Set(missing.map((program) => packageOf[program] ?? program))];
  progress(`installing ${packages.join(', ')}`);
  await run('apt-get', ['update'], { timeoutMs: 300_000 });
  const install = ['install', '--yes', '--no-install-recommends', '-oDPkg::Lock::Timeout=300'];
  await run('apt-get', [...install, ...packages], { timeoutMs: 600_000 });
}

/** Makes sure that a Docker engine answers: the one that is there, or one that is started and outlives this process. */
export async function ensureEngine(state: State, progress: Progress): Promise<void> {
  if (await dockerSays(['version'])) return;
  const here = ['docker', 'ssh-keygen', ...(canInstall() ? ['dockerd', 'debootstrap'] : [])];
  await installMissing(here, progress);
  if (await dockerSays(['version'])) return;
  progress('starting the Docker engine');
  await startEngine(state);
  await waitForEngine(state, 60_000);
}

async function startEngine(state: State): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    await run('systemctl', ['start', 'docker']);
    return;
  }
  await mkdir(state.folder, { recursive: true });
  const log = await open(state.dockerdLogFile, 'a');
  const engine = spawn('dockerd', [], { detached: true, stdio: ['ignore', log.fd, log.fd] });
  const failed = new Promise<never>((_, reject) => engine.once('error', reject));
  const spawned = new Promise<void>((resolve) => engine.once('spawn', resolve));
  await Promise.race([spawned, failed]);
  engine.unref();
  await log.close();
  await writeFile(state.dockerdPidFile, String(engine.pid));
}

async function waitForEngine(state: State, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await dockerSays(['version']))) {
    if (Date.now() > deadline) {
      const log = await readFile(state.dockerdLogFile, 'utf8').catch(() => '');
      throw new Error(
        `no Docker engine after ${timeoutMs} ms; its log ends:\n${lastLines(log, 15)}`,
      );
    }
    await sleep(200);
  }
}

/** Ends the engine if this fleet started it, and waits until it is gone. */
export async function stopOwnEngine(state: State): Promise<boolean> {
  const pid = await readPid(state.dockerdPidFile);
  await rm(state.dockerdPidFile, { force: true });
  if (pid === undefined || !(await isDockerd(pid))) return false;
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + 60_000;
  while ((await isDockerd(pid)) && Date.now() < deadline) await sleep(200);
  return true;
}

async function isDockerd(pid: number): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return name.trim() === 'dockerd';
}
