/**
 * One long-lived `sh` on a host, as one user, that runs requests one after the other. It stands between a transport's
 * processes and the target: a request costs one round trip and no login. What it promises is in `docs/architecture.md`
 * ("Shell session"); how the host's side keeps that is in `sessionProgram.ts`.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { ModuleError, UnreachableError } from '../../core/errors.ts';
import { becomeProcess, type Escalation } from '../become.ts';
import { afterAwake } from '../inTime.ts';
import type { RemoteProcess, Transport } from '../transport.ts';
import { FrameReader, type Sink } from './frameReader.ts';
import { Interruption, type Schedule } from './interruption.ts';
import { KeptScripts } from './keptScripts.ts';
import { requestHead } from './requestHead.ts';
import { Collected, type RequestInput, sizeOf } from './requestInput.ts';
import { RequestWriter } from './requestWriter.ts';
import {
  endedEarly,
  endlessOutput,
  noShell,
  noShellInTime,
  wasKilled,
  wrapperKilled,
} from './sessionErrors.ts';
import { encodeRequest, programLine, type RequestKind, startCommand } from './sessionProgram.ts';

export interface SessionRequest {
  readonly kind: RequestKind;
  readonly script: string;
  /** Shell text after `script`: what is different each time, so that the script stays the same. */
  readonly calls?: string | undefined;
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
  readonly #input: RequestWriter;
  readonly #scripts = new KeptScripts();
  readonly #stdout = new FrameReader();
  readonly #stderr = new FrameReader();
  /** Of the session's shell; 0 until that has said so. */
  #pid = 0;
  /** What the login printed before the session began: messages of the day, or why there is no shell. */
  #greeting = '';
  #isOpen = true;
  #last: Promise<unknown> = Promise.resolve();
  #released: Promise<unknown> = Promise.resolve();
  #isReleased = true;
  #isBusy = false;

  private constructor(process: RemoteProcess, options: SessionOptions) {
    this.#process = process;
    this.#options = options;
    this.#input = new RequestWriter(process, () => this.close());
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
    const [pid] = await this.#inTime(hello);
    this.#pid = Number(pid);
  }

  async #inTime<T>(hello: Promise<T>): Promise<T> {
    const late = noShellInTime(this.#options);
    const stop = afterAwake(this.#options.startTimeoutMs, () => this.#lose(late));
    return hello.finally(stop);
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
    await this.#released;
    if (request.signal?.aborted) throw new ModuleError('cancelled', { code: 'DROVER_CANCELLED' });
    const nonce = randomUUID();
    const { kind, stdin } = request;
    const head = requestHead(request, kind);
    const interruption = this.#watch(request);
    const tooMuch = (): void => interruption.because(endlessOutput());
    const stdout = new Collected(request.onStdout, tooMuch);
    const stderr = new Collected(request.onStderr, tooMuch);
    this.#isBusy = true;
    try {
      const trailer = this.#expectFrame(nonce, kind, stdout.sink, stderr.sink);
      const script = this.#scripts.of(request.script);
      const tail = request.calls ?? '';
      const whole = { kind, head, script, tail, stdinBytes: sizeOf(stdin) };
      const sent = this.#input.send(encodeRequest(whole, this.#key, nonce), stdin);
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

  async #expectFrame(nonce: string, kind: RequestKind, out: Sink, err: Sink): Promise<string> {
    const end = Promise.all([this.#stdout.expect(nonce, out), this.#stderr.expect(nonce, err)]);
    if (kind !== 'probe') {
      const said = [this.#stdout.expect(nonce, discard), this.#stderr.expect(nonce, discard)];
      this.#released = Promise.all(said);
      this.#isReleased = false;
      this.#released.then(() => {
        this.#isReleased = true;
      }, noop);
    }
    const [rc] = await end;
    return rc;
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
    if (this.#pid === 0 && !wasKilled(code)) return noShell(this.#options, code, this.#greeting);
    return endedEarly(this.#options, code);
  }

  /** The request killed the shell that would have told its exit code: nothing that follows would be in step. */
  #wrapperKilled(): UnreachableError {
    this.close();
    return wrapperKilled(this.#options);
  }

  #lose(error: Error): void {
    this.#isOpen = false;
    this.#input.stop();
    this.#stdout.fail(error);
    this.#stderr.fail(error);
  }
}

/** In characters. */
const MAX_GREETING = 2_000;

const discard: Sink = () => undefined;
const noop = (): void => undefined;
