/**
 * Targets for module tests. `scratchTarget` is the real implementation over the local `sh`, in a directory of its own: what a
 * module asks of a host is really carried out. `scriptedTarget` answers from a table, for what cannot be carried out.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { localTransport } from '../../src/connection/local.ts';
import { ConnectionPool } from '../../src/connection/pool.ts';
import type { ConnectionSettings } from '../../src/connection/transport.ts';
import { ModuleError } from '../../src/core/errors.ts';
import type { Observed, ProbeOutput, Probes } from '../../src/target/probe.ts';
import { RemoteTarget } from '../../src/target/remoteTarget.ts';
import type {
  ShellOptions,
  ShellResult,
  Target,
  UploadResult,
  WriteResult,
} from '../../src/target/target.ts';
import { removeFolder } from './removeFolder.ts';

export interface ScratchTarget {
  readonly target: Target;
  /** Absolute path of the directory; scripts start in it, and it is their `HOME`. */
  readonly directory: string;
  /** Ends the shell and removes the directory. */
  close(): Promise<void>;
}

/**
 * @param path directories to look for commands in before the usual ones, e.g. with fakes of `apt-get`
 * @param shell what runs the scripts
 */
export function scratchTarget({
  path = [],
  shell = '/bin/sh',
}: {
  readonly path?: readonly string[];
  readonly shell?: string;
} = {}): ScratchTarget {
  const directory = mkdtempSync(join(tmpdir(), 'drover-target-'));
  const searchPath = [...path, process.env['PATH']].join(':');
  const environment = { ...process.env, HOME: directory, PATH: searchPath };
  const pool = new ConnectionPool(async () => localTransport({ shell, environment, directory }));
  return {
    target: new RemoteTarget({ connection: pool.connection(localSettings({ shell })) }),
    directory,
    async close() {
      await pool.close();
      removeFolder(directory);
    },
  };
}

export function localSettings(changes: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    transport: 'local',
    host: 'localhost',
    address: 'localhost',
    hostKeyChecking: 'off',
    knownHostsFiles: [],
    connectTimeoutMs: 10_000,
    retries: 0,
    sshArgs: [],
    shell: '/bin/sh',
    ...changes,
  };
}

/** What a scripted host answers; what is left out is rc 0 and no output. */
export interface Answer {
  readonly rc?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Matches a request by its script and arguments; `undefined` leaves it to the next one. */
export type Script = (script: string, options: ShellOptions) => Answer | undefined;

export interface ScriptedTarget extends Target {
  /** Every `sh` and `writeFile`, in order. */
  readonly requests: readonly { readonly script: string; readonly options: ShellOptions }[];
  /** Content of what was written, by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** @throws ModuleError for a request that no script answers: a test says all that its host may be asked. */
export function scriptedTarget(
  scripts: readonly Script[],
  files: Iterable<[string, string]> = [],
): ScriptedTarget {
  return new Scripted(scripts, new Map(files));
}

class Scripted implements ScriptedTarget {
  readonly host = 'scripted';
  readonly user = 'root';
  readonly requests: { script: string; options: ShellOptions }[] = [];
  readonly files: Map<string, string>;
  readonly #scripts: readonly Script[];

  constructor(scripts: readonly Script[], files: Map<string, string>) {
    this.#scripts = scripts;
    this.files = files;
  }

  async sh(script: string, options: ShellOptions = {}): Promise<ShellResult> {
    this.requests.push({ script, options });
    return this.#answer(script, options);
  }

  async observe<P extends Probes>(probes: P): Promise<Observed<P>> {
    const answers = Object.entries(probes).map(([name, { script, args, parse }]) => [
      name,
      parse(this.#answer(script, { args })),
    ]);
    return Object.fromEntries(answers);
  }

  observeAll<P extends Probes>(sets: readonly P[]): Promise<Observed<P>[]> {
    return Promise.all(sets.map((set) => this.observe(set)));
  }

  async readFile(path: string): Promise<Buffer> {
    const content = this.files.get(path);
    if (content === undefined) throw new ModuleError(`no file ${path} on the scripted host`);
    return Buffer.from(content);
  }

  async writeFile(path: string, content: Uint8Array | string): Promise<WriteResult> {
    this.files.set(path, Buffer.from(content).toString());
    return {};
  }

  upload(localPath: string): Promise<UploadResult> {
    return refuse(`upload of ${localPath}`);
  }

  download(path: string): Promise<Readable> {
    return refuse(`download of ${path}`);
  }

  connect(host: string, port: number): Promise<Duplex> {
    return refuse(`connection to ${host}:${port}`);
  }

  connectUnix(path: string): Promise<Duplex> {
    return refuse(`connection to ${path}`);
  }

  program(script: string): Promise<Duplex> {
    return refuse(`program ${script}`);
  }

  withEnvironment(): Target {
    return this;
  }

  endingWith(): Target {
    return this;
  }

  async reset(): Promise<void> {}

  #answer(script: string, options: ShellOptions): ProbeOutput {
    for (const answerOf of this.#scripts) {
      const answer = answerOf(script, options);
      if (answer) return bytesOf(answer);
    }
    throw new ModuleError(
      `the scripted host has no answer to: ${script} ${options.args?.join(' ') ?? ''}`,
    );
  }
}

function bytesOf({ rc = 0, stdout = '', stderr = '' }: Answer): ProbeOutput {
  return { rc, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
}

function refuse(what: string): Promise<never> {
  return Promise.reject(new ModuleError(`the scripted host takes no ${what}`));
}
