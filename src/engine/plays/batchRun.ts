/**
 * One batch of hosts through one play. The strategy says which (task, hosts) pairs may start; this loop starts them,
 * waits for any of them to end, and has their outcomes settled.
 */
import PQueue from 'p-queue';
import type { TaskRef } from '../../core/events.ts';
import { flushAsHandler } from '../../playbook/itemReader.ts';
import type { Task } from '../../playbook/model.ts';
import type { PlayVariables } from '../../vars/runVariables.ts';
import type { Layer } from '../../vars/scope.ts';
import { taskKind } from '../includes/includes.ts';
import type { HostProgress, Step, Strategy } from '../strategies/strategy.ts';
import { Progress } from '../tasks/progress.ts';
import type { TaskJob, TaskOutcome } from '../tasks/taskJob.ts';
import { BatchHosts, type BatchHostsOptions } from './batchHosts.ts';
import type { HostCursor } from './cursor.ts';
import { failureLayer } from './failureLayer.ts';
import { type MetaAction, metaAction } from './metaActions.ts';
import {
  type Done,
  type IncludeOrder,
  includeOrder,
  Settlement,
  type SettlementServices,
  stopsHost,
} from './settlement.ts';

/** What a batch needs of the run. */
export interface BatchServices extends SettlementServices {
  readonly runTask: (job: TaskJob) => Promise<TaskOutcome>;
  /** Shared by the whole run: `forks` jobs at a time. */
  readonly queue: PQueue;
  readonly forks: number;
  readonly checkMode: boolean;
  readonly signal: AbortSignal;
  readonly reference: (task: Task, host: string, cursor: HostCursor) => TaskRef;
  /** Meta actions that reach beyond the batch. */
  readonly meta: (action: MetaAction, job: TaskJob) => Promise<void>;
  /** Whether the inventory still names the host. */
  readonly isKnownHost: (host: string) => boolean;
  /** Whether the task's module works for the whole batch at once. */
  readonly isOncePerBatch: (task: Task) => boolean;
  /** Asks under `--step`. */
  readonly mayRun: (task: TaskRef) => Promise<boolean>;
  readonly throttle: (task: Task, host: string) => number | undefined;
  readonly flag: (
    task: Task,
    host: string,
    keyword: 'runOnce' | 'anyErrorsFatal',
    frames: readonly Layer[],
  ) => boolean;
}

export interface BatchOptions extends BatchHostsOptions {
  readonly variables: PlayVariables;
  readonly strategy: Strategy;
  readonly maxFailPercentage: number | undefined;
}

/** How the hosts of a batch ended. */
export interface BatchEnd {
  readonly failed: ReadonlySet<string>;
  readonly unreachable: ReadonlySet<string>;
  /** `meta: end_play` was met. */
  readonly endsPlay: boolean;
  /** Hosts that were still well were stopped too. */
  readonly isAborted: boolean;
}

export class BatchRun {
  readonly #services: BatchServices;
  readonly #options: BatchOptions;
  readonly #hosts: BatchHosts;
  readonly #settlement: Settlement;
  readonly #running = new Map<string, Step>();
  readonly #started = new Set<string>();
  readonly #throttled = new Map<Task, PQueue>();
  #endsPlay = false;

  constructor(services: BatchServices, options: BatchOptions) {
    this.#services = services;
    this.#options = options;
    this.#hosts = new BatchHosts(options);
    this.#settlement = new Settlement(services, this.#hosts);
  }

  /** Hosts that are no more in the play. */
  get goneHosts(): string[] {
    return this.#hosts.gone;
  }

