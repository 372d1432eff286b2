/**
 * One batch of hosts through one play. The strategy says which (task, hosts) pairs may start; this loop starts them,
 * waits for any of them to end, and moves the hosts' cursors.
 */
import type PQueue from 'p-queue';
import type { Emit, PlayRef, TaskRef } from '../core/events.ts';
import { fromPlain, toPlain, type Value } from '../core/values.ts';
import type { Block, Play, Task } from '../playbook/model.ts';
import type { PlayVariables } from '../vars/runVariables.ts';
import { dataLayer, type Layer } from '../vars/scope.ts';
import { type Failure, HostCursor } from './cursor.ts';
import type { Handlers } from './handlers.ts';
import { type IncludeRequest, taskKind } from './includes.ts';
import { type MetaAction, metaAction } from './metaActions.ts';
import { section } from './playTree.ts';
import type { RunStats } from './stats.ts';
import type { HostProgress, Step, Strategy } from './strategies/strategy.ts';
import type { TaskJob, TaskOutcome } from './taskJob.ts';

/** What a batch needs of the run. */
export interface BatchServices {
  readonly runTask: (job: TaskJob) => Promise<TaskOutcome>;
  readonly queue: PQueue;
  readonly emit: Emit;
  readonly stats: RunStats;
  readonly forks: number;
  readonly checkMode: boolean;
  readonly signal: AbortSignal;
  /** Loads what an include asks for; the same request of several hosts gives the same block. */
  readonly loadInclude: (request: IncludeRequest, job: TaskJob) => Block;
  /** Makes an error the outcome of a task that seemed to be through, and reports it. */
  readonly fail: (job: TaskJob, error: unknown) => TaskOutcome;
  /** Applies registered results and effects to the run's variables. */
  readonly store: (job: TaskJob, outcome: TaskOutcome, host: string) => void;
  readonly reference: (task: Task, host: string, frames: readonly Layer[]) => TaskRef;
  /** Meta actions that reach beyond the batch. */
  readonly meta: (action: MetaAction, job: TaskJob) => Promise<void>;
  readonly throttle: (task: Task, host: string) => number | undefined;
  readonly flag: (
    task: Task,
    host: string,
    keyword: 'runOnce' | 'anyErrorsFatal',
    frames: readonly Layer[],
  ) => boolean;
}

export interface BatchOptions {
  readonly play: Play;
  readonly ref: PlayRef;
  readonly variables: PlayVariables;
  readonly hosts: readonly string[];
  readonly root: Block;
  readonly strategy: Strategy;
  readonly handlers: Handlers;
  readonly isSelected: (task: Task) => boolean;
  readonly forcesHandlers: boolean;
  readonly maxFailPercentage: number | undefined;
}

/** How the hosts of a batch ended. */
export interface BatchEnd {
  readonly failed: ReadonlySet<string>;
  readonly unreachable: ReadonlySet<string>;
  /** `meta: end_play` was met. */
  readonly endsPlay: boolean;
  /** `any_errors_fatal`, `run_once` or `max_fail_percentage` stopped the hosts that were still well. */
  readonly isAborted: boolean;
}

/** A job with its outcome, ready to be settled. */
interface Done {
  readonly job: TaskJob;
  readonly outcome: TaskOutcome;
  readonly included?: Included;
}

interface Included {
  /** All of `blocks` as one. */
  readonly block: Block;
  readonly blocks: readonly Block[];
  readonly layers: readonly Layer[];
}

export class BatchRun {
  readonly #services: BatchServices;
  readonly #options: BatchOptions;
  readonly #cursors: ReadonlyMap<string, HostCursor>;
  readonly #running = new Map<string, Step>();
  readonly #started = new Set<string>();
  readonly #unreachable = new Set<string>();
  readonly #flushedAfterFailure = new Set<string>();
  #endsPlay = false;
  #isAborted = false;

