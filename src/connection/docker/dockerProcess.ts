/** One `exec` in a container as a process: its two output streams, its process id, its exit code. */
import { constants } from 'node:os';
import { type Duplex, PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { UnreachableError } from '../../core/errors.ts';
import type { ExitStatus, RemoteProcess } from '../transport.ts';

export interface DockerExec {
  readonly command: string;
  readonly pty: boolean;
  readonly shell: string;
  readonly user: string | undefined;
}

/** Says which process it is, which the Engine tells only in numbers of its own machine, and becomes the command. */
const ANNOUNCED = 'echo "$$"; exec "$0" -c "$1"';

/** @param lossReason why the process ended that did not end by itself. */
export async function dockerProcess(
  container: Docker.Container,
  { command, pty, shell, user }: DockerExec,
  lossReason: () => Promise<UnreachableError | undefined>,
): Promise<RemoteProcess> {
  const exec = await container.exec({
    Cmd: [shell, '-c', ANNOUNCED, shell, command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: pty,
    ...(user !== undefined && { User: user }),
  });
  const socket = await exec.start({ hijack: true, stdin: true, Tty: pty });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  if (pty) rawOutput(socket, stdout, stderr);
  else splitOutput(socket, stdout, stderr);
  const killed = new AbortController();
  const exit = exitOf(exec, socket, killed.signal, lossReason);
  const pid = await announcedPid(stdout, exit);
  return {
    stdin: socket,
    stdout,
    stderr,
    exit,
    kill(signal) {
      killed.abort(signal);
      void signalProcess(container, shell, pid, signal);
      socket.destroy();
    },
  };
}

/** Each chunk of a stream that is no terminal's has a header: which of the two, and how many bytes (Engine API, "attach"). */
const HEADER_BYTES = 8;
const STDERR = 2;

/** Holds the socket back while either side is full. */
export function splitOutput(socket: Duplex, stdout: PassThrough, stderr: PassThrough): void {
  let pending: Buffer = Buffer.alloc(0);
  let [left, to] = [0, stdout];
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      if (left === 0 && pending.length < HEADER_BYTES) return;
      if (left === 0) {
        to = pending[0] === STDERR ? stderr : stdout;
        left = pending.readUInt32BE(4);
        pending = pending.subarray(HEADER_BYTES);
      }
      const content = pending.subarray(0, left);
      pending = pending.subarray(content.length);
      left -= content.length;
      if (content.length > 0) pass(content, to, socket);
      if (left > 0) return;
    }
  });
  endBoth(socket, stdout, stderr);
}

function rawOutput(socket: Duplex, stdout: PassThrough, stderr: PassThrough): void {
  socket.on('data', (chunk: Buffer) => pass(chunk, stdout, socket));
  endBoth(socket, stdout, stderr);
}

function pass(content: Buffer, to: PassThrough, from: Duplex): void {
  if (to.write(content)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

function endBoth(socket: Duplex, stdout: PassThrough, stderr: PassThrough): void {
  const end = (): void => {
    stdout.end();
    stderr.end();
  };
  socket.on('error', end).once('end', end).once('close', end);
}

/** The first line of stdout; anything else there is the Engine's word that nothing could be started. */
function announcedPid(stdout: PassThrough, exit: Promise<ExitStatus>): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const settle = (): void => {
      const at = seen.indexOf('\n');
      const line = seen
        .subarray(0, at < 0 ? seen.length : at)
        .toString()
        .trim();
      stdout.off('data', onData).off('end', settle).pause();
      if (at + 1 < seen.length) stdout.unshift(seen.subarray(at + 1));
      if (/^\d+$/.test(line)) resolve(Number(line));
      else exit.then(() => reject(startError(seen.toString().trim())), reject);
    };
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      if (seen.includes('\n')) settle();
    };
    stdout.on('data', onData).once('end', settle);
  });
}

function startError(said: string): UnreachableError {
  return new UnreachableError(`no process can be started in the container: ${said}`, {
    code: 'DROVER_NO_SHELL',
    hint: 'the container needs a POSIX sh (ansible_shell_executable) and the user (ansible_user)',
  });
}

function exitOf(
  exec: Docker.Exec,
  socket: Duplex,
  killed: AbortSignal,
  lossReason: () => Promise<UnreachableError | undefined>,
): Promise<ExitStatus> {
  const exit = new Promise<void>((resolve) => {
    socket.once('end', resolve).once('close', resolve);
    killed.addEventListener('abort', () => resolve());
  }).then(() => (killed.aborted ? killedStatus(killed.reason) : exitStatus(exec, lossReason)));
  exit.catch(() => undefined);
  return exit;
}

function killedStatus(signal: unknown): ExitStatus {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  const name = String(signal);
  return { code: 128 + (numbers[name] ?? 0), signal: name };
}

/** The streams may close a moment before the Engine has noticed the end. */
async function exitStatus(
  exec: Docker.Exec,
  lossReason: () => Promise<UnreachableError | undefined>,
): Promise<ExitStatus> {
  const lost = await lossReason();
  if (lost) throw lost;
  for (let waitMs = 5; ; waitMs *= 2) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running && ExitCode !== null) return { code: ExitCode };
    await delay(Math.min(waitMs, 500));
  }
}

async function signalProcess(
  container: Docker.Container,
  shell: string,
  pid: number,
  signal: NodeJS.Signals,
): Promise<void> {
  const Cmd = [shell, '-c', 'kill -s "$1" "$2"', shell, signal.replace('SIG', ''), String(pid)];
  try {
    const exec = await container.exec({ Cmd, User: '0' });
    const answer = await exec.start({ Detach: true });
    // An answer that nobody reads would keep the connection, and this program, for minutes.
    answer.resume();
  } catch {
    // The container is gone, and the process with it.
  }
}
