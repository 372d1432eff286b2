/** An open ssh2 client as a transport. */
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { UnreachableError } from '../../core/errors.ts';
import { inTime } from '../inTime.ts';
import type { ExecOptions, ExitStatus, RemoteProcess, Transport } from '../transport.ts';
import { lostError, placeOf } from './sshErrors.ts';
import type { SshOptions } from './sshOptions.ts';

/** @param stream what the client is connected through. */
export function sshTransport(client: Client, stream: Duplex, options: SshOptions): Transport {
  const connection = new SshConnection(client, stream, options);
  return {
    name: 'ssh',
    closed: connection.closed,
    exec: (command, exec) => connection.exec(command, exec),
    openTcp: (host, port) =>
      connection.openStream(`${host}:${port}`, (done) =>
        client.forwardOut('127.0.0.1', 0, host, port, done),
      ),
    openUnix: (path) =>
      connection.openStream(path, (done) => client.openssh_forwardOutStreamLocal(path, done)),
    close: () => connection.close(),
  };
}

type Opened<T> = (error: Error | undefined, stream: T) => void;

interface Started {
  readonly channel: ClientChannel;
  readonly process: RemoteProcess;
}

class SshConnection {
  readonly closed: Promise<Error | undefined>;
  readonly #client: Client;
  readonly #stream: Duplex;
  readonly #options: SshOptions;
  #isWanted = true;
  #cause: Error | undefined;

  constructor(client: Client, stream: Duplex, options: SshOptions) {
    this.#client = client;
    this.#stream = stream;
    this.#options = options;
    client.on('error', (error) => {
      this.#cause ??= error;
    });
    this.closed = new Promise((resolve) => {
      client.once('close', () =>
        resolve(this.#isWanted ? lostError(options, this.#cause) : undefined),
      );
    });
  }

  async exec(command: string, { pty = false }: ExecOptions = {}): Promise<RemoteProcess> {
    const opening = this.#open<ClientChannel, Started>(
      'a session',
      (done) => this.#client.exec(command, { pty }, done),
      (channel) => ({ channel, process: this.#processOf(channel) }),
    );
    const { process } = await inTime(opening, this.#options.connectTimeoutMs, {
      late: () => this.#lateError('a session'),
      drop: ({ channel }) => channel.close(),
    });
    return process;
  }

  /** @throws UnreachableError when the connection is gone or the server refuses. */
  openStream(what: string, start: (done: Opened<Duplex>) => void): Promise<Duplex> {
    return this.#open(what, start, (stream) => stream);
  }

  /**
   * @param take listens to what is open; called at once, because the end may come in the same packet.
   * @throws UnreachableError when the connection is gone or the server refuses.
   */
  async #open<S, T>(
    what: string,
    start: (done: Opened<S>) => void,
    take: (stream: S) => T,
  ): Promise<T> {
    const opened = new Promise<T>((resolve, reject) => {
      const done: Opened<S> = (error, stream) => {
        if (error) reject(this.#openError(what, error));
        else resolve(take(stream));
      };
      try {
        start(done);
      } catch (error) {
        // ssh2 throws "Not connected" here when the connection ended before.
        reject(lostError(this.#options, error instanceof Error ? error : undefined));
      }
    });
    const lost = this.closed.then((reason) => {
      throw reason ?? lostError(this.#options);
    });
    return Promise.race([opened, lost]);
  }

  async close(): Promise<void> {
    this.#isWanted = false;
    this.#client.end();
    const timer = setTimeout(() => this.#client.destroy(), 1_000);
    await this.closed;
    clearTimeout(timer);
  }

  #openError(what: string, cause: Error): UnreachableError {
    return new UnreachableError(
      `${placeOf(this.#options)} does not open ${what}: ${cause.message}`,
      {
        code: 'DROVER_SSH_CHANNEL',
        cause,
      },
    );
  }

  #lateError(what: string): UnreachableError {
    const seconds = this.#options.connectTimeoutMs / 1000;
    return new UnreachableError(
      `${placeOf(this.#options)} does not open ${what}: no answer within ${seconds} s`,
      {
        code: 'DROVER_SSH_CHANNEL',
        hint: 'the ssh server answers logins and nothing more; --timeout waits longer',
      },
    );
  }

  #processOf(channel: ClientChannel): RemoteProcess {
    let settleKilled: (status: ExitStatus) => void = () => undefined;
    const killed = new Promise<ExitStatus>((resolve) => {
      settleKilled = resolve;
    });
    const exit = Promise.race([this.#exitOf(channel), killed]);
    exit.catch(() => undefined);
    return {
      stdin: channel,
      sent: () => drained(this.#stream),
      stdout: channel,
      stderr: channel.stderr,
      exit,
      kill(signal) {
        channel.signal(signal.replace('SIG', ''));
        channel.close();
        // A server may refuse the signal (OpenSSH does for root) and keep the channel for as long as the process lives.
        settleKilled({ code: 128 + signalNumber(signal), signal });
      },
    };
  }

  #exitOf(channel: ClientChannel): Promise<ExitStatus> {
    let status: ExitStatus | undefined;
    channel.once('exit', (code: number | null, signal?: string) => {
      status =
        signal === undefined ? { code: code ?? 0 } : { code: 128 + signalNumber(signal), signal };
    });
    return new Promise<ExitStatus>((resolve, reject) => {
      channel.once('close', () => {
        if (status) resolve(status);
        // Without a status either the connection is gone, which ssh2 reports just after, or the channel was closed.
        else setImmediate(() => resolve({ code: 255 }));
      });
      void this.closed.then((reason) => reject(reason ?? lostError(this.#options)));
    });
  }
}

/** ssh2 encrypts what the host's window allows, some MB, and writes it whether there is room or not. */
function drained(stream: Duplex): Promise<void> {
  if (!stream.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

function signalNumber(name: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return numbers[name.startsWith('SIG') ? name : `SIG${name}`] ?? 0;
}
