/** One task on one host: once, or for each item of its loop; says what happened and gives back what it came to. */
import { DroverError } from '../../core/errors.ts';
import type { Emit, HostTask, Outcome } from '../../core/events.ts';
import type { TaskResult } from '../../core/results.ts';
import { fromPlain, toPlain, type Value } from '../../core/values.ts';
import { wait } from '../../core/wait.ts';
import { isUndefinedError } from '../../template/python/errors.ts';
import type { TemplateEngine } from '../../template/template.ts';
import type { TaskScope } from '../../vars/scope.ts';
import { taskKind } from '../includes/includes.ts';
import { failureOf } from './failures.ts';
import type { ItemRunner } from './itemRunner.ts';
import { gathered } from './keywords.ts';
import { isSharable, LoopBatch, observeTogether, type PreparedIteration } from './loopBatch.ts';
import { iterationVariables, type LoopNames, loopItems, loopNames } from './loopItems.ts';
import { type CombinedOutcome, combined, withItem } from './loopResult.ts';
import { LoopView } from './loopView.ts';
import { censoredResult, diffsOf, registeredData, shown } from './registered.ts';
import type { ItemOutcome, TaskJob, TaskOutcome } from './taskJob.ts';
import { unlessAbandoned } from './timeLimit.ts';

export interface TaskRunnerServices {
  readonly items: ItemRunner;
  readonly templates: TemplateEngine;
  readonly emit: Emit;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

interface LoopRun {
  readonly items: readonly Value[];
  readonly names: LoopNames;
}

const NO_VARIABLES: ReadonlyMap<string, Value> = new Map();

export class TaskRunner {
  readonly #services: TaskRunnerServices;

  constructor(services: TaskRunnerServices) {
    this.#services = services;
  }

  /** Never rejects: what goes wrong is the outcome. */
  async run(job: TaskJob): Promise<TaskOutcome> {
    const startedAt = this.#services.now();
    if (taskKind(job.task) !== 'meta') {
      this.#services.emit({ type: 'hostStarted', ...hostTask(job) });
    }
    const scope = this.#baseScope(job);
    try {
      this.#services.signal.throwIfAborted();
      const loop = this.#loop(job, scope);
      const work = loop === undefined ? this.#once(job, scope) : this.#each(job, scope, loop);
      const outcome = await unlessAbandoned(work, this.#services.signal);
      return this.#reported(job, scope, outcome, startedAt, loop !== undefined);
    } catch (error) {
      return this.#reported(job, scope, this.#failed(job, scope, error), startedAt, false);
    }
  }

  /** Makes an error the outcome of a task that seemed to be through. */
  fail(job: TaskJob, error: unknown): TaskOutcome {
    const scope = this.#baseScope(job);
    const outcome = this.#failed(job, scope, error);
    return this.#reported(job, scope, outcome, this.#services.now(), false);
  }

  #failed(job: TaskJob, scope: TaskScope, error: unknown): ItemOutcome {
    const result = failureOf(error, job);
    const noLog = this.#services.items.isSilent(this.#services.items.reader(job, scope));
    const registered = registeredData(result);
    return { result, registered, effects: [], delegatedTo: undefined, noLog, showsDiff: false };
  }

  /** `meta: reset_connection`. */
  async resetConnection(job: TaskJob): Promise<void> {
    await this.#services.items.reset(job, this.#baseScope(job));
  }

  #baseScope(job: TaskJob): TaskScope {
    return this.#services.items.scope(job, { variables: NO_VARIABLES, label: undefined });
  }

  /** A loop that cannot be evaluated is no error when the task is skipped anyway. */
  #loop(job: TaskJob, scope: TaskScope): LoopRun | undefined {
    const { loop, loopControl } = job.task.keywords;
    if (loop === undefined) return undefined;
    const reader = this.#services.items.reader(job, scope);
    try {
      const items = loopItems(loop, scope, this.#services.templates);
      return { items, names: loopNames(loopControl, reader) };
    } catch (error) {
      if (isUndefinedError(error) && this.#isSkippedAnyway(job, scope)) return undefined;
      throw error;
    }
  }

  #isSkippedAnyway(job: TaskJob, scope: TaskScope): boolean {
    const conditions = gathered(job.task, job.play, 'when');
    try {
      return conditions.some((node) => !this.#services.templates.evaluateCondition(node, scope));
    } catch (error) {
      if (error instanceof DroverError) return false;
      throw error;
    }
  }

  async #once(job: TaskJob, scope: TaskScope): Promise<ItemOutcome> {
    const { items } = this.#services;
    const prepared = await items.prepare(job, scope, { variables: NO_VARIABLES, label: undefined });
    return prepared.kind === 'decided' ? prepared.outcome : items.run(job, prepared);
  }

