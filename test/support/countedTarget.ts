/**
 * A target that counts the round trips it costs: what would have to wait for the network, were it far away. Counting asserts
 * what a clock cannot: 50 ms of latency or none, the number is the same.
 */
import type { Duplex, Readable } from 'node:stream';
import type { Observed, Probes } from '../../src/target/probe.ts';
import type {
  ShellOptions,
  ShellResult,
  Target,
  UploadOptions,
  UploadResult,
  WriteOptions,
  WriteResult,
} from '../../src/target/target.ts';

/** Shared by a target and those made of it. */
export class RoundTrips {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(): void {
    this.#count += 1;
  }
}

/** Every request is one round trip (`test/contract/roundTrips.test.ts` proves it), every turn of a stream another. */
export class CountedTarget implements Target {
  readonly #target: Target;
  readonly #trips: RoundTrips;

  constructor(target: Target, trips: RoundTrips) {
    this.#target = target;
    this.#trips = trips;
  }

  get host(): string {
    return this.#target.host;
  }

  get user(): string | undefined {
    return this.#target.user;
  }

  sh(script: string, options?: ShellOptions): Promise<ShellResult> {
    this.#trips.add();
    return this.#target.sh(script, options);
  }

  observe<P extends Probes>(probes: P): Promise<Observed<P>> {
    if (Object.keys(probes).length > 0) this.#trips.add();
    return this.#target.observe(probes);
  }

  observeAll<P extends Probes>(sets: readonly P[]): Promise<Observed<P>[]> {
    if (sets.some((set) => Object.keys(set).length > 0)) this.#trips.add();
    return this.#target.observeAll(sets);
  }

  readFile(path: string): Promise<Buffer> {
    this.#trips.add();
    return this.#target.readFile(path);
  }

  writeFile(
    path: string,
    content: Uint8Array | string,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    this.#trips.add();
    return this.#target.writeFile(path, content, options);
  }

  upload(localPath: string, path: string, options?: UploadOptions): Promise<UploadResult> {
    this.#trips.add();
    return this.#target.upload(localPath, path, options);
  }

  download(path: string): Promise<Readable> {
    this.#trips.add();
    return this.#target.download(path);
  }

  async connect(host: string, port: number): Promise<Duplex> {
    this.#trips.add();
    return this.#counted(await this.#target.connect(host, port));
  }

  async connectUnix(path: string): Promise<Duplex> {
    this.#trips.add();
    return this.#counted(await this.#target.connectUnix(path));
  }

  async program(command: string, args?: readonly string[]): Promise<Duplex> {
    this.#trips.add();
    return this.#counted(await this.#target.program(command, args));
  }

  withEnvironment(environment: Readonly<Record<string, string>>): Target {
    return new CountedTarget(this.#target.withEnvironment(environment), this.#trips);
  }

  endingWith(signal: AbortSignal): Target {
    return new CountedTarget(this.#target.endingWith(signal), this.#trips);
  }

  reset(): Promise<void> {
    return this.#target.reset();
  }

  /** An exchange over a stream is a round trip: what is written after something was received waited for it. */
  #counted(stream: Duplex): Duplex {
    countTurns(stream, stream, this.#trips);
    return stream;
  }
}

/** Adds a round trip for the first write, and for each that comes after something was received. */
export function countTurns(input: Writing, output: Reading, trips: RoundTrips): void {
  let isOurTurn = true;
  const { push } = output;
  output.push = (...args: unknown[]) => {
    if (args[0] !== null) isOurTurn = true;
    return Reflect.apply(push, output, args);
  };
  const { write } = input;
  input.write = (...args: unknown[]) => {
    if (isOurTurn) trips.add();
    isOurTurn = false;
    return Reflect.apply(write, input, args);
  };
}

type Writing = Pick<Duplex, 'write'>;
type Reading = Pick<Readable, 'push'>;
