/**
 * One long-lived `sh` on a host, as one user, that runs requests one after the other. It stands between a transport's
 * processes and the target: a request costs one round trip and no login. What it promises is in `docs/architecture.md`
 * ("Shell session"); how the host's side keeps that is in `sessionProgram.ts`.
 */
import { randomBytes } from 'node:crypto';
import { ModuleError, UnreachableError } from '../core/errors.ts';
import { becomeProcess, type Escalation } from './become.ts';
import { FrameReader, type Sink } from './frameReader.ts';
import { Interruption, type Schedule } from './interruption.ts';
import {
  Collected,
  isStream,
  MAX_COLLECTED_BYTES,
  type RequestInput,
  type SizedStream,
  sizeOf,
} from './requestInput.ts';
import { requestText } from './requestText.ts';
import { encodeRequest, programLine, type RequestKind, startCommand } from './sessionProgram.ts';
import type { RemoteProcess, Transport } from './transport.ts';

export interface SessionRequest {
  /**
   * `probe`: a script of ours that starts nothing which outlives it; costs one fork on the host. `script`: anything;
   * gets a process group and output pipes of its own (about 2.5 ms more).
   */
  readonly kind: 'probe' | 'script';
  readonly script: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  readonly stdin?: RequestInput | undefined;
  /** Take the output as it comes instead of collecting it; a promise holds the stream back. */
  readonly onStdout?: Sink | undefined;
  readonly onStderr?: Sink | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SessionResult {
  readonly rc: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface SessionOptions {
  /** Inventory name, for messages. */
  readonly host: string;
  readonly shell: string;
  /** How long the login shell may take to get to the first request. */
  readonly startTimeoutMs: number;
  /** Become another user first; without it the session is the login user's. */
  readonly escalation?: Escalation | undefined;
  /** Ends what the session with this process id runs at the moment, from outside it. */
  readonly interrupt: (sessionPid: number) => Promise<void>;
}

/** How long an interrupted request may take to end before the whole session is given up. */
const INTERRUPT_GRACE_MS = 5_000;

export class ShellSession {
  readonly #process: RemoteProcess;
  readonly #options: SessionOptions;
  readonly #key = randomBytes(16).toString('hex');
  readonly #stdout = new FrameReader();
  readonly #stderr = new FrameReader();
  /** Of the session's shell; 0 until that has said so. */
  #pid = 0;
  /** What the login printed before the session began: messages of the day, or why there is no shell. */
  #greeting = '';
  #hasOwnGroups = false;
  #isOpen = true;
  #last: Promise<unknown> = Promise.resolve();
  #released: Promise<unknown> = Promise.resolve();
  #isReleased = true;
  #isBusy = false;

  private constructor(process: RemoteProcess, options: SessionOptions) {
    this.#process = process;
    this.#options = options;
  }

  /** @throws UnreachableError when no shell starts; ModuleError when another user's rights are refused. */
  static async open(transport: Transport, options: SessionOptions): Promise<ShellSession> {
    const { escalation, shell } = options;
    const process = escalation
      ? await becomeProcess(transport, escalation)
      : await transport.exec(startCommand(shell));
    const session = new ShellSession(process, options);
    try {
      await session.#start();
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** False while a process of an earlier request may still write into this session's output. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Settles when `isReleased` becomes true or the session ends. */
  get released(): Promise<unknown> {
    return this.#released;
  }

  /**
   * Runs one request, after those that were asked before it.
   * @throws UnreachableError when the session ends first: nobody knows then how far the request came;
   * ModuleError `DROVER_TIMEOUT` or `DROVER_CANCELLED` when it was interrupted.
   */
  run(request: SessionRequest): Promise<SessionResult> {
    const result = this.#last.then(() => this.#run(request));
    this.#last = result.catch(() => undefined);
    return result;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#lose(new UnreachableError('the session was closed', { code: 'DROVER_SESSION_CLOSED' }));
    this.#process.stdin.end();
    // A request that runs is ended by the host's own watch once the connection is gone; it must find the shell above it.
    if (this.#isBusy) this.#leave();
    else this.#process.kill('SIGHUP');
  }

  /** What the host goes on to print stays there: it would cost this side time for as long as the connection is open. */
  #leave(): void {
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.removeAllListeners('data').pause();
    }
  }

  async #start(): Promise<void> {
    const { stdin } = this.#process;
    stdin.on('error', () => undefined);
    void this.#process.exit.then(
      ({ code }) => this.#lose(this.#endedEarly(code)),
      (error: Error) => this.#lose(error),
    );
    this.#listen();
    const keep: Sink = (chunk) => {
      this.#greeting = `${this.#greeting}${chunk.toString()}`.slice(-MAX_GREETING);
    };
    const hello = Promise.all([
      this.#stdout.expect(this.#key, keep),
      this.#stderr.expect(this.#key, keep),
    ]);
    stdin.write(programLine(this.#key, this.#options.shell));
    const [words] = await this.#inTime(hello);
    const [pid, groups] = words.split(' ');
    this.#pid = Number(pid);
    this.#hasOwnGroups = groups === 'own';
  }

  async #inTime<T>(hello: Promise<T>): Promise<T> {
    const { startTimeoutMs, host, shell } = this.#options;
    const late = new UnreachableError(
      `no shell answers on ${host} within ${startTimeoutMs / 1000} s of login`,
      {
        code: 'DROVER_NO_SHELL',
        hint: `does the login shell start ${shell} without asking anything?`,
      },
    );
    const timer = setTimeout(() => this.#lose(late), startTimeoutMs);
    return hello.finally(() => clearTimeout(timer));
  }

  #listen(): void {
    for (const [stream, reader] of [
      [this.#process.stdout, this.#stdout],
      [this.#process.stderr, this.#stderr],
    ] as const) {
      stream.on('data', (chunk: Buffer) => {
        const wait = reader.push(chunk);
        if (!wait) return;
        stream.pause();
        void wait.finally(() => stream.resume());
      });
      stream.resume();
    }
  }

  async #run(request: SessionRequest): Promise<SessionResult> {
    if (request.signal?.aborted) throw new ModuleError('cancelled', { code: 'DROVER_CANCELLED' });
    const nonce = randomBytes(16).toString('hex');
    const kind = this.#kindOf(request);
    const text = requestText(request, kind, this.#hasOwnGroups);
    const interruption = this.#watch(request);
    const tooMuch = (): void => interruption.because(endlessOutput());
    const stdout = new Collected(request.onStdout, tooMuch);
    const stderr = new Collected(request.onStderr, tooMuch);
    this.#isBusy = true;
    try {
      const trailer = this.#expectFrame(nonce, kind, stdout.sink, stderr.sink);
      const stdin = request.stdin;
      const head = encodeRequest({ kind, text, stdinBytes: sizeOf(stdin) }, this.#key, nonce);
      const sent = this.#send(head, stdin);
      const [rc] = await Promise.all([trailer, sent]);
      interruption.check();
      if (!/^\d+$/.test(rc)) throw this.#wrapperKilled();
      return { rc: Number(rc), stdout: stdout.bytes(), stderr: stderr.bytes() };
    } catch (error) {
      interruption.check();
      if (error instanceof UnreachableError) this.close();
      throw error;
    } finally {
      this.#isBusy = false;
      await interruption.end();
    }
  }

  #kindOf({ kind, script }: SessionRequest): RequestKind {
    if (kind === 'probe') return 'probe';
    return this.#hasOwnGroups && script !== RUN_ARGUMENTS ? 'script' : 'argv';
  }

  async #expectFrame(nonce: string, kind: RequestKind, out: Sink, err: Sink): Promise<string> {
    const end = Promise.all([this.#stdout.expect(nonce, out), this.#stderr.expect(nonce, err)]);
    if (kind !== 'probe') {
      this.#released = Promise.all([
        this.#stdout.expect(nonce, discard),
        this.#stderr.expect(nonce, discard),
      ]);
      this.#isReleased = false;
      this.#released.then(() => {
        this.#isReleased = true;
      }, noop);
    }
    const [rc] = await end;
    return rc;
  }

  async #send(head: Buffer, stdin: RequestInput | undefined): Promise<void> {
    if (stdin === undefined) return this.#write(head);
    if (isStream(stdin)) {
      await this.#write(head);
      return this.#sendStream(stdin);
    }
    const bytes = typeof stdin === 'string' ? Buffer.from(stdin) : stdin;
    await this.#write(Buffer.concat([head, bytes]));
  }

