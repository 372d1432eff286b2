/** A host over shell sessions: the only implementation of `Target`; transports and users differ below it. */
import type { Duplex, Readable } from 'node:stream';
import type { Connection } from '../connection/pool.ts';
import type { Sessions } from '../connection/sessions.ts';
import type { SessionRequest, SessionResult } from '../connection/shellSession.ts';
import type { BecomeSettings } from '../connection/transport.ts';
import { downloadFile, readWholeFile } from './download.ts';
import { observeAll } from './observe.ts';
import type { Observed, Probes } from './probe.ts';
import { repeatWhenLost } from './repeat.ts';
import { openProgramStream, openTcpStream, openUnixStream } from './streams.ts';
import type { ShellOptions, ShellResult, Target, WriteOptions, WriteResult } from './target.ts';
import { uploadFile, writeContent } from './writeFile.ts';

export interface TargetOptions {
  readonly connection: Connection;
  readonly become?: BecomeSettings | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
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

  sh(script: string, options: ShellOptions = {}): Promise<ShellResult> {
    return this.#run({ kind: 'script', script, ...options });
  }

  async observe<P extends Probes>(probes: P): Promise<Observed<P>> {
    const [observed] = await this.observeAll([probes]);
    if (!observed) throw new Error('one set of probes has one answer');
    return observed;
  }

  observeAll<P extends Probes>(sets: readonly P[]): Promise<Observed<P>[]> {
    return observeAll((request) => repeatWhenLost(() => this.#run(request)), sets);
  }

  readFile(path: string): Promise<Buffer> {
    return readWholeFile((request) => repeatWhenLost(() => this.#run(request)), path);
  }

  writeFile(
    path: string,
    content: Uint8Array | string,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return writeContent((request) => this.#run(request), path, content, options);
  }

  upload(localPath: string, path: string, options: WriteOptions = {}): Promise<WriteResult> {
    return uploadFile((request) => this.#run(request), localPath, path, options);
  }

  download(path: string): Promise<Readable> {
    return downloadFile((request) => this.#run(request), path);
  }

  connect(host: string, port: number): Promise<Duplex> {
    return openTcpStream(this.#options.connection, host, port);
  }

  connectUnix(path: string): Promise<Duplex> {
    return openUnixStream(this.#options, path);
  }

  program(command: string): Promise<Duplex> {
    return openProgramStream(this.#options, command);
  }

  withEnvironment(environment: Readonly<Record<string, string>>): Target {
    const merged = { ...this.#options.environment, ...environment };
    return new RemoteTarget({ ...this.#options, environment: merged });
  }

  reset(): Promise<void> {
    return this.#options.connection.reset();
  }

  #run(request: SessionRequest): Promise<SessionResult> {
    const { environment } = this.#options;
    const env = environment || request.env ? { ...environment, ...request.env } : undefined;
    return this.#sessions().run({ ...request, env });
  }

  #sessions(): Sessions {
    return this.#options.connection.sessions(this.#options.become);
  }
}
