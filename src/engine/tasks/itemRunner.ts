/** One item of a task on one host: conditions, arguments, the module, retries, judgement. */
import { DroverError } from '../../core/errors.ts';
import type { TaskResult } from '../../core/results.ts';
import type { Value } from '../../core/values.ts';
import { wait } from '../../core/wait.ts';
import type { Task } from '../../playbook/model.ts';
import { scalarNode } from '../../source/node.ts';
import type { Observed, Probes } from '../../target/probe.ts';
import { isTemplate } from '../../template/template.ts';
import { LazyDict } from '../../vars/lazyDict.ts';
import type { TaskScope, VariableScope } from '../../vars/scope.ts';
import { includeRequest, taskKind } from '../includes/includes.ts';
import { asyncOptions, runAsync } from './asyncTask.ts';
import { attemptLimit, withAttempts } from './attempts.ts';
import { connectionVariables } from './connectionVariables.ts';
import { delegateVariables } from './delegation.ts';
import { failureOf } from './failures.ts';
import { judged, withRegistered } from './judgement.ts';
import { KeywordReader } from './keywordReader.ts';
import { gathered } from './keywords.ts';
import { endingWith, prepareResource, runModule } from './moduleRunner.ts';
import type { ItemServices, Iteration, PreparedItem, ReadyItem } from './preparedItem.ts';
import { diffsOf, shown, withDiff } from './registered.ts';
import { secretArguments } from './secretArguments.ts';
import { moduleParams, rawArguments } from './taskArguments.ts';
import type { ItemOutcome, TaskJob } from './taskJob.ts';
import { openTarget, taskTarget } from './taskTarget.ts';
import { timedOut, within } from './timeLimit.ts';

export class ItemRunner {
  readonly #services: ItemServices;

  constructor(services: ItemServices) {
    this.#services = services;
  }

