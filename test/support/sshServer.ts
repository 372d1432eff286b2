/** A real `sshd` on a free port of 127.0.0.1, with keys of its own in a scratch directory. Users log in as who runs the test. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionSettings } from '../../src/connection/transport.ts';

const SSHD = '/usr/sbin/sshd';

export const hasSshd = existsSync(SSHD);

export interface SshServer {
  readonly port: number;
  readonly directory: string;
  /** The line of the host's key for known_hosts, and the file that holds it. */
  readonly knownHostsLine: string;
  readonly knownHostsFile: string;
  /** A key that may log in. */
  readonly keyFile: string;
  readonly process: ChildProcess;
  /** What it wrote, as much as `LogLevel` lets it. */
  log(): string;
  /** Settings that log in with that key and know the host. */
  settings(changes?: Partial<ConnectionSettings>): ConnectionSettings;
  /** Ends every open connection, not the server. */
  cutConnections(): void;
  /** Leaves them open and silent, until they are cut. */
  freezeConnections(): void;
  stop(): Promise<void>;
}

export interface SshServerPlace {
  /** Folder for keys and configuration; default: the temporary one. */
  readonly parent?: string;
  /** A command that becomes its arguments, in other surroundings: `unshare -m …`. */
  readonly within?: readonly string[];
}

/** @param extraConfig lines for `sshd_config`. */
export async function startSshServer(
  extraConfig = '',
  { parent = tmpdir(), within = [] }: SshServerPlace = {},
): Promise<SshServer> {
  const directory = mkdtempSync(join(parent, 'drover-sshd-'));
  chmodSync(directory, 0o755);
  const port = await freePort();
  const keyFile = makeKey(join(directory, 'user'));
  const hostKey = makeKey(join(directory, 'host'));
  writeFileSync(join(directory, 'authorized_keys'), readFileSync(`${keyFile}.pub`));
  const [type, key] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
  const knownHostsLine = `[127.0.0.1]:${port} ${type} ${key}\n`;
  const knownHostsFile = join(directory, 'known_hosts');
  writeFileSync(knownHostsFile, knownHostsLine);
  writeFileSync(join(directory, 'sshd_config'), sshdConfig(directory, port, hostKey, extraConfig));
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const logFile = join(directory, 'log');
  const files = ['-E', logFile, '-f', join(directory, 'sshd_config')];
  const command = [...within, SSHD, '-D', ...files];
  const [program = SSHD, ...args] = command;
  const server = spawn(program, args, { stdio: 'ignore' });
  await listening(port);
  return {
    port,
    directory,
    knownHostsLine,
    knownHostsFile,
    keyFile,
    process: server,
    log: () => readFileSync(logFile, 'utf8'),
    settings: (changes = {}) => ({ ...baseSettings(port, keyFile, knownHostsFile), ...changes }),
    cutConnections: () => signalChildren(server.pid, 'SIGKILL'),
    freezeConnections: () => signalChildren(server.pid, 'SIGSTOP'),
    async stop() {
      server.kill();
      await new Promise((resolve) => server.once('exit', resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function signalChildren(parent: number | undefined, signal: NodeJS.Signals): void {
  const listing = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' });
  for (const line of listing.trim().split('\n')) {
    const [ppid, pid] = line.trim().split(/\s+/).map(Number);
    if (ppid === parent && pid !== undefined) process.kill(pid, signal);
  }
}

function baseSettings(port: number, keyFile: string, knownHostsFile: string): ConnectionSettings {
  return {
    transport: 'ssh',
    host: 'web1',
    address: '127.0.0.1',
    port,
    user: userInfo().username,
    privateKeyFile: keyFile,
    hostKeyChecking: 'strict',
    knownHostsFiles: [knownHostsFile],
    connectTimeoutMs: 10_000,
    retries: 0,
    sshArgs: ['-F', 'none'],
    shell: '/bin/sh',
  };
}

function sshdConfig(directory: string, port: number, hostKey: string, extra: string): string {
  return `ListenAddress 127.0.0.1
Port ${port}
HostKey ${hostKey}
PidFile ${join(directory, 'sshd.pid')}
AuthorizedKeysFile ${join(directory, 'authorized_keys')}
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
AllowTcpForwarding yes
AllowStreamLocalForwarding yes
${extra}
`;
}

/** An Ed25519 key pair by `ssh-keygen`; `file` is the private half. */
export function makeKey(file: string, passphrase = '', type = 'ed25519'): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', file]);
  return file;
}

/** Whether the agent at `socket` took the key. */
export function addKey(socket: string, file: string): boolean {
  try {
    execFileSync('ssh-add', ['-q', file], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'ignore',
    });
    return true;
  } catch (error) {
    if (error instanceof Error && 'status' in error) return false;
    throw error;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await answers(port)) return;
    await delay(50);
  }
  throw new Error(`sshd does not listen on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
