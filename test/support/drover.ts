/** Runs any command of the CLI in this process, in a scratch folder with files of the test. */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/cli/program.ts';
import type { World } from '../../src/cli/world.ts';
import type { Output } from '../../src/report/reporter.ts';
import { removeFolder } from './removeFolder.ts';

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** What the user types when asked, in this order. */
  readonly answers?: readonly string[];
  /** Standard input. */
  readonly stdin?: string;
}

/** A folder of its own: working directory and home. Removed at the end of a `using` scope. */
export class Scratch implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'drover-cli-'));

  /** @param files texts by relative path; those that begin with `#!` are made executable. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
    if (text.startsWith('#!')) chmodSync(this.path(name), 0o755);
  }

  async drover(argv: readonly string[], options: CommandOptions = {}): Promise<CommandRun> {
    const stdout = collected();
    const stderr = collected();
    const code = await main(argv, this.#world(options, stdout, stderr));
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  }

  [Symbol.dispose](): void {
    removeFolder(this.folder);
  }

  #world(
    { environment = {}, answers = [], stdin = '' }: CommandOptions,
    stdout: Output,
    stderr: Output,
  ): World {
    const left = [...answers];
    return {
      cwd: this.folder,
      home: this.folder,
      userName: 'tester',
      processId: 4711,
      environment: { PATH: process.env['PATH'], HOME: this.folder, ...environment },
      stdout,
      stderr,
      prompt: async () => left.shift(),
      writeBytes: (bytes) => stdout.write(Buffer.from(bytes).toString()),
      readStdin: async () => Buffer.from(stdin),
      now: () => new Date(),
      signal: new AbortController().signal,
    };
  }
}

function collected(): Output & { text(): string } {
  let all = '';
  return {
    write: (more) => {
      all += more;
    },
    hasColors: false,
    columns: undefined,
    text: () => all,
  };
}