  constructor(services: BatchServices, options: BatchOptions) {
    this.#services = services;
    this.#options = options;
    this.#cursors = new Map(
      options.hosts.map((host) => [host, new HostCursor(options.root, options.isSelected)]),
    );
  }

  /** Hosts that neither failed nor got lost so far. */
  get activeHosts(): string[] {
    return this.#options.hosts.filter(
      (host) => !this.#unreachable.has(host) && this.#cursors.get(host)?.hasFailed !== true,
    );
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
    return {
      failed: this.#failedHosts(),
      unreachable: this.#unreachable,
      endsPlay: this.#endsPlay,
      isAborted: this.#isAborted,
    };
  }

  #nextSteps(): readonly Step[] {
    if (this.#services.signal.aborted) return [];
    return this.#options.strategy.next(this.#progress(), this.#services.forks);
  }

  #progress(): HostProgress[] {
    const progress: HostProgress[] = [];
    for (const [host, cursor] of this.#cursors) {
      const running = this.#running.get(host);
      const task = running?.task ?? this.#nextTask(host, cursor);
      if (task === undefined) continue;
      progress.push({
        host,
        task,
        position: running === undefined ? cursor.position : [],
        isRunning: running !== undefined,
        hasStarted: this.#started.has(host),
      });
    }
    return progress;
  }

  /** A failed host still runs the handlers it notified, when `force_handlers` asks for it. */
  #nextTask(host: string, cursor: HostCursor): Task | undefined {
    const { forcesHandlers, handlers } = this.#options;
    const task = cursor.task;
    if (task !== undefined || !cursor.hasFailed || !forcesHandlers) return task;
    if (this.#flushedAfterFailure.has(host) || !handlers.hasPending(host)) return undefined;
    this.#flushedAfterFailure.add(host);
    this.#pushHandlers(host, cursor);
    return cursor.task;
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
    const { emit, checkMode, flag } = this.#services;
    const [first] = step.hosts;
    if (first === undefined) return;
    const frames = this.#cursor(first).layers;
    const ref = this.#services.reference(step.task, first, frames);
    emit({ type: 'taskStarted', task: ref, checkMode });
    const isOnce = flag(step.task, first, 'runOnce', frames);
    const hosts = isOnce ? [first] : step.hosts;
    const jobs = hosts.map((host) => this.#job(step.task, ref, host));
    const outcomes = await this.#runJobs(step.task, jobs);
    if (isOnce) this.#settleOnce(step, jobs, outcomes);
    else this.#settleEach(step, ref, jobs, outcomes);
    this.#checkFailPercentage();
  }

  async #runJobs(task: Task, jobs: readonly TaskJob[]): Promise<TaskOutcome[]> {
    const { queue, runTask, throttle } = this.#services;
    const limit = jobs[0] === undefined ? undefined : throttle(task, jobs[0].host);
    if (limit === undefined || limit <= 0) {
      return Promise.all(jobs.map((job) => queue.add(() => runTask(job))));
    }
    const outcomes: TaskOutcome[] = [];
    for (let start = 0; start < jobs.length; start += limit) {
      const slice = jobs.slice(start, start + limit);
      outcomes.push(...(await Promise.all(slice.map((job) => queue.add(() => runTask(job))))));
    }
    return outcomes;
  }

  #job(task: Task, ref: TaskRef, host: string): TaskJob {
    const { play, variables, handlers } = this.#options;
    const cursor = this.#cursor(host);
    const failure = cursor.failure;
    const frames =
      failure === undefined ? cursor.layers : [...cursor.layers, failureLayer(failure)];
    return { play, variables, handlers, task, ref, host, frames, failure };
  }

  #settleEach(
    step: Step,
    ref: TaskRef,
    jobs: readonly TaskJob[],
    outcomes: readonly TaskOutcome[],
  ): void {
    const done = jobs.flatMap((job, index) => this.#loaded(job, outcomes[index]));
    this.#emitIncludes(ref, done);
    for (const each of done) this.#settle(each.job, each, true);
    const failing = outcomes.filter(stopsHost).length > 0;
    const [first] = jobs;
    if (!failing || first === undefined) return;
    if (this.#services.flag(step.task, first.host, 'anyErrorsFatal', first.frames)) {
      this.#failOthers(step.hosts, first.task);
    }
  }

  /** The result of a `run_once` task holds for every host of the batch. */
  #settleOnce(step: Step, jobs: readonly TaskJob[], outcomes: readonly TaskOutcome[]): void {
    const [done] = jobs.flatMap((job, index) => this.#loaded(job, outcomes[index]));
    if (done === undefined) return;
    const { job } = done;
    this.#emitIncludes(job.ref, [done]);
    for (const host of step.hosts) this.#settle({ ...job, host }, done, host === job.host);
    if (stopsHost(done.outcome)) this.#failOthers(step.hosts, job.task);
  }

  /** @param isCounted whether this host did the work itself. */
  #settle(job: TaskJob, { outcome, included }: Done, isCounted: boolean): void {
    const cursor = this.#cursor(job.host);
    this.#options.handlers.started(job.host, job.task);
    this.#services.store(job, outcome, job.host);
    if (stopsHost(outcome)) {
      this.#stop(job, outcome, cursor, isCounted);
      return;
    }
    if (isCounted) this.#count(job.host, outcome);
    if (included === undefined) cursor.advance();
    else cursor.push(included.block, { itemLayers: included.layers });
  }

  /** The outcome with its handlers notified and what it includes loaded; the task fails when one of these fails. */
  #loaded(job: TaskJob, given: TaskOutcome | undefined): Done[] {
    if (given === undefined) return [];
    const outcome = this.#notified(job, given);
    if (outcome.includes.length === 0) return [{ job, outcome }];
    try {
      const blocks = outcome.includes.map((request) => this.#services.loadInclude(request, job));
      const layers = outcome.includes.map((request) => dataLayer(request.variables));
      const block = section(blocks, job.task.source);
      return [{ job, outcome, included: { block, blocks, layers } }];
    } catch (error) {
      return [{ job, outcome: this.#services.fail(job, error) }];
    }
  }

  #stop(job: TaskJob, outcome: TaskOutcome, cursor: HostCursor, isCounted: boolean): void {
    const { stats } = this.#services;
    if (outcome.result.status === 'unreachable') {
      this.#unreachable.add(job.host);
      cursor.end();
      if (isCounted) stats.count(job.host, 'unreachable');
      return;
    }
    const end = cursor.fail({ task: job.task, result: outcome.registered });
    if (isCounted) stats.count(job.host, end);
  }

  #count(host: string, { result, isIgnored, registered }: TaskOutcome): void {
    const { stats } = this.#services;
    if (result.status === 'skipped') stats.count(host, 'skipped');
    else if (isIgnored) stats.count(host, 'ok', 'ignored');
    else stats.count(host, 'ok');
    if (registered['changed'] === true && result.status !== 'skipped') stats.count(host, 'changed');
  }

  /** Notifies the handlers of a changed task; it fails when it names one that does not exist. */
  #notified(job: TaskJob, outcome: TaskOutcome): TaskOutcome {
    if (outcome.registered['changed'] !== true || stopsHost(outcome)) return outcome;
    try {
      this.#notify(job);
      return outcome;
    } catch (error) {
      return this.#services.fail(job, error);
    }
  }

  #notify(job: TaskJob): void {
    const { handlers, variables } = this.#options;
    for (const node of job.task.keywords.notify ?? []) {
      const topics = variables.evaluate(node, job.host, job.task, job.frames);
      for (const topic of Array.isArray(topics) ? topics : [topics]) {
        const names = handlers.notify(job.host, String(topic), node.source);
        for (const handler of names) {
          this.#services.emit({ type: 'notified', host: job.host, handler });
        }
      }
    }
  }

  /** One line for each file, naming all hosts that include it with the same item. */
  #emitIncludes(task: TaskRef, done: readonly Done[]): void {
    const lines = new Map<string, { file: string; label: Value | undefined; hosts: string[] }>();
    for (const { job, outcome, included } of done) {
      for (const [index, request] of outcome.includes.entries()) {
        const key = includeKey(request);
        const file = included?.blocks[index]?.file ?? nameOf(request);
        const line = lines.get(key) ?? { file, label: request.label, hosts: [] };
        line.hosts.push(job.host);
        lines.set(key, line);
      }
    }
    for (const { file, label, hosts } of lines.values()) {
      const item = label === undefined ? {} : { label: toPlain(label) };
      this.#services.emit({ type: 'included', task, file, hosts, ...item });
    }
  }

  async #runMeta(step: Step): Promise<void> {
    for (const host of step.hosts) {
      const cursor = this.#cursor(host);
      const ref = this.#services.reference(step.task, host, cursor.layers);
      const job = this.#job(step.task, ref, host);
      const outcome = await this.#services.runTask(job);
      if (outcome.result.status === 'skipped') cursor.advance();
      else await this.#applyMeta(metaAction(step.task), job, cursor);
    }
  }

  async #applyMeta(action: MetaAction, job: TaskJob, cursor: HostCursor): Promise<void> {
    switch (action) {
      case 'flush_handlers':
        this.#pushHandlers(job.host, cursor);
        return;
      case 'end_host':
        cursor.end();
        return;
      case 'end_role':
        cursor.endRole();
        return;
      case 'end_play':
        this.#endsPlay = true;
        this.#endAll();
        return;
      case 'end_batch':
        this.#endAll();
        return;
      default:
        await this.#services.meta(action, job);
        cursor.advance();
    }
  }

  #pushHandlers(host: string, cursor: HostCursor): void {
    const { handlers, play } = this.#options;
    cursor.push(handlers.block(play.source), { filter: (item) => handlers.isPending(host, item) });
  }

  #endAll(): void {
    for (const cursor of this.#cursors.values()) cursor.end();
  }

  /** Other hosts fail with the ones that did; blocks around the task may still rescue them. */
  #failOthers(hosts: readonly string[], task: Task): void {
    const result = {
      failed: true,
      msg: 'another host failed, and any_errors_fatal or run_once is set',
    };
    for (const host of hosts) {
      const cursor = this.#cursor(host);
      if (cursor.hasFailed || this.#unreachable.has(host)) continue;
      if (cursor.fail({ task, result }) === 'failed') this.#isAborted = true;
    }
  }

  #checkFailPercentage(): void {
    const { maxFailPercentage, hosts } = this.#options;
    if (maxFailPercentage === undefined) return;
    const failed = this.#failedHosts().size + this.#unreachable.size;
    if ((failed / hosts.length) * 100 <= maxFailPercentage) return;
    this.#isAborted = true;
    this.#endAll();
  }

  #failedHosts(): Set<string> {
    return new Set(
      [...this.#cursors].flatMap(([host, cursor]) => (cursor.hasFailed ? [host] : [])),
    );
  }

  #cursor(host: string): HostCursor {
    const cursor = this.#cursors.get(host);
    if (cursor === undefined) throw new Error(`host ${host} is not in this batch`);
    return cursor;
  }
}

function stopsHost({ result, isIgnored }: TaskOutcome): boolean {
  return !isIgnored && (result.status === 'failed' || result.status === 'unreachable');
}

function nameOf(request: IncludeRequest): string {
  return request.kind === 'tasks' ? request.file : request.name;
}

function includeKey(request: IncludeRequest): string {
  return `${nameOf(request)}\n${JSON.stringify([...request.variables], replaceBig)}`;
}

function replaceBig(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? [...value] : value;
}

/** `ansible_failed_task` and `ansible_failed_result`. */
function failureLayer({ task, result }: Failure): Layer {
  const failedTask: Value = new Map<Value, Value>([
    ['name', task.name === undefined ? task.module : fromPlain(task.name.value)],
    ['action', task.module],
  ]);
  return dataLayer(
    new Map([
      ['ansible_failed_task', failedTask],
      ['ansible_failed_result', fromPlain(result)],
    ]),
  );
}
