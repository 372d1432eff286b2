/** The controller itself as a host: processes by `child_process`, streams by `net`. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { connect, type NetConnectOpts } from 'node:net';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { UnreachableError } from '../core/errors.ts';
import { quoteAll } from './quote.ts';
import type { ExitStatus, RemoteProcess, Transport } from './transport.ts';

export interface LocalOptions {
  readonly shell: string;
  /** Environment and directory that processes start with; those of this program when absent. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly directory?: string | undefined;
}

export function localTransport({ shell, environment, directory }: LocalOptions): Transport {
  const running = new Set<ChildProcessWithoutNullStreams>();
  let isClosed = false;
  let settleClosed: (reason: undefined) => void = () => undefined;
  const closed = new Promise<Error | undefined>((resolve) => {
    settleClosed = resolve;
  });
  return {
    name: 'local',
    closed,
    async exec(command, { pty = false } = {}) {
      if (isClosed) throw closedError();
      const [program, ...args] = pty ? onTerminal(shell, command) : [shell, '-c', command];
      // A session of its own: what the host's processes do to their process group never reaches this program.
      const child = spawn(program, args, {
        detached: true,
        ...(environment && { env: environment }),
        ...(directory !== undefined && { cwd: directory }),
      });
      running.add(child);
      child.once('close', () => running.delete(child));
      await started(child, program);
      return processOf(child);
    },
    openTcp: (host, port) => openStream({ host, port }),
    openUnix: (path) => openStream({ path }),
    async close() {
      isClosed = true;
      for (const child of running) letGo(child);
      settleClosed(undefined);
    },
  };
}

function closedError(): UnreachableError {
  return new UnreachableError('the local connection was closed', { code: 'DROVER_SESSION_CLOSED' });
}

/** Node makes no terminals: script(1) does, which Linux and macOS have, each with arguments of its own. */
function onTerminal(shell: string, command: string): [string, ...string[]] {
  return process.platform === 'darwin'
    ? ['script', '-q', '/dev/null', shell, '-c', command]
    : ['script', '-qefc', `exec ${quoteAll([shell, '-c', command])}`, '/dev/null'];
}

/** Nobody reads it any more, and this program does not stay for it: a shell that waits for input ends by its end. */
function letGo(child: ChildProcessWithoutNullStreams): void {
  child.stdin.end();
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
}

function started(child: ChildProcessWithoutNullStreams, shell: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(
        new UnreachableError(`${shell} cannot be started: ${cause.message}`, {
          code: 'DROVER_NO_SHELL',
          cause,
        }),
      ),
    );
  });
}

function processOf(child: ChildProcessWithoutNullStreams): RemoteProcess {
  const exit = new Promise<ExitStatus>((resolve) => {
    child.once('close', (code, signal) => resolve(exitStatus(code, signal)));
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exit,
    kill: (signal) => void child.kill(signal),
  };
}

function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (signal === null) return { code: code ?? 0 };
  return { code: 128 + constants.signals[signal], signal };
}

function openStream(options: NetConnectOpts): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
