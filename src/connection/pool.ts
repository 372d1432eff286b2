/**
 * The connections of a run: one per host and login, opened at first use and shared by everybody, each with its shell
 * sessions by user. A connection that was lost is opened again by the next request; the request it was lost under fails.
 */
import { createHash } from 'node:crypto';
import type { Secret } from '../core/secret.ts';
import { Sessions } from './session/sessions.ts';
import type { BecomeSettings, ConnectionSettings, Transport } from './transport.ts';

/** Opens a transport. @throws UnreachableError with what to do about it. */
export type Connect = (settings: ConnectionSettings) => Promise<Transport>;

export class ConnectionPool {
  readonly #connect: Connect;
  readonly #connections = new Map<string, Connection>();

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /** The connection for these settings. Nothing is opened before it is used. */
  connection(settings: ConnectionSettings): Connection {
    const key = connectionKey(settings);
    const known = this.#connections.get(key);
    if (known) return known;
    const connection = new Connection(settings, this.#connect);
    this.#connections.set(key, connection);
    return connection;
  }

  async close(): Promise<void> {
    const open = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.all(open.map((connection) => connection.reset()));
  }
}

export class Connection {
  readonly settings: ConnectionSettings;
  readonly #connect: Connect;
  readonly #sessions = new Map<string, Sessions>();
  #transport: Promise<Transport> | undefined;
  /** Whether `#transport` is more than an attempt. */
  #isOpen = false;

  constructor(settings: ConnectionSettings, connect: Connect) {
    this.settings = settings;
    this.#connect = connect;
  }

  /** The open transport; the first caller opens it, the others wait for the same one. A failure is not remembered. */
  transport(): Promise<Transport> {
    if (this.#transport !== undefined) return this.#transport;
    const opening = this.#connect(this.settings);
    this.#transport = opening;
    const forget = (): void => {
      if (this.#transport !== opening) return;
      this.#transport = undefined;
      this.#isOpen = false;
    };
    opening.then((transport) => {
      this.#isOpen = this.#transport === opening;
      void transport.closed.then(forget);
    }, forget);
    return opening;
  }

  /** The sessions of the login user, or of the user that `become` names. */
  sessions(become?: BecomeSettings): Sessions {
    const key = become ? becomeKey(become) : '';
    const known = this.#sessions.get(key);
    if (known) return known;
    const { host, shell, connectTimeoutMs } = this.settings;
    const escalation = become && { settings: become, host, shell, timeoutMs: connectTimeoutMs };
    const sessions = new Sessions(() => this.transport(), {
      host,
      shell,
      escalation,
      startTimeoutMs: connectTimeoutMs,
    });
    this.#sessions.set(key, sessions);
    return sessions;
  }

  /** Closes everything; the next use opens it again. What is still being opened is closed once it is there, which nobody waits for. */
  async reset(): Promise<void> {
    for (const sessions of this.#sessions.values()) sessions.close();
    this.#sessions.clear();
    const transport = this.#transport;
    const isOpen = this.#isOpen;
    this.#transport = undefined;
    this.#isOpen = false;
    const closed = transport?.then(
      (open) => open.close(),
      () => undefined,
    );
    if (isOpen) await closed;
  }
}

/** Asked for each task on each host, so it is written by hand: a general one took a tenth of a trivial task's time. */
function connectionKey(settings: ConnectionSettings): string {
  const { password, privateKeyPassphrase, knownHostsFiles, sshArgs, ...plain } = settings;
  const { transport, host, address, port, user, privateKeyFile, shell, ...timing } = plain;
  const { hostKeyChecking, connectTimeoutMs, retries, ...rest } = timing;
  rest satisfies Record<string, never>;
  const names = [transport, host, address, port, user, privateKeyFile, shell].join('\0');
  const limits = [hostKeyChecking, connectTimeoutMs, retries].join('\0');
  const lists = [...knownHostsFiles, '', ...sshArgs].join('\0');
  const secrets = [digest(password), digest(privateKeyPassphrase)].join('\0');
  return `${names}\n${limits}\n${lists}\n${secrets}`;
}

function becomeKey({ method, user, executable, flags, password }: BecomeSettings): string {
  return JSON.stringify([method, user, executable, flags, digest(password)]);
}

/** Tells secrets apart without keeping them. */
function digest(secret: Secret | undefined): string | undefined {
  return secret && createHash('sha256').update(secret.reveal()).digest('hex');
}
