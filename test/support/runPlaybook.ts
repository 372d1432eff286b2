/** Runs the CLI in this process on files written for the test: exit code, output and, per host and task, what happened. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../src/cli/program.ts';
import type { RunEvent } from '../../src/core/events.ts';
import type { Output } from '../../src/report/reporter.ts';
import { removeFolder } from './removeFolder.ts';

export interface PlaybookRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** From `--output jsonl`; empty when the test asked for text. */
  readonly events: readonly RunEvent[];
  /** `host: task status` for every finished task and item, in order. */
  readonly lines: readonly string[];
  /** The scratch folder, gone when the test's `using` scope ends. */
  readonly folder: string;
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly playbook?: string;
  readonly text?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** @param files by relative path; `site.yml` is run on host `local` unless `hosts.yml` or `hosts.ini` says otherwise. */
export async function runPlaybook(
  files: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<PlaybookRun> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-run-'));
  try {
    for (const [name, text] of Object.entries(files)) writeScratch(join(folder, name), text);
    return await runIn(folder, files, options);
  } finally {
    removeFolder(folder);
  }
}

function runIn(
  folder: string,
  files: Readonly<Record<string, string>>,
  { args = [], playbook = 'site.yml', text = false, environment = {} }: RunOptions,
): Promise<PlaybookRun> {
  const inventory = ['hosts.yml', 'hosts.ini'].find((name) => name in files);
  const source = inventory === undefined ? 'local,' : join(folder, inventory);
  const format = text ? [] : ['--output', 'jsonl'];
  const argv = ['-i', source, '-c', 'local', ...format, ...args, join(folder, playbook)];
  return runCli(argv, { folder, environment });
}

/** `drover run` in this process. @param folder the working directory and home. */
export async function runCli(
  argv: readonly string[],
  {
    folder,
    environment = {},
    signal = new AbortController().signal,
  }: {
    readonly folder: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  },
): Promise<PlaybookRun> {
  const stdout = collected();
  const stderr = collected();
  const code = await main(['run', ...argv], {
    cwd: folder,
    home: folder,
    userName: 'tester',
    processId: 4711,
    environment: { PATH: process.env['PATH'], HOME: folder, ...environment },
    stdout,
    stderr,
    prompt: async () => undefined,
    writeBytes: () => undefined,
    readStdin: async () => Buffer.alloc(0),
    now: () => new Date(),
    signal,
  });
  const events = argv.includes('jsonl') ? eventsOf(stdout.text()) : [];
  const lines = events.flatMap(lineOf);
  return { code, stdout: stdout.text(), stderr: stderr.text(), events, lines, folder };
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

function writeScratch(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function eventsOf(stdout: string): RunEvent[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

function lineOf(event: RunEvent): string[] {
  if (event.type === 'included') return [`${event.hosts.join(',')}: included`];
  if (event.type !== 'hostFinished' && event.type !== 'itemFinished') return [];
  const item = event.type === 'itemFinished' ? ` (${JSON.stringify(event.label)})` : '';
  const status =
    event.result.status === 'ok' || event.result.status === 'changed'
      ? changed(event.registered)
      : event.result.status;
  return [`${event.host}: ${event.task.name}${item} ${status}${event.ignored ? ' ignored' : ''}`];
}

function changed(registered: Readonly<Record<string, unknown>>): string {
  return registered['changed'] === true ? 'changed' : 'ok';
}

/** The registered result of a task by its name, of the first host that finished it. */
export function resultOf(
  run: PlaybookRun,
  task: string,
  host?: string,
): Readonly<Record<string, unknown>> {
  for (const event of run.events) {
    if (event.type !== 'hostFinished' || event.task.name !== task) continue;
    if (host === undefined || event.host === host) return event.registered;
  }
  throw new Error(`no task "${task}" finished:\n${run.lines.join('\n')}\n${run.stderr}`);
}
