/**
 * The library: what the command line does, with types.
 *
 * ```ts
 * import { run } from 'drover';
 * const end = await run({ playbooks: ['site.yml'], inventory: ['hosts.ini'], onEvent: (event) => console.log(event.type) });
 * ```
 *
 * And what modules of a project (`modules/NAME.ts`) are written with: `defineAction`, `defineResource`, `text`, `z`, ….
 */
import { homedir, userInfo } from 'node:os';
import type { RunFlags } from './cli/runFlags.ts';
import { runPlaybooks } from './cli/runPlaybooks.ts';
import { runSetup } from './cli/runSettings.ts';
import type { RunEvent } from './core/events.ts';
import type { RunEnd } from './engine/run.ts';

export { DroverError, LoadErrors, type Warning } from './core/errors.ts';
export type { HostStats, RunEvent } from './core/events.ts';
export type { TaskResult } from './core/results.ts';
export type { Source } from './core/source.ts';
export type { RunEnd } from './engine/run.ts';
export * from './modules/authoring.ts';

export interface RunOptions extends Partial<Omit<RunFlags, 'output' | 'verbose'>> {
  readonly playbooks: readonly string[];
  readonly onEvent?: (event: RunEvent) => void;
  /** Ends the run after the tasks that are under way. */
  readonly signal?: AbortSignal;
  /** Default: that of the process. */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs playbooks, as `drover run` does. Failed and unreachable hosts are in the result.
 * @throws LoadErrors (or a single DroverError) for wrong content, before any host is touched.
 */
export async function run(options: RunOptions): Promise<RunEnd> {
  const { playbooks, onEvent, signal, cwd, environment, ...flags } = options;
  const silent = { write: () => undefined, hasColors: false, columns: undefined };
  const world = {
    cwd: cwd ?? process.cwd(),
    home: homedir(),
    userName: userInfo().username,
    processId: process.pid,
    environment: environment ?? process.env,
    stdout: silent,
    stderr: silent,
    prompt: async () => undefined,
    writeBytes: () => undefined,
    readStdin: async () => Buffer.alloc(0),
    now: () => new Date(),
    signal: signal ?? new AbortController().signal,
  };
  const { request } = await runSetup(playbooks, flags, world);
  const reporter = { handle: (event: RunEvent) => onEvent?.(event), close: async () => undefined };
  return runPlaybooks(request, reporter, world);
}
