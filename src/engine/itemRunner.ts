/** One item of a task on one host: conditions, arguments, the module, retries, judgement. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BecomeSettings, ConnectionSettings } from '../connection/transport.ts';
import { DroverError, ModuleError } from '../core/errors.ts';
import type { TaskResult } from '../core/results.ts';
import type { Value } from '../core/values.ts';
import type { Controller } from '../modules/controller.ts';
import type { AnyResource, Module } from '../modules/module.ts';
import type { Observed, Probes } from '../target/probe.ts';
import type { Target } from '../target/target.ts';
import type { TemplateEngine } from '../template/template.ts';
import type { TaskScope } from '../vars/scope.ts';
import {
  becomeSettings,
  type ConnectionDefaults,
  connectionSettings,
} from './connectionSettings.ts';
import { delegateVariables } from './delegation.ts';
import { failureOf } from './failures.ts';
import { includeRequest, taskKind } from './includes.ts';
import { judged, withRegistered } from './judgement.ts';
import { KeywordReader } from './keywordReader.ts';
import { gathered } from './keywords.ts';
import {
  type ModuleCall,
  type Observation,
  prepareResource,
  runAction,
  runResource,
} from './moduleRunner.ts';
import { noTarget } from './noTarget.ts';
import { registeredData } from './registered.ts';
import { moduleParams, rawArguments } from './taskArguments.ts';
import type { ItemOutcome, TaskJob } from './taskJob.ts';

/** What the engine needs of the world to run a module. */
export interface ItemServices {
  readonly templates: TemplateEngine;
  /** @throws LoadError for an unknown module, at the task's place. */
  readonly module: (name: string, job: TaskJob) => Module;
  /** The same target for the same settings, so that the items of a loop share their round trips. */
  readonly openTarget: OpenTarget;
  readonly controller: (job: TaskJob, scope: TaskScope, modes: Modes) => Controller;
  readonly connectionDefaults: ConnectionDefaults;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly signal: AbortSignal;
  readonly onRetry: (job: TaskJob, retry: Retry) => void;
}

export type OpenTarget = (
  connection: ConnectionSettings,
  become: BecomeSettings | undefined,
  environment: Readonly<Record<string, string>>,
) => Promise<Target>;

export interface Modes {
  readonly checkMode: boolean;
  readonly diffMode: boolean;
}

export interface Retry {
  readonly attempt: number;
  readonly retriesLeft: number;
  readonly registered: Readonly<Record<string, unknown>>;
  readonly delegatedTo: string | undefined;
}

/** An iteration: its variables and the label that output shows. */
export interface Iteration {
  readonly variables: ReadonlyMap<string, Value>;
  readonly label: Value | undefined;
}

/** An item whose module is ready to run; or one that is decided without. */
export type PreparedItem = { readonly kind: 'decided'; readonly outcome: ItemOutcome } | ReadyItem;