  /** Everything up to the first question to the host. Never rejects: what goes wrong is the item's result. */
  async prepare(job: TaskJob, scope: TaskScope, iteration: Iteration): Promise<PreparedItem> {
    const reader = this.reader(job, scope);
    try {
      const skipped = this.#skipReason(job, reader);
      if (skipped !== undefined)
        return decided(this.#finish(job, reader, scope, skipped, undefined));
      if (taskKind(job.task) !== 'module')
        return decided(this.#include(job, scope, iteration, reader));
      return await this.#ready(job, scope, iteration, reader);
    } catch (error) {
      const result = failureOf(error, job);
      return decided(this.#finish(job, reader, scope, result, undefined));
    }
  }

  /** Runs a prepared item with its retries. Never rejects. @param state answers that were asked for together with other items. */
  async run(job: TaskJob, item: ReadyItem, state?: Observed<Probes>): Promise<ItemOutcome> {
    const { keywords } = job.task;
    const attempts = attemptLimit(item.reader, keywords.until !== undefined);
    let current = item;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(job, current, attempt === 1 ? state : undefined);
      if (attempts === undefined) return outcome;
      const isDone = this.#isDone(job, current, outcome);
      if (isDone || attempt >= attempts) return withAttempts(outcome, attempt, isDone);
      const { delegatedTo } = item;
      const retriesLeft = attempts - attempt;
      this.#services.onRetry(job, {
        attempt,
        retriesLeft,
        registered: shown(outcome),
        delegatedTo,
      });
      await wait((item.reader.number('delay') ?? 5) * 1000, this.#services.signal);
      const again = await this.prepare(job, this.scope(job, item.iteration), item.iteration);
      if (again.kind === 'decided') return again.outcome;
      current = again;
    }
  }

  /** Closes the connection of the job's host; the next task opens a new one. */
  async reset(job: TaskJob, scope: TaskScope): Promise<void> {
    const target = await openTarget(this.#services, job.host, scope, this.reader(job, scope));
    await target.reset();
  }

  /** A fresh scope for an iteration of a job. */
  scope(job: TaskJob, iteration: Iteration): TaskScope {
    const base = this.#baseScope(job, job.host);
    const own = new Map([...(iteration.learned ?? []), ...iteration.variables]);
    const scope = own.size === 0 ? base : base.with(own);
    if (job.task.keywords.delegateTo === undefined) return scope;
    const more = safely(() => this.#delegateVariables(job, scope)) ?? new Map<string, Value>();
    return more.size === 0 ? scope : base.with(new Map([...more, ...own]));
  }

  /** What the task sees of `host`: its own, or its delegate. */
  #baseScope(job: TaskJob, host: string): VariableScope {
    const { connectionDefaults } = this.#services;
    const keyword = (name: 'connection' | 'remoteUser') => this.reader(job, base).text(name);
    const fallback = connectionVariables(host, keyword, connectionDefaults);
    const base = job.variables.scope(host, job.task, job.frames, fallback);
    return base;
  }

  /** When they cannot be evaluated, the task says so as it reads `delegate_to` itself. */
  #delegateVariables(job: TaskJob, scope: TaskScope): Map<string, Value> {
    const delegate = this.reader(job, scope).text('delegateTo');
    if (delegate === undefined || delegate === job.host) return new Map();
    const other = this.#baseScope(job, delegate);
    const own = job.variables.scope(job.host, job.task, job.frames);
    const values = delegateVariables(
      delegate,
      (name) => other.lookup(name),
      (name) => own.lookup(name),
    );
    const known = new LazyDict(
      () => other.names(),
      (name) => other.lookup(name),
    );
    return values.set('ansible_delegated_vars', new Map([[delegate, known]]));
  }

  reader(job: TaskJob, scope: TaskScope): KeywordReader {
    return new KeywordReader(job.task, job.play, scope, this.#services.templates);
  }

  /** Whether `no_log` holds. What it says is not known when it cannot be evaluated, and then the task is silent. */
  isSilent(reader: KeywordReader): boolean {
    const answer = attempted(() => reader.boolean('noLog'));
    return answer === undefined ? true : (answer.value ?? false);
  }

  #skipReason(job: TaskJob, reader: KeywordReader): TaskResult | undefined {
    const condition = reader.firstFalse(gathered(job.task, job.play, 'when'));
    if (condition === undefined) return undefined;
    const text = condition.kind === 'scalar' ? condition.value : undefined;
    return {
      status: 'skipped',
      reason: 'Conditional result was False',
      data: text === undefined ? {} : { false_condition: text },
    };
  }

  #include(
    job: TaskJob,
    scope: TaskScope,
    iteration: Iteration,
    reader: KeywordReader,
  ): ItemOutcome {
    const outcome = this.#finish(job, reader, scope, { status: 'ok', data: {} }, undefined);
    if (taskKind(job.task) === 'meta') return outcome;
    const args = rawArguments(job.task, INCLUDE, job.play, scope, this.#services.templates);
    return {
      ...outcome,
      include: includeRequest(job.task, args, iteration.variables, iteration.label),
    };
  }

  async #ready(
    job: TaskJob,
    scope: TaskScope,
    iteration: Iteration,
    reader: KeywordReader,
  ): Promise<ReadyItem> {
    const { templates, checkMode, diffMode, signal } = this.#services;
    const module = await this.#services.module(moduleName(job.task, reader), job);
    const raw = rawArguments(job.task, module, job.play, scope, templates);
    const modes = {
      checkMode: reader.boolean('checkMode') ?? checkMode,
      diffMode: reader.boolean('diff') ?? diffMode,
    };
    const delegatedTo = reader.text('delegateTo');
    const controller = this.#services.controller(job, scope, {
      ...modes,
      delegate: delegatedTo,
    });
    // Before they are judged: what is said of a wrong argument must not show another.
    for (const secret of secretArguments(module, raw)) controller.addSecret(secret);
    const params = moduleParams(job.task, module, raw);
    const facts = job.variables.store(delegatedTo ?? job.host).facts;
    const observation =
      module.kind === 'resource' ? await prepareResource(module, params, controller) : undefined;
    const target = await taskTarget(this.#services, { job, scope, reader, delegatedTo }, module);
    const call = { target, controller, checkMode: modes.checkMode, facts, signal };
    return {
      kind: 'ready',
      iteration,
      scope,
      reader,
      module,
      params,
      call,
      observation,
      delegatedTo,
      modes,
    };
  }

  async #attempt(
    job: TaskJob,
    item: ReadyItem,
    state: Observed<Probes> | undefined,
  ): Promise<ItemOutcome> {
    const result = await this.#result(job, item, state);
    return this.#finish(job, item.reader, item.scope, result, item.delegatedTo);
  }

  async #result(
    job: TaskJob,
    item: ReadyItem,
    state: Observed<Probes> | undefined,
  ): Promise<TaskResult> {
    const { taskDefaults, follow, signal } = this.#services;
    const { module, params, call, reader } = item;
    const run = (ended: AbortSignal) => runModule(item, endingWith(call, ended), state);
    try {
      const options = call.checkMode ? undefined : asyncOptions(reader, taskDefaults.pollSeconds);
      const settled = (ended: AbortSignal) => run(ended).catch((error) => failureOf(error, job));
      if (options !== undefined)
        return await runAsync({ module, params, call, options, run: settled, follow });
      const seconds = reader.number('timeout') ?? taskDefaults.timeoutSeconds;
      if (seconds <= 0) return await runModule(item, call, state);
      return await within(seconds, signal, run, () => timedOut(job.task.module, seconds));
    } catch (error) {
      return failureOf(error, job);
    }
  }

  #finish(
    job: TaskJob,
    reader: KeywordReader,
    scope: TaskScope,
    raw: TaskResult,
    delegatedTo: string | undefined,
  ): ItemOutcome {
    const { result, registered } = judged(raw, job.task.keywords, scope, this.#services.templates);
    const effects = 'effects' in raw && raw.effects !== undefined ? raw.effects : [];
    const noLog = this.isSilent(reader);
    const showsDiff = safely(() => reader.boolean('diff')) ?? this.#services.diffMode;
    const data = showsDiff ? withDiff(registered, diffsOf(result)) : registered;
    return { result, registered: data, effects, delegatedTo, noLog, showsDiff };
  }

  #isDone(job: TaskJob, item: ReadyItem, outcome: ItemOutcome): boolean {
    if (outcome.result.status === 'unreachable' || outcome.result.status === 'skipped') return true;
    const { until } = job.task.keywords;
    if (until === undefined) return outcome.result.status !== 'failed';
    const scope = withRegistered(item.scope, job.task.keywords, outcome.registered);
    return until.every((node) => this.#services.templates.evaluateCondition(node, scope));
  }
}

/** How the arguments of `include_tasks` and `include_role` are read; `apply` holds keywords, which are not evaluated here. */
const INCLUDE = { name: 'include', freeForm: '_raw_params', expressions: ['apply'] } as const;

/** A task may name its module by a template. */
function moduleName({ module, moduleSource }: Task, reader: KeywordReader): string {
  if (!isTemplate(module)) return module;
  return String(reader.evaluate(scalarNode(module, moduleSource))).trim();
}

function decided(outcome: ItemOutcome): PreparedItem {
  return { kind: 'decided', outcome };
}

function safely<T>(read: () => T): T | undefined {
  return attempted(read)?.value;
}

/** Undefined when `read` failed by an error of the user's. */
function attempted<T>(read: () => T): { readonly value: T } | undefined {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof DroverError) return undefined;
    throw error;
  }
}
