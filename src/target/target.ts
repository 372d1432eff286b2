/**
 * One host as a module sees it, as one user, with one environment. The contract only: `remoteTarget.ts` implements it
 * over a shell session, tests fake it. Values reach scripts as positional parameters, never by string pasting.
 */
import type { Duplex, Readable } from 'node:stream';
import type { RequestKind } from '../connection/session/sessionProgram.ts';
import type { Observed, Probes } from './probe.ts';

/** How a script of the kind `command` ends. */
export { RUN_ARGUMENTS } from '../connection/session/sessionProgram.ts';

export interface Target {
  /** Inventory name of the host that does the work (the delegate under `delegate_to`). */
  readonly host: string;
  /** The user that commands run as, once become has happened; undefined until it is known. */
  readonly user: string | undefined;

  /**
   * Runs a POSIX `sh` script in one round trip. The script sees `args` as `$1…`; its exit code comes back as `rc`, whatever it is.
   * @throws UnreachableError when the connection is lost; ModuleError (code DROVER_TIMEOUT) when `timeoutMs` passes.
   */
  sh(script: string, options?: ShellOptions): Promise<ShellResult>;

  /**
   * Asks all probes in ONE round trip. A probe that cannot be read rejects with its own message. Asked again when the
   * connection is lost meanwhile, as is `readFile`: neither changes anything.
   */
  observe<P extends Probes>(probes: P): Promise<Observed<P>>;
  /** The same for many sets at once (the items of a loop): still one round trip. */
  observeAll<P extends Probes>(sets: readonly P[]): Promise<Observed<P>[]>;

  readFile(path: string): Promise<Buffer>;
  /**
   * Replaces or creates a file atomically, see `WriteOptions`. Written again when the connection is lost meanwhile, where that
   * comes to the same.
   */
  writeFile(
    path: string,
    content: Uint8Array | string,
    options?: WriteOptions,
  ): Promise<WriteResult>;
  /** Streams a file of the controller to the host, with the same promises as `writeFile`. */
  upload(localPath: string, path: string, options?: UploadOptions): Promise<UploadResult>;
  /** The bytes of a file on the host. The stream errors when it ends short; what is lost before the first byte is asked for again. */
  download(path: string): Promise<Readable>;

  /** A TCP stream from the host's network. @throws ModuleError when the port does not open. */
  connect(host: string, port: number): Promise<Duplex>;
  /** A unix-socket stream on the host, as the current user. @throws ModuleError when it is refused. */
  connectUnix(path: string): Promise<Duplex>;

  /**
   * Starts a program whose stdin and stdout are the stream, which fails with the program's last words when it ends badly.
   * `script` sees `args` as `$1…`: no value of a playbook may be in its text.
   */
  program(script: string, args?: readonly string[]): Promise<Duplex>;

  /** The same host with more environment variables, as `environment:` asks. */
  withEnvironment(environment: Readonly<Record<string, string>>): Target;
  /** The same host; requests to it end when `signal` aborts, as do the processes that they started there. */
  endingWith(signal: AbortSignal): Target;
  /** Closes the connection; the next request opens a new one (after a reboot, `meta: reset_connection`). */
  reset(): Promise<void>;
}

export interface ShellOptions {
  /**
   * `script` (the default): anything. `command`: a script that ends by becoming its arguments, with `RUN_ARGUMENTS`. `probe`:
   * a script of ours whose programs all end before it does, which is the cheapest.
   */
  readonly kind?: RequestKind;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array | string;
  readonly cwd?: string;
  /** Milliseconds; then the whole process group on the host is ended. Without it a request may take as long as it likes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Running it twice comes to the same as running it once: so it is run again when the connection is lost under it. */
  readonly mayRepeat?: boolean;
}

export interface ShellResult {
  readonly rc: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Owner, group and mode as playbooks write them: names or numeric ids, `0644`, `u=rw,g=r`. What is absent stays as it is. */
export interface FileAttributes {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** Octal (`'0644'`) or symbolic (`'u+x'`), or `'preserve'`. */
  readonly mode?: string | undefined;
}

/**
 * The new content is written to a temporary file in the directory of `path`, which has its owner, mode and SELinux context
 * before it has content, so that it is never readable by more people than the result; then it is synced, validated, and
 * renamed over `path`. An existing file's owner, mode and ACL are kept unless asked otherwise.
 */
export interface WriteOptions extends FileAttributes {
  /** A command in which `%s` stands for the temporary file; a non-zero exit keeps the old file. */
  readonly validate?: string | undefined;
  /** Keep the old file beside the new one, as `path.<pid>.<time>~`. */
  readonly backup?: boolean | undefined;
  /** Write in place when a rename is impossible (bind-mounted files in containers). */
  readonly unsafeWrites?: boolean | undefined;
  /** Mode of a file that did not exist and for which no `mode` is given. Default: 0666 without the umask. */
  readonly createMode?: string | undefined;
  /** Make missing directories above the file, with `mode` (octal; default: what the umask leaves of 0777). */
  readonly createParents?: { readonly mode?: string | undefined } | undefined;
  /** Write through a symbolic link to its target (default) or replace the link. */
  readonly follow?: boolean | undefined;
}

export interface WriteResult {
  /** Path of the backup, when one was made. */
  readonly backup?: string;
}

export interface UploadOptions extends WriteOptions {
  /** In hex, where somebody has read the file already: one reading less. */
  readonly sha1?: string | undefined;
  /** Algorithms (`md5`, …) whose digests of what is sent are wanted. */
  readonly digests?: readonly string[] | undefined;
}

export interface UploadResult extends WriteResult {
  /** In hex, by algorithm. */
  readonly digests: Readonly<Record<string, string>>;
}