  async #each(job: TaskJob, scope: TaskScope, loop: LoopRun): Promise<CombinedOutcome> {
    const outcomes: ItemOutcome[] = [];
    const view = new LoopView(scope, (learned) =>
      this.#services.items.scope(job, { variables: NO_VARIABLES, label: undefined, learned }),
    );
    let batch: LoopBatch | undefined;
    for (const [index, item] of loop.items.entries()) {
      this.#services.signal.throwIfAborted();
      const startedAt = this.#services.now();
      if (index > 0 && loop.names.pauseMs > 0) {
        await wait(loop.names.pauseMs, this.#services.signal);
      }
      batch ??= await this.#batch(job, loop, index, view);
      const { prepared, iteration, state } = batch.take();
      const outcome =
        prepared.kind === 'decided'
          ? prepared.outcome
          : await this.#services.items.run(job, prepared, state);
      if (outcome.result.status === 'changed') batch.forgetStates();
      if (batch.isSpent) batch = undefined;
      view.learn(outcome.effects);
      const label = this.#label(job, view.scope, iteration, item);
      this.#emitItem(job, outcome, label, startedAt);
      outcomes.push(withItem(outcome, iteration));
      if (this.#breaks(job, view.scope, iteration, outcome)) break;
    }
    return combined(outcomes);
  }

  /**
   * Prepares the iterations from `start` on. Those of a resource are observed together in one round trip; once one of
   * them changed the host, each of the rest asks again for itself.
   */
  async #batch(job: TaskJob, loop: LoopRun, start: number, view: LoopView): Promise<LoopBatch> {
    const first = await this.#prepareIteration(job, loop, start, view);
    if (!isSharable(first.prepared, job)) return new LoopBatch([first]);
    const prepared = [first];
    for (let index = start + 1; index < loop.items.length; index += 1) {
      prepared.push(await this.#prepareIteration(job, loop, index, view));
    }
    await observeTogether(prepared);
    return new LoopBatch(prepared);
  }

  async #prepareIteration(
    job: TaskJob,
    loop: LoopRun,
    index: number,
    { scope, learned }: LoopView,
  ): Promise<PreparedIteration> {
    const variables = iterationVariables(loop.items, index, loop.names);
    const label = loop.items[index] ?? null;
    const own = scope.with(variables);
    const prepared = await this.#services.items.prepare(job, own, { variables, label, learned });
    return { prepared, iteration: variables, state: undefined };
  }

  #label(
    job: TaskJob,
    scope: TaskScope,
    iteration: ReadonlyMap<string, Value>,
    item: Value,
  ): Value {
    const node = job.task.keywords.loopControl?.label;
    if (node === undefined) return item;
    try {
      return this.#services.templates.evaluateNode(node, scope.with(iteration));
    } catch (error) {
      if (error instanceof DroverError) return item;
      throw error;
    }
  }

  #breaks(
    job: TaskJob,
    scope: TaskScope,
    iteration: ReadonlyMap<string, Value>,
    outcome: ItemOutcome,
  ): boolean {
    const conditions = job.task.keywords.loopControl?.breakWhen;
    if (outcome.result.status === 'unreachable') return true;
    if (conditions === undefined) return false;
    const name = job.task.keywords.register?.value;
    const view = new Map(iteration);
    if (typeof name === 'string') view.set(name, fromPlain(outcome.registered));
    const own = scope.with(view);
    return conditions.every((node) => this.#services.templates.evaluateCondition(node, own));
  }

  #emitItem(job: TaskJob, outcome: ItemOutcome, label: Value, startedAt: Date): void {
    if (outcome.include !== undefined) return;
    this.#services.emit({
      type: 'itemFinished',
      ...hostTask(job, outcome.delegatedTo),
      label: outcome.noLog ? '(censored due to no_log)' : toPlain(label),
      ...this.#outcomeEvent(outcome, false, startedAt),
    });
  }

  #reported(
    job: TaskJob,
    scope: TaskScope,
    outcome: ItemOutcome | CombinedOutcome,
    startedAt: Date,
    isLoop: boolean,
  ): TaskOutcome {
    const isIgnored = this.#isIgnored(job, scope, outcome.result);
    const includes =
      'includes' in outcome ? outcome.includes : outcome.include ? [outcome.include] : [];
    if (includes.length === 0 && taskKind(job.task) !== 'meta') {
      this.#services.emit({
        type: 'hostFinished',
        isLoop,
        ...hostTask(job, outcome.delegatedTo),
        ...this.#outcomeEvent(outcome, isIgnored, startedAt),
      });
    }
    const { result, registered, effects, delegatedTo } = outcome;
    return { result, registered, effects, delegatedTo, isIgnored, includes };
  }

  #isIgnored(job: TaskJob, scope: TaskScope, result: TaskResult): boolean {
    if (result.status !== 'failed' && result.status !== 'unreachable') return false;
    const keyword = result.status === 'failed' ? 'ignoreErrors' : 'ignoreUnreachable';
    try {
      return this.#services.items.reader(job, scope).boolean(keyword) ?? false;
    } catch (error) {
      if (error instanceof DroverError) return false;
      throw error;
    }
  }

  #outcomeEvent(outcome: ItemOutcome, ignored: boolean, startedAt: Date): Outcome {
    return {
      result: outcome.noLog ? censoredResult(outcome.result) : outcome.result,
      registered: shown(outcome),
      ignored,
      diffs: outcome.showsDiff && !outcome.noLog ? diffsOf(outcome.result) : [],
      startedAt,
      durationMs: this.#services.now().getTime() - startedAt.getTime(),
    };
  }
}

function hostTask(job: TaskJob, delegatedTo?: string): HostTask {
  const { ref: task, host } = job;
  return delegatedTo === undefined ? { task, host } : { task, host, delegatedTo };
}
