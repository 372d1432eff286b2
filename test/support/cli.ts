/** Runs the CLI as people do: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { HostStats } from '../../src/core/events.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** By its place: the working directory of a run may be anywhere. */
const TSX = import.meta.resolve('tsx');

export interface CliRun {
  /** Exit code; -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that goes on while the test does something else. */
export interface StartedCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliRun>;
}

export function cli(args: readonly string[], cwd: string): Promise<CliRun> {
  return startCli(args, cwd).ended;
}

export function startCli(args: readonly string[], cwd: string): StartedCli {
  const program = ['--import', TSX, join(ROOT, 'src/main.ts')];
  const child = spawn(process.execPath, [...program, ...args], { cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<CliRun>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code: code ?? -1, stdout, stderr }));
  });
  return { child, ended };
}

/** A host's counts in the recap that was printed. */
export function recapOf({ stdout, stderr }: CliRun, host: string): HostStats {
  const line = stdout
    .split('\n')
    .find((each) => each.startsWith(`${host} `) && each.includes(' : ok='));
  if (line === undefined) throw new Error(`no recap of ${host}:\n${stdout}\n${stderr}`);
  const counts = [...line.matchAll(/(\w+)=(\d+)/g)].map(([, name, count]) => [name, Number(count)]);
  return Object.fromEntries(counts) as HostStats;
}