  async #sendStream({ chunks, sizeBytes }: SizedStream): Promise<void> {
    let left = sizeBytes;
    try {
      for await (const chunk of chunks) {
        // A session that ended has its own error, which the request's frame reports.
        if (!this.#isOpen) return;
        left -= chunk.length;
        if (left < 0) break;
        await this.#write(chunk);
      }
    } finally {
      // The host still waits for the rest: only the end of the session brings both sides in step again.
      if (left !== 0) this.close();
    }
    if (left !== 0) {
      throw new ModuleError('the source changed its size while it was sent', {
        code: 'DROVER_SOURCE_CHANGED',
      });
    }
  }

  /** Resolves when there is room for more, or when the process is gone. */
  #write(data: Uint8Array): Promise<void> | undefined {
    const { stdin, exit } = this.#process;
    if (stdin.write(data)) return undefined;
    const gone = exit.then(noop, noop);
    return Promise.race([new Promise<void>((resolve) => stdin.once('drain', resolve)), gone]);
  }

  #watch({ timeoutMs, signal }: SessionRequest): Interruption {
    const interruption = new Interruption((schedule) => this.#interrupt(schedule));
    if (timeoutMs !== undefined) interruption.after(timeoutMs);
    if (signal) interruption.on(signal);
    return interruption;
  }

  async #interrupt(schedule: Schedule): Promise<void> {
    schedule(INTERRUPT_GRACE_MS, () => this.close());
    try {
      await this.#options.interrupt(this.#pid);
    } catch {
      // Nothing can be ended from outside (no second session, no `ps`): the session's end takes the pipes away.
      this.close();
    }
  }

  #endedEarly(code: number): UnreachableError {
    if (this.#pid === 0) return this.#noShell(code);
    return new UnreachableError(
      `the shell session on ${this.#options.host} ended with exit code ${code}; how far its request came is not known`,
      { code: 'DROVER_SESSION_LOST' },
    );
  }

  #noShell(code: number): UnreachableError {
    const { host, shell } = this.#options;
    const said = this.#greeting.trim();
    const printed = said === '' ? '' : `: ${said}`;
    return new UnreachableError(
      `no shell starts on ${host}, the login ended with exit code ${code}${printed}`,
      {
        code: 'DROVER_NO_SHELL',
        hint: `does the user's login shell run commands, and is ${shell} there?`,
      },
    );
  }

  /** The request killed the shell that would have told its exit code: nothing that follows would be in step. */
  #wrapperKilled(): UnreachableError {
    this.close();
    return new UnreachableError(
      `the request on ${this.#options.host} killed the shell that it ran in`,
      { code: 'DROVER_SESSION_LOST' },
    );
  }

  #lose(error: Error): void {
    this.#isOpen = false;
    this.#stdout.fail(error);
    this.#stderr.fail(error);
  }
}

function endlessOutput(): ModuleError {
  const mebibytes = MAX_COLLECTED_BYTES / 1024 / 1024;
  return new ModuleError(`ended because it printed more than ${mebibytes} MiB`, {
    code: 'DROVER_ENDLESS_OUTPUT',
    hint: 'send its output to a file on the host; "fetch" brings files of any size',
  });
}

/** The script that becomes its arguments. It needs no shell between the session and the command. */
export const RUN_ARGUMENTS = 'exec "$@"';

/** In characters. */
const MAX_GREETING = 2_000;

const discard: Sink = () => undefined;
const noop = (): void => undefined;
