/** A host over shell sessions: the only implementation of `Target`; transports and users differ below it. */
import { addAbortSignal, type Duplex, type Readable } from 'node:stream';
import type { Connection } from '../connection/pool.ts';
import type { Sessions } from '../connection/session/sessions.ts';
import type { SessionRequest, SessionResult } from '../connection/session/shellSession.ts';
import type { BecomeSettings } from '../connection/transport.ts';
import { downloadFile, readWholeFile } from './download.ts';
import { observeAll, type Run } from './observe.ts';
import type { Observed, Probes } from './probe.ts';
import { repeatWhenLost } from './repeat.ts';
import { openProgramStream, openTcpStream, openUnixStream } from './streams.ts';
import type {
  ShellOptions,
  ShellResult,
  Target,
  UploadOptions,
  UploadResult,
  WriteOptions,
  WriteResult,
} from './target.ts';
import { mayRewrite, temporaryStem, uploadFile, writeContent } from './writeFile.ts';

export interface TargetOptions {
  readonly connection: Connection;
  readonly become?: BecomeSettings | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Ends what runs, and everything that is asked later. */
  readonly signal?: AbortSignal | undefined;
}

export class RemoteTarget implements Target {
  readonly host: string;
  readonly user: string | undefined;
  readonly #options: TargetOptions;

  constructor(options: TargetOptions) {
    const { settings } = options.connection;
    this.host = settings.host;
    this.user = options.become?.user ?? settings.user;
    this.#options = options;
  }

  sh(
    script: string,
    { kind = 'script', mayRepeat = false, ...options }: ShellOptions = {},
  ): Promise<ShellResult> {
    return this.#asking(mayRepeat, (run) => run({ kind, script, ...options }));
  }

  async observe<P extends Probes>(probes: P): Promise<Observed<P>> {
    const [observed] = await this.observeAll([probes]);
    if (!observed) throw new Error('one set of probes has one answer');
    return observed;
  }

  observeAll<P extends Probes>(sets: readonly P[]): Promise<Observed<P>[]> {
    const { constants } = this.#sessions();
    return this.#asking(true, (run) => observeAll(run, sets, constants));
  }

  readFile(path: string): Promise<Buffer> {
    return this.#asking(true, (run) => readWholeFile(run, path));
  }

  writeFile(
    path: string,
    content: Uint8Array | string,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const stem = temporaryStem();
    const write = (run: Run) => writeContent(run, path, content, options, stem);
    return this.#asking(mayRewrite(options), write);
  }

  upload(localPath: string, path: string, options: UploadOptions = {}): Promise<UploadResult> {
    const stem = temporaryStem();
    const upload = (run: Run) => uploadFile(run, localPath, path, options, stem);
    return this.#asking(mayRewrite(options), upload);
  }

  download(path: string): Promise<Readable> {
    return this.#asking(true, (run) => downloadFile(run, path));
  }

  connect(host: string, port: number): Promise<Duplex> {
    return openTcpStream(this.#options.connection, host, port);
  }

  connectUnix(path: string): Promise<Duplex> {
    return openUnixStream(this.#options, path);
  }

  async program(script: string, args: readonly string[] = []): Promise<Duplex> {
    const { environment: env, signal } = this.#options;
    const stream = await openProgramStream(this.#options, { script, args, env });
    return signal ? addAbortSignal(signal, stream) : stream;
  }

  withEnvironment(environment: Readonly<Record<string, string>>): Target {
    const merged = { ...this.#options.environment, ...environment };
    return new RemoteTarget({ ...this.#options, environment: merged });
  }

  endingWith(signal: AbortSignal): Target {
    return new RemoteTarget({ ...this.#options, signal: either(this.#options.signal, signal) });
  }

  reset(): Promise<void> {
    return this.#options.connection.reset();
  }

  /** @param mayRepeat whether `ask` may be called again when the connection is lost under it */
  #asking<T>(mayRepeat: boolean, ask: (run: Run) => Promise<T>): Promise<T> {
    const once = (): Promise<T> => ask((request) => this.#run(request));
    return mayRepeat ? repeatWhenLost(once, this.#options.signal) : once();
  }

  #run(request: SessionRequest): Promise<SessionResult> {
    const { environment } = this.#options;
    const env = environment || request.env ? { ...environment, ...request.env } : undefined;
    const signal = either(this.#options.signal, request.signal);
    return this.#sessions().run({ ...request, env, signal });
  }

  #sessions(): Sessions {
    return this.#options.connection.sessions(this.#options.become);
  }
}

function either(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): AbortSignal | undefined {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other);
}
