/**
 * A target that writes down every script that a module would run. What a module may only read (`observe`) is really asked of
 * `real`; everything else is answered "done, and nothing was said", and does not happen.
 */
import type { Duplex, Readable } from 'node:stream';
import { ModuleError } from '../../src/core/errors.ts';
import type { Observed, Probes } from '../../src/target/probe.ts';
import type {
  ShellOptions,
  ShellResult,
  Target,
  UploadResult,
  WriteResult,
} from '../../src/target/target.ts';

export class RecordingTarget implements Target {
  readonly host = 'recorded';
  readonly user = 'root';
  readonly scripts: string[] = [];
  readonly #real: Target;

  constructor(real: Target) {
    this.#real = real;
  }

  async sh(script: string, { args }: ShellOptions = {}): Promise<ShellResult> {
    this.#record(script, args);
    return { rc: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  }

  observe<P extends Probes>(probes: P): Promise<Observed<P>> {
    for (const { script, args } of Object.values(probes)) this.#record(script, args);
    return this.#real.observe(probes);
  }

  observeAll<P extends Probes>(sets: readonly P[]): Promise<Observed<P>[]> {
    return Promise.all(sets.map((set) => this.observe(set)));
  }

  readFile(): Promise<Buffer> {
    return Promise.resolve(Buffer.from('content\n'));
  }

  writeFile(): Promise<WriteResult> {
    return Promise.resolve({});
  }

  upload(): Promise<UploadResult> {
    return Promise.resolve({ digests: {} });
  }

  download(path: string): Promise<Readable> {
    return refuse(`download of ${path}`);
  }

  connect(host: string): Promise<Duplex> {
    return refuse(`connection to ${host}`);
  }

  connectUnix(path: string): Promise<Duplex> {
    return refuse(`connection to ${path}`);
  }

  program(script: string, args: readonly string[] = []): Promise<Duplex> {
    this.#record(script, args);
    return refuse('program');
  }

  withEnvironment(): Target {
    return this;
  }

  endingWith(): Target {
    return this;
  }

  async reset(): Promise<void> {}

  /** The scripts that a script is given to run are scripts as well: `sh -c TEXT`, wherever that stands in the arguments. */
  #record(script: string, args: readonly string[] = []): void {
    this.scripts.push(script);
    args.forEach((word, index) => {
      const [shell = '', flag = ''] = args.slice(Math.max(0, index - 2), index);
      if (/(^|\/)(ba|da|k)?sh$/.test(shell) && /^-[a-z]*c$/.test(flag)) this.scripts.push(word);
    });
  }
}

function refuse(what: string): Promise<never> {
  return Promise.reject(new ModuleError(`the recorded host takes no ${what}`));
}
