/**
 * SSH by the system's own `ssh`, for what ssh2 cannot do: certificates, keys on tokens, Kerberos. One login per host: a
 * process of ours holds the connection and shares it by a socket (ControlMaster, ssh_config(5)) in a private folder;
 * each further process goes through that.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ModuleError } from '../../core/errors.ts';
import { lastWords } from '../lastWords.ts';
import { quoteAll } from '../quote.ts';
import type {
  ConnectionSettings,
  ExecOptions,
  ExitStatus,
  RemoteProcess,
  Transport,
} from '../transport.ts';
import { opensshArgs } from './opensshArgs.ts';
import { loginError } from './opensshErrors.ts';
import { retried } from './retry.ts';
import { lostError } from './sshErrors.ts';
import { type ControllerContext, resolveSshOptions, type SshOptions } from './sshOptions.ts';

export interface OpenSshContext extends ControllerContext {
  /** Of the `ssh` processes: `PATH`, `SSH_AUTH_SOCK`, `KRB5CCNAME`, … */
  readonly environment: NodeJS.ProcessEnv;
}

/** What holds the connection does nothing but wait for the end of its input, which is the end of this program. */
const HOLDER = 'exec cat';

/** @throws UnreachableError as `connectSsh` does, from what `ssh` says. */
export async function connectOpenSsh(
  settings: ConnectionSettings,
  context: OpenSshContext,
): Promise<Transport> {
  const options = resolveSshOptions(settings, context);
  return retried(options.retries, () => connectOnce(settings, options, context.environment));
}