  async run(): Promise<BatchEnd> {
    const pending = new Set<Promise<void>>();
    for (;;) {
      for (const step of this.#nextSteps()) {
        const work: Promise<void> = this.#runStep(step).finally(() => pending.delete(work));
        pending.add(work);
      }
      if (pending.size === 0) break;
      await Promise.race(pending);
    }
    const { failed, unreachable, isAborted } = this.#hosts;
    return { failed, unreachable, endsPlay: this.#endsPlay, isAborted };
  }

  #nextSteps(): readonly Step[] {
    if (this.#services.signal.aborted) return [];
    return this.#options.strategy.next(this.#progress(), this.#services.forks);
  }

  #progress(): HostProgress[] {
    return this.#hosts.names.flatMap((host) => {
      const running = this.#running.get(host);
      const task = running?.task ?? this.#hosts.cursor(host).task;
      if (task === undefined) return [];
      const position = running === undefined ? this.#hosts.cursor(host).position : [];
      const hasStarted = this.#started.has(host);
      return [{ host, task, position, isRunning: running !== undefined, hasStarted }];
    });
  }

  async #runStep(step: Step): Promise<void> {
    for (const host of step.hosts) {
      this.#running.set(host, step);
      this.#started.add(host);
    }
    try {
      if (taskKind(step.task) === 'meta') await this.#runMeta(step);
      else await this.#runTask(step);
    } finally {
      for (const host of step.hosts) this.#running.delete(host);
    }
  }

  async #runTask(step: Step): Promise<void> {
    const { emit, checkMode, flag, isOncePerBatch } = this.#services;
    const [first] = step.hosts;
    if (first === undefined) return;
    const cursor = this.#hosts.cursor(first);
    const frames = cursor.layers;
    const ref = this.#services.reference(step.task, first, cursor);
    if (!(await this.#services.mayRun(ref))) {
      this.#leaveOut(step);
      return;
    }
    emit({ type: 'taskStarted', task: ref, checkMode });
    const isOnce = flag(step.task, first, 'runOnce', frames) || isOncePerBatch(step.task);
    const jobs = (isOnce ? [first] : step.hosts).map((host) => this.#job(step.task, ref, host));
    const done = await this.#runJobs(ref, jobs);
    this.#settlement.announceIncludes(ref, done);
    const order = includeOrder(done);
    if (isOnce) this.#settleOnce(step, done);
    else this.#settleEach(step, done, order);
    this.#hosts.checkFailures(this.#options.maxFailPercentage);
  }

  async #runJobs(task: TaskRef, jobs: readonly TaskJob[]): Promise<Done[]> {
    const hosts = jobs.map(({ host }) => host);
    const progress = new Progress(hosts, (waiting, elapsedMs) =>
      this.#services.emit({ type: 'waiting', task, hosts: waiting, elapsedMs }),
    );
    try {
      return await Promise.all(jobs.map((job) => progress.of(job.host, this.#runJob(job))));
    } finally {
      progress.stop();
    }
  }

  /** What `--step` was told not to run. */
  #leaveOut({ task, hosts }: Step): void {
    for (const host of hosts) {
      this.#options.handlers.started(host, task);
      this.#hosts.cursor(host).advance();
    }
  }

  async #runJob(job: TaskJob): Promise<Done> {
    const { queue, runTask } = this.#services;
    const work = () => queue.add(() => runTask(job));
    const throttle = this.#throttle(job);
    const outcome = await (throttle === undefined ? work() : throttle.add(work));
    return this.#settlement.prepare(job, outcome);
  }

  /** Lets at most `throttle` hosts work on the task at a time, whichever the strategy. */
  #throttle({ task, host }: TaskJob): PQueue | undefined {
    const known = this.#throttled.get(task);
    if (known !== undefined) return known;
    const concurrency = this.#services.throttle(task, host) ?? 0;
    if (concurrency <= 0) return undefined;
    const queue = new PQueue({ concurrency });
    this.#throttled.set(task, queue);
    return queue;
  }

  #job(task: Task, ref: TaskRef, host: string): TaskJob {
    const { play, variables, handlers } = this.#options;
    const { failure, layers } = this.#hosts.cursor(host);
    const frames = failure === undefined ? layers : [...layers, failureLayer(failure)];
    return { play, variables, handlers, task, ref, host, frames };
  }

  #settleEach(step: Step, done: readonly Done[], order: IncludeOrder): void {
    for (const each of done) this.#settlement.settle(each.job, each, true, order);
    const failing = done.filter(({ outcome }) => stopsHost(outcome)).map(({ job }) => job);
    const [first] = failing;
    if (first === undefined) return;
    const { task, host, frames } = first;
    if (!this.#services.flag(task, host, 'anyErrorsFatal', frames)) return;
    const failed = new Set(failing.map((job) => job.host));
    this.#hosts.failOthers(
      step.hosts.filter((other) => !failed.has(other)),
      task,
    );
  }

  /** The result of a `run_once` task holds for every host of the batch. */
  #settleOnce(step: Step, [done]: readonly Done[]): void {
    if (done === undefined) return;
    const { job, outcome } = done;
    for (const host of step.hosts) {
      this.#settlement.settle({ ...job, host }, done, host === job.host);
    }
    if (stopsHost(outcome)) this.#hosts.failedTogether(step.hosts);
  }

  /** What is for the whole play is decided by the first of its hosts; the others follow. */
  async #runMeta(step: Step): Promise<void> {
    const isForAll = !PER_HOST.has(metaAction(step.task));
    for (const [index, host] of step.hosts.entries()) {
      this.#options.handlers.started(host, step.task);
      if (isForAll && index > 0) {
        this.#hosts.cursor(host).advance();
        continue;
      }
      const cursor = this.#hosts.cursor(host);
      const ref = this.#services.reference(step.task, host, cursor);
      const job = this.#job(step.task, ref, host);
      const outcome = await this.#services.runTask(job);
      if (stopsHost(outcome)) this.#settlement.settle(job, { job, outcome }, true);
      else if (outcome.result.status === 'skipped') cursor.advance();
      else await this.#applyMeta(metaAction(step.task), job);
    }
  }

  async #applyMeta(action: MetaAction, job: TaskJob): Promise<void> {
    const cursor = this.#hosts.cursor(job.host);
    const { task, ref, host, play } = job;
    if (task.source !== play.source) this.#services.emit({ type: 'meta', task: ref, action, host });
    switch (action) {
      case 'flush_handlers':
        if (task.isHandler) throw flushAsHandler(task);
        this.#hosts.flushHandlers(host);
        return;
      case 'end_host':
        this.#hosts.end(host);
        return;
      case 'end_role':
        cursor.endRole();
        return;
      case 'end_play':
        this.#endsPlay = true;
        this.#hosts.endAll();
        return;
      case 'end_batch':
        this.#hosts.endAll();
        return;
      case 'clear_facts':
        for (const host of this.#hosts.names) this.#options.variables.store(host).clearFacts();
        cursor.advance();
        return;
      default:
        await this.#services.meta(action, job);
        cursor.advance();
        if (action === 'refresh_inventory') this.#hosts.endLeft(this.#services.isKnownHost);
        if (action === 'clear_host_errors') this.#hosts.forgive();
    }
  }
}

/** Meta actions that each host decides for itself. */
const PER_HOST: ReadonlySet<MetaAction> = new Set([
  'flush_handlers',
  'noop',
  'end_host',
  'end_role',
  'reset_connection',
]);
