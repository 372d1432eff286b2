/**
 * The contract of a transport: it opens processes and streams on one host, as one login user. Everything above it
 * (the shell session, the target) is the same for all transports; `test/contract/transport.ts` is the suite each passes.
 */
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Secret } from '../core/secret.ts';

export interface Transport {
  /** `ssh`, `local`, …: as `ansible_connection` names it. */
  readonly name: string;
  /**
   * Starts `command` through the login shell of the host.
   * @throws UnreachableError when the connection is gone, or nothing starts within `connectTimeoutMs`.
   */
  exec(command: string, options?: ExecOptions): Promise<RemoteProcess>;
  /** A TCP stream as seen from the host. */
  openTcp(host: string, port: number): Promise<Duplex>;
  /** A stream to a unix socket of the host. */
  openUnix(path: string): Promise<Duplex>;
  /** Settles when the connection ends; the value is the reason when nobody asked for it. */
  readonly closed: Promise<Error | undefined>;
  close(): Promise<void>;
}

export interface ExecOptions {
  /** A pseudo-terminal, for `su` and `requiretty`. stderr then arrives on stdout. */
  readonly pty?: boolean;
}

export interface RemoteProcess {
  readonly stdin: Writable;
  /** Resolves when what was written to stdin has left drover. Absent where `stdin` itself waits for that. */
  readonly sent?: () => Promise<void>;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Rejects with `UnreachableError` when the connection drops before the process ends. */
  readonly exit: Promise<ExitStatus>;
  /**
   * Closes the streams, and asks the host to signal the process, which a server may refuse: what neither reads nor writes
   * may live on. `exit` settles. `processTree.ts` ends processes for certain.
   */
  kill(signal: NodeJS.Signals): void;
}

export interface ExitStatus {
  /** Exit code; 128 + n when signal n ended the process, or 255 where the transport does not tell signals. */
  readonly code: number;
  readonly signal?: string;
}

/** What a connection needs to know, resolved from inventory variables, flags and settings before it is opened. */
export interface ConnectionSettings {
  /** `ssh`, `openssh`, `local` or `docker`. */
  readonly transport: string;
  /** Inventory name, for messages. */
  readonly host: string;
  /** Host name or address to connect to; the container for `docker`. */
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  readonly privateKeyFile?: string | undefined;
  readonly privateKeyPassphrase?: Secret | undefined;
  readonly hostKeyChecking: HostKeyChecking;
  /** Files to read host keys from; the first is written to by `accept-new`. */
  readonly knownHostsFiles: readonly string[];
  readonly connectTimeoutMs: number;
  /** How often a refused or timed-out connect is tried again. */
  readonly retries: number;
  /** Options of `ssh(1)` from `ansible_ssh_common_args` and the like, split into words: `-o`, `-J`, `-F`, … */
  readonly sshArgs: readonly string[];
  /** The host's POSIX shell; `/bin/sh` unless `ansible_shell_executable` says otherwise. */
  readonly shell: string;
}

/** `strict`: unknown keys are refused with their fingerprint. `accept-new`: recorded. `off`: not looked at. Changed keys are refused in the first two. */
export type HostKeyChecking = 'strict' | 'accept-new' | 'off';

export interface BecomeSettings {
  readonly method: 'sudo' | 'su' | 'doas';
  readonly user: string;
  readonly password?: Secret | undefined;
  /** Executable and extra flags, e.g. `ansible_become_exe`, `-H -S -n` parts of `become_flags`. */
  readonly executable?: string | undefined;
  readonly flags?: readonly string[] | undefined;
}