async function connectOnce(
  settings: ConnectionSettings,
  options: SshOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Transport> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-'));
  const control = join(folder, 's');
  const args = opensshArgs(settings, options);
  const start: Start = (words) => spawn('ssh', words, { env: environment, detached: true });
  const holder = start(['-M', '-S', control, '-T', ...args, '--', settings.address, HOLDER]);
  try {
    await shared(holder, control, options);
  } catch (error) {
    holder.kill();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  // Once the connection is gone ssh would make one of its own: it gets a way that leads nowhere.
  const words = ['-F', 'none', '-S', control, '-o', 'ProxyCommand=false', '--', settings.address];
  return new OpenSshConnection({ start, words, folder, holder, options });
}

type Start = (words: readonly string[]) => ChildProcessWithoutNullStreams;

/** Resolves when others may use the connection. */
async function shared(
  holder: ChildProcessWithoutNullStreams,
  control: string,
  options: SshOptions,
): Promise<void> {
  const said = lastWords(holder.stderr);
  let ended: Error | undefined;
  holder.once('error', (error) => {
    ended = error;
  });
  holder.once('close', () => {
    ended ??= new Error('ssh ended');
  });
  holder.stdin.on('error', () => undefined);
  holder.stdout.resume();
  const deadline = performance.now() + options.connectTimeoutMs * 2;
  while (!existsSync(control)) {
    if (ended || performance.now() > deadline) throw loginError(options, said(), ended);
    await delay(10);
  }
}

interface OpenSshParts {
  readonly start: Start;
  /** Last arguments of every process that uses the connection; a command may follow. */
  readonly words: readonly string[];
  readonly folder: string;
  readonly holder: ChildProcessWithoutNullStreams;
  readonly options: SshOptions;
}

class OpenSshConnection implements Transport {
  readonly name = 'openssh';
  readonly closed: Promise<Error | undefined>;
  readonly #parts: OpenSshParts;
  #isWanted = true;
  #isOpen = true;
  #forwards = 0;

  constructor(parts: OpenSshParts) {
    this.#parts = parts;
    this.closed = new Promise((resolve) => {
      parts.holder.once('close', () => {
        this.#isOpen = false;
        void rm(parts.folder, { recursive: true, force: true });
        resolve(this.#isWanted ? lostError(parts.options) : undefined);
      });
    });
  }

  async exec(command: string, { pty = false }: ExecOptions = {}): Promise<RemoteProcess> {
    const child = this.#start([pty ? '-tt' : '-T', ...QUIET, ...this.#parts.words, command]);
    const exit = this.#exitOf(child);
    exit.catch(() => undefined);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve).once('error', reject);
    });
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      exit,
      kill: (signal) => void child.kill(signal),
    };
  }

  /** `ssh -v` says when the other side has accepted. */
  async openTcp(host: string, port: number): Promise<Duplex> {
    const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const child = this.#start(['-v', '-W', place, ...this.#parts.words]);
    const refusal = await settled(child);
    if (refusal !== undefined) {
      throw new ModuleError(`${place} as seen from ${this.#parts.options.host}: ${refusal}`, {
        code: 'DROVER_TCP_REFUSED',
      });
    }
    child.stderr.resume();
    const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
    // Its own end counts as an error to the halves of it once nobody listens any more.
    stream.on('error', () => undefined).once('close', () => child.kill());
    return stream;
  }

  /** By a socket in the private folder; whether the host has the socket is asked first, as `ssh` does not tell. */
  async openUnix(path: string): Promise<Duplex> {
    await this.#command(await this.exec(quoteAll(['/bin/sh', '-c', SOCKET_CHECK, 'sh', path])));
    const local = join(this.#parts.folder, `u${this.#forwards++}`);
    const forward = ['-O', 'forward', '-L', `${local}:${path}`, ...this.#parts.words];
    const child = this.#start(forward);
    await this.#command({ ...child, exit: this.#exitOf(child) });
    return new Promise((resolve, reject) => {
      const socket = connect(local);
      socket.once('error', reject).once('connect', () => resolve(socket.off('error', reject)));
    });
  }

  async close(): Promise<void> {
    this.#isWanted = false;
    this.#parts.holder.kill();
    await this.closed;
  }

  #start(words: readonly string[]): ChildProcessWithoutNullStreams {
    if (!this.#isOpen || !this.#isWanted) throw lostError(this.#parts.options);
    return this.#parts.start(words);
  }

  /** @throws ModuleError with what it printed when it fails. */
  async #command({ stdout, stderr, exit }: CommandProcess): Promise<void> {
    stdout.resume();
    const said = lastWords(stderr);
    const { code } = await exit;
    if (code === 0) return;
    const why = said() === '' ? `exit code ${code}` : said();
    throw new ModuleError(`unix socket on ${this.#parts.options.host}: ${why}`, {
      code: 'DROVER_UNIX_SOCKET',
    });
  }

  #exitOf(child: ChildProcessWithoutNullStreams): Promise<ExitStatus> {
    return new Promise((resolve, reject) => {
      child.once('close', (code, signal) => {
        if (signal !== null) resolve({ code: 255, signal });
        else if (code !== LOST) resolve({ code: code ?? 0 });
        else this.#isLost().then((lost) => (lost ? reject(lost) : resolve({ code: LOST })), reject);
      });
    });
  }

  /** `ssh` ends with 255 when the connection is gone, and when the command did; the holder ends at the same time or not. */
  #isLost(): Promise<Error | undefined> {
    const closing = this.closed.then((reason) => reason ?? lostError(this.#parts.options));
    return Promise.race([closing, delay(HOLDER_ENDS_MS, undefined)]);
  }
}

/** Without a word about the shared connection. */
const QUIET = ['-o', 'LogLevel=ERROR'];

const LOST = 255;
const HOLDER_ENDS_MS = 300;

type CommandProcess = Pick<RemoteProcess, 'stdout' | 'stderr' | 'exit'>;

const SOCKET_CHECK =
  '[ -e "$1" ] || { echo "there is no $1" >&2; exit 1; }; [ -S "$1" ] || { echo "$1 is no socket" >&2; exit 1; }; ' +
  '[ -w "$1" ] || { echo "no permission to use $1" >&2; exit 1; }';

/** How long a server may take to say that it has opened a stream, before the stream's own end has to tell. */
const OPEN_MS = 10_000;

/** Undefined once the stream is open, else why it is not. */
function settled(child: ChildProcessWithoutNullStreams): Promise<string | undefined> {
  const said = lastWords(child.stderr);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), OPEN_MS);
    const finish = (refusal?: string): void => {
      clearTimeout(timer);
      resolve(refusal);
    };
    child.stderr.on('data', () => {
      if (said().includes('master session id')) finish();
    });
    child.stdout.once('readable', () => child.stdout.readableLength > 0 && finish());
    child.once('error', (error) => finish(error.message));
    child.once('close', () => finish(said().match(/open failed: (.*)/)?.[1] ?? said()));
  });
}
