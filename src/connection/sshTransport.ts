/** An open ssh2 client as a transport. */
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { UnreachableError } from '../core/errors.ts';
import { lostError, placeOf } from './sshErrors.ts';
import type { SshOptions } from './sshOptions.ts';
import type { ExecOptions, ExitStatus, RemoteProcess, Transport } from './transport.ts';

export function sshTransport(client: Client, options: SshOptions): Transport {
  const connection = new SshConnection(client, options);
  return {
    name: 'ssh',
    closed: connection.closed,
    exec: (command, exec) => connection.exec(command, exec),
    openTcp: (host, port) =>
      connection.open(`${host}:${port}`, (done) =>
        client.forwardOut('127.0.0.1', 0, host, port, done),
      ),
    openUnix: (path) =>
      connection.open(path, (done) => client.openssh_forwardOutStreamLocal(path, done)),
    close: () => connection.close(),
  };
}

type Opened<T> = (error: Error | undefined, stream: T) => void;

class SshConnection {
  readonly closed: Promise<Error | undefined>;
  readonly #client: Client;
  readonly #options: SshOptions;
  #isWanted = true;
  #cause: Error | undefined;

  constructor(client: Client, options: SshOptions) {
    this.#client = client;
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
    const channel = await this.open<ClientChannel>('a session', (done) =>
      this.#client.exec(command, { pty }, done),
    );
    return this.#processOf(channel);
  }

  /** @throws UnreachableError when the connection is gone or the server refuses. */
  async open<T extends Duplex>(what: string, start: (done: Opened<T>) => void): Promise<T> {
    const opened = new Promise<T>((resolve, reject) => {
      const done: Opened<T> = (error, stream) => {
        if (error) reject(this.#openError(what, error));
        else resolve(stream);
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

  #processOf(channel: ClientChannel): RemoteProcess {
    let settleKilled: (status: ExitStatus) => void = () => undefined;
    const killed = new Promise<ExitStatus>((resolve) => {
      settleKilled = resolve;
    });
    const exit = Promise.race([this.#exitOf(channel), killed]);
    exit.catch(() => undefined);
    return {
      stdin: channel,
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

function signalNumber(name: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return numbers[name.startsWith('SIG') ? name : `SIG${name}`] ?? 0;
}