export interface ReadyItem {
  readonly kind: 'ready';
  readonly iteration: Iteration;
  readonly scope: TaskScope;
  readonly reader: KeywordReader;
  readonly module: Module;
  readonly params: unknown;
  readonly call: ModuleCall;
  readonly observation: Observation | undefined;
  readonly delegatedTo: string | undefined;
  readonly modes: Modes;
}

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
    const attempts = this.#attempts(item.reader, keywords.until !== undefined);
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
        registered: outcome.registered,
        delegatedTo,
      });
      await delay((item.reader.number('delay') ?? 5) * 1000, undefined, {
        signal: this.#services.signal,
      });
      const again = await this.prepare(job, this.scope(job, item.iteration), item.iteration);
      if (again.kind === 'decided') return again.outcome;
      current = again;
    }
  }

  /** Closes the connection of the job's host; the next task opens a new one. */
  async reset(job: TaskJob, scope: TaskScope): Promise<void> {
    const reader = this.reader(job, scope);
    const target = await this.#openTarget(job.host, scope, reader);
    await target.reset();
  }

  /** A fresh scope for an iteration of a job. */
  scope(job: TaskJob, iteration: Iteration): TaskScope {
    const base = job.variables.scope(job.host, job.task, job.frames);
    const scope = iteration.variables.size === 0 ? base : base.with(iteration.variables);
    if (job.task.keywords.delegateTo === undefined) return scope;
    const more = safely(() => this.#delegateVariables(job, scope)) ?? new Map<string, Value>();
    return more.size === 0 ? scope : base.with(new Map([...more, ...iteration.variables]));
  }

  /** When they cannot be evaluated, the task says so as it reads `delegate_to` itself. */
  #delegateVariables(job: TaskJob, scope: TaskScope): Map<string, Value> {
    const delegate = this.reader(job, scope).text('delegateTo');
    if (delegate === undefined || delegate === job.host) return new Map();
    const other = job.variables.scope(delegate, job.task, job.frames);
    return delegateVariables(
      delegate,
      (name) => other.lookup(name),
      (name) => scope.lookup(name),
    );
  }

  reader(job: TaskJob, scope: TaskScope): KeywordReader {
    return new KeywordReader(job.task, job.play, scope, this.#services.templates);
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
    const module = this.#services.module(job.task.module, job);
    const params = moduleParams(
      job.task,
      module,
      rawArguments(job.task, module, job.play, scope, templates),
    );
    const modes = {
      checkMode: reader.boolean('checkMode') ?? checkMode,
      diffMode: reader.boolean('diff') ?? diffMode,
    };
    const delegatedTo = reader.text('delegateTo');
    const controller = this.#services.controller(job, scope, modes);
    const facts = job.variables.store(delegatedTo ?? job.host).facts;
    const observation =
      module.kind === 'resource' ? await prepareResource(module, params, controller) : undefined;
    const target = await this.#target(job, scope, reader, delegatedTo, module);
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

  /** The host that does the work; actions that stay on the controller never open a connection. */
  async #target(
    job: TaskJob,
    scope: TaskScope,
    reader: KeywordReader,
    delegatedTo: string | undefined,
    module: Module,
  ): Promise<Target> {
    const host = delegatedTo ?? job.host;
    if (module.kind === 'action' && module.runsOn === 'controller') return noTarget(host);
    const variables =
      delegatedTo === undefined ? scope : job.variables.scope(delegatedTo, job.task, job.frames);
    return this.#openTarget(host, variables, reader);
  }

  async #openTarget(host: string, variables: TaskScope, reader: KeywordReader): Promise<Target> {
    const read = (name: string) => variables.lookup(name);
    const defaults = this.#services.connectionDefaults;
    const keywords = reader.connection();
    const connection = connectionSettings(host, read, keywords, defaults);
    const become = becomeSettings(read, keywords, defaults);
    return this.#services.openTarget(connection, become, reader.environment());
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
    const { module, params, call, observation } = item;
    try {
      if (module.kind === 'action') return await runAction(module, params, call);
      const observed = observation ?? (await prepareResource(module, params, call.controller));
      return await runResource(module as AnyResource, observed, call, state);
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
    const { result, registered } = this.#judged(job, scope, raw);
    const effects = 'effects' in raw && raw.effects !== undefined ? raw.effects : [];
    const noLog = safely(() => reader.boolean('noLog')) ?? false;
    const showsDiff = safely(() => reader.boolean('diff')) ?? this.#services.diffMode;
    return { result, registered, effects, delegatedTo, noLog, showsDiff };
  }

  #judged(job: TaskJob, scope: TaskScope, raw: TaskResult): ReturnType<typeof judged> {
    const { templates } = this.#services;
    try {
      return judged(raw, job.task.keywords, scope, templates);
    } catch (error) {
      return judged(withDataOf(raw, failureOf(error, job)), {}, scope, templates);
    }
  }

  /** How often at most; undefined when the task does not repeat. */
  #attempts(reader: KeywordReader, hasUntil: boolean): number | undefined {
    const retries = reader.number('retries');
    if (!hasUntil && retries === undefined) return undefined;
    return Math.max(0, retries ?? 3) + 1;
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

function decided(outcome: ItemOutcome): PreparedItem {
  return { kind: 'decided', outcome };
}

/** What the module returned stays in the result when a condition on it cannot be evaluated. */
function withDataOf(raw: TaskResult, failure: TaskResult): TaskResult {
  if (failure.status !== 'failed') return failure;
  return { ...failure, data: { ...registeredData(raw), msg: failure.error.message } };
}

/** As the first attempt is no retry, `attempts` counts one less when all of them are used up. */
function withAttempts(outcome: ItemOutcome, tried: number, isDone: boolean): ItemOutcome {
  const attempts = isDone ? tried : tried - 1;
  const registered = { ...outcome.registered, attempts };
  if (isDone || outcome.result.status === 'failed') return { ...outcome, registered };
  const data = 'data' in outcome.result ? (outcome.result.data ?? {}) : {};
  const error = new ModuleError(`until did not hold after ${tried} attempts`, {
    code: 'DROVER_RETRIES_EXHAUSTED',
  });
  const result: TaskResult = { status: 'failed', error, data: { ...data, attempts } };
  return { ...outcome, result, registered: { ...registered, failed: true } };
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DroverError) return undefined;
    throw error;
  }
}
