/**
 * `async`: a command becomes a job of the host, which outlives the connection. Other modules are driven by drover, which
 * goes on with the play meanwhile and tells the host how they ended.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ModuleError } from '../../core/errors.ts';
import type { TaskResult } from '../../core/results.ts';
import { jobOutcome } from '../../modules/jobs/asyncStatus.ts';
import {
  announceJob,
  endJob,
  forgetJob,
  type JobPlace,
  lookAtJob,
  startJob,
} from '../../modules/jobs/hostJob.ts';
import { jobDirectory } from '../../modules/jobs/jobDirectory.ts';
import type { HostJob, Module } from '../../modules/module.ts';
import type { KeywordReader } from './keywordReader.ts';
import { actionResult, type ModuleCall } from './moduleRunner.ts';
import { registeredData } from './registered.ts';
import { within } from './timeLimit.ts';

export interface AsyncOptions {
  readonly limitSeconds: number;
  /** Seconds between looks at the job; 0 leaves it alone. */
  readonly pollSeconds: number;
}

/** What a task's `async` and `poll` say; undefined for a task that is waited for as usual. */
export function asyncOptions(
  reader: KeywordReader,
  defaultPollSeconds: number,
): AsyncOptions | undefined {
  const limitSeconds = reader.number('async') ?? 0;
  if (limitSeconds <= 0) return undefined;
  return { limitSeconds, pollSeconds: reader.number('poll') ?? defaultPollSeconds };
}

export interface AsyncWork {
  readonly module: Module;
  readonly params: unknown;
  readonly call: ModuleCall;
  readonly options: AsyncOptions;
  /** Runs the module as a task without `async` does. Never rejects. */
  readonly run: (signal: AbortSignal) => Promise<TaskResult>;
  /** Keeps the run alive until the work is through. */
  readonly follow: (work: Promise<void>) => void;
}

/** @throws ModuleError when the work failed, or cannot be done this way. */
export async function runAsync(work: AsyncWork): Promise<TaskResult> {
  const { module, params, call, options } = work;
  if (module.kind === 'action' && module.runsOn === 'controller') throw unsupported(module);
  const place = { directory: jobDirectory(call.controller), id: newJobId() };
  const job = module.kind === 'action' ? module.detached?.(params) : undefined;
  if (job !== undefined) return runHostJob(work, place, job);
  if (options.pollSeconds > 0) return runFollowed(work, place);
  const file = await announceJob(call.target, place, options.limitSeconds);
  work.follow(finishLater(work, place));
  return started(place, file);
}

async function runHostJob(
  { call, options }: AsyncWork,
  place: JobPlace,
  job: HostJob,
): Promise<TaskResult> {
  const file = await startJob(call.target, place, options.limitSeconds, job);
  if (options.pollSeconds <= 0) return started(place, file);
  const { signal } = call;
  const deadline = performance.now() + options.limitSeconds * 1000;
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 2, options.pollSeconds * 1000)) {
    await delay(Math.min(waitMs, Math.max(0, deadline - performance.now())), undefined, { signal });
    // An answer may come long after it was given, when this machine slept: the last word is that of a look after the time.
    const isLastLook = performance.now() >= deadline;
    const state = await lookAtJob(call.target, place);
    if (state.kind === 'ended' || state.kind === 'lost') {
      await forgetJob(call.target, place);
      return actionResult(jobOutcome(state, { ...jobKeys(place, file), started: 1 }));
    }
    if (state.kind === 'late' || isLastLook) throw tooLate(options);
  }
}

/** The module as without `async`, but no longer than its time. */
async function runFollowed(work: AsyncWork, place: JobPlace): Promise<TaskResult> {
  const result = await limited(work);
  const keys = { ...jobKeys(place, `${place.directory}/${place.id}`), started: 1, finished: 1 };
  return 'data' in result ? { ...result, data: { ...result.data, ...keys } } : result;
}

async function finishLater(work: AsyncWork, place: JobPlace): Promise<void> {
  const result = await limited(work).catch((error: ModuleError): TaskResult => {
    return { status: 'failed', error, data: error.data };
  });
  await endJob(work.call.target, place, registeredData(result));
}

function limited({ call, options, run }: AsyncWork): Promise<TaskResult> {
  return within(options.limitSeconds, call.signal, run, () => tooLate(options));
}

/** A first look comes soon, so that a short job costs no whole `poll`. */
const FIRST_LOOK_MS = 100;

function started(place: JobPlace, file: string): TaskResult {
  const data = { ...jobKeys(place, file), started: 1, finished: 0 };
  return { status: 'changed', data, changes: [] };
}

function jobKeys({ id }: JobPlace, file: string) {
  return { ansible_job_id: id, results_file: file };
}

function newJobId(): string {
  return `j${randomInt(1e12)}.${process.pid}`;
}

function unsupported({ name }: Module): ModuleError {
  return new ModuleError('async is not supported for this task.', {
    code: 'DROVER_ASYNC_UNSUPPORTED',
    hint: `"${name}" works on the controller only`,
  });
}

function tooLate({ limitSeconds }: AsyncOptions): ModuleError {
  return new ModuleError(
    `async task did not complete within the requested time - ${limitSeconds}s`,
    { code: 'DROVER_TIMEOUT' },
  );
}
