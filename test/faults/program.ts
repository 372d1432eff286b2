/** drover as one file that starts fast: from its source each start costs seconds, and a fault test has hundreds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import * as z from 'zod';

const ROOT = resolve(import.meta.dirname, '../..');

/** Bundles the sources as they are now. @returns the program's file; the libraries are found beside it. */
export async function bundledProgram(): Promise<string> {
  const folder = join(ROOT, 'node_modules/.cache/faults');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `drover-${process.pid}.mjs`);
  await build({
    entryPoints: [join(ROOT, 'src/main.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

const Event = z.looseObject({
  type: z.string(),
  host: z.string().optional(),
  task: z.looseObject({ name: z.string() }).optional(),
  ignored: z.boolean().optional(),
  result: z
    .looseObject({
      status: z.string(),
      error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
    })
    .optional(),
  registered: z.record(z.string(), z.unknown()).optional(),
  hosts: z.unknown().optional(),
});

/** What a run said of one task on one host. */
export interface Told {
  readonly step: string;
  readonly status: string;
  readonly isChanged: boolean;
  /** With the code, and what a command printed. */
  readonly message: string;
}

export interface FinishedRun {
  /** Exit code; -1 when a signal ended it. */
  readonly code: number;
  readonly durationMs: number;
  readonly hasRecap: boolean;
  /** Finished tasks by host, in their order. */
  readonly told: ReadonlyMap<string, readonly Told[]>;
  /** For a person who looks into a failure. */
  readonly output: string;
}

export interface StartedRun {
  readonly child: ChildProcess;
  readonly ended: Promise<FinishedRun>;
}

/** `drover run site.yml` in `folder`. @param connectSeconds how long connecting may take */
export function startRun(program: string, folder: string, connectSeconds: number): StartedRun {
  const options = ['-i', 'hosts.yml', '-T', String(connectSeconds), '--output', 'jsonl'];
  const args = [program, 'run', ...options, 'site.yml'];
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<FinishedRun>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      const durationMs = performance.now() - startedAt;
      done({ code: code ?? -1, durationMs, ...readEvents(stdout), output: stdout + stderr });
    });
  });
  return { child, ended };
}

function readEvents(stdout: string): Pick<FinishedRun, 'hasRecap' | 'told'> {
  // The last line of a run that was killed may be cut.
  const lines = stdout.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  const events = lines.map((line) => Event.parse(JSON.parse(line)));
  const told = new Map<string, Told[]>();
  for (const { type, host, task, result, registered = {} } of events) {
    if (type !== 'hostFinished' || host === undefined || task === undefined) continue;
    const { status = '', error } = result ?? {};
    const words = [error?.code, error?.message, registered['msg'], registered['stderr']];
    const message = words.filter((word) => word !== undefined).join(' ');
    const isChanged = registered['changed'] === true;
    told.set(host, [...(told.get(host) ?? []), { step: task.name, status, isChanged, message }]);
  }
  return { hasRecap: events.some(({ type }) => type === 'recap'), told };
}
