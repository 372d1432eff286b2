/** What the outcome of a task does: results are kept, handlers notified, includes entered, failures sent to their rescue. */
import type { Emit, TaskRef } from '../../core/events.ts';
import { toPlain, type Value } from '../../core/values.ts';
import type { Block, Task } from '../../playbook/model.ts';
import { enclosingBlocks } from '../../playbook/searchPath.ts';
import type { Node } from '../../source/node.ts';
import { dataLayer, type Layer } from '../../vars/scope.ts';
import type { IncludeRequest } from '../includes/includes.ts';
import type { TaskJob, TaskOutcome } from '../tasks/taskJob.ts';
import type { BatchHosts } from './batchHosts.ts';
import { section } from './playTree.ts';
import type { RunStats } from './stats.ts';

export interface SettlementServices {
  readonly emit: Emit;
  readonly stats: RunStats;
  /** Loads what an include asks for; the same request of several hosts gives the same block. */
  readonly loadInclude: (request: IncludeRequest, job: TaskJob) => Promise<Block>;
  /** Makes an error the outcome of a task that seemed to be through, and reports it. */
  readonly fail: (job: TaskJob, error: unknown) => TaskOutcome;
  /** Applies registered results and effects to the run's variables. */
  readonly store: (job: TaskJob, outcome: TaskOutcome, host: string) => void;
}

/** A job with its outcome, ready to be settled. */
export interface Done {
  readonly job: TaskJob;
  readonly outcome: TaskOutcome;
  readonly included?: Included;
}

interface Included {
  /** All of `blocks` as one. */
  readonly block: Block;
  readonly blocks: readonly Block[];
  readonly layers: readonly Layer[];
  /** Tells which includes of several hosts are the same one, a key for each block. */
  readonly keys: readonly string[];
}

export class Settlement {
  readonly #services: SettlementServices;
  readonly #hosts: BatchHosts;

  constructor(services: SettlementServices, hosts: BatchHosts) {
    this.#services = services;
    this.#hosts = hosts;
  }

  /** The outcome with its handlers notified and what it includes loaded; the task fails when one of these fails. */
  async prepare(job: TaskJob, given: TaskOutcome): Promise<Done> {
    const outcome = this.#notified(job, given);
    if (outcome.includes.length === 0) return { job, outcome };
    try {
      const blocks = await this.#load(outcome.includes, job);
      const layers = outcome.includes.map((request) => dataLayer(request.variables));
      const block = section(blocks, job.task.source);
      const keys = includeKeys(outcome.includes);
      return { job, outcome, included: { block, blocks, layers, keys } };
    } catch (error) {
      return { job, outcome: this.#services.fail(job, error) };
    }
  }

  /** One after the other: what the first brings, its handlers and its variables, is there for the next. */
  async #load(includes: readonly IncludeRequest[], job: TaskJob): Promise<Block[]> {
    const blocks: Block[] = [];
    for (const request of includes) blocks.push(await this.#services.loadInclude(request, job));
    return blocks;
  }

  /**
   * @param isCounted whether this host did the work itself.
   * @param order of what all hosts include, so that hosts meet in the files that they share.
   */
  settle(
    job: TaskJob,
    { outcome, included }: Done,
    isCounted: boolean,
    order?: IncludeOrder,
  ): void {
    const cursor = this.#hosts.cursor(job.host);
    job.handlers.started(job.host, job.task);
    this.#services.store(job, outcome, job.host);
    if (stopsHost(outcome)) {
      this.#stop(job, outcome, isCounted);
      return;
    }
    if (isCounted) this.#count(job.host, outcome);
    if (outcome.result.status !== 'skipped') cursor.ran();
    if (included === undefined) cursor.advance();
    else {
      const itemRanks = included.keys.map((key, index) => order?.get(key) ?? index);
      cursor.push(included.block, { itemLayers: included.layers, itemRanks });
    }
  }

  /** One line for each file, naming all hosts that include it with the same item. */
  announceIncludes(task: TaskRef, done: readonly Done[]): void {
    const lines = new Map<string, { file: string; label: Value | undefined; hosts: string[] }>();
    for (const { job, outcome, included } of done) {
      const keys = included?.keys ?? includeKeys(outcome.includes);
      for (const [index, request] of outcome.includes.entries()) {
        const key = keys[index] ?? '';
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

  #stop(job: TaskJob, outcome: TaskOutcome, isCounted: boolean): void {
    const { stats } = this.#services;
    const failure = { task: job.task, result: outcome.registered };
    const end =
      outcome.result.status === 'unreachable'
        ? this.#hosts.lose(job.host, failure)
        : this.#hosts.cursor(job.host).fail(failure);
    if (isCounted) stats.count(job.host, end);
  }

  /** Each file that a loop of includes brings counts for itself. */
  #count(host: string, { result, isIgnored, registered, includes }: TaskOutcome): void {
    const { stats } = this.#services;
    if (result.status === 'skipped') stats.count(host, 'skipped');
    else if (isIgnored) stats.count(host, 'ok', 'ignored');
    else stats.count(host, ...Array<'ok'>(Math.max(1, includes.length)).fill('ok'));
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

  #notify({ task, host, handlers, variables, frames }: TaskJob): void {
    for (const node of notifiedBy(task)) {
      const topics = variables.evaluate(node, host, task, frames);
      for (const topic of Array.isArray(topics) ? topics : [topics]) {
        const names = handlers.notify(host, String(topic), node.source);
        for (const handler of names) this.#services.emit({ type: 'notified', host, handler });
      }
    }
  }
}

/** The nearest `notify`: the task's own, else that of a block around it. */
function notifiedBy(task: Task): readonly Node[] {
  const items = [task, ...enclosingBlocks(task)];
  return items.find(({ keywords }) => keywords.notify !== undefined)?.keywords.notify ?? [];
}

/** Whether a failure, or the loss of the host, is not ignored. */
export function stopsHost({ result, isIgnored }: TaskOutcome): boolean {
  return !isIgnored && (result.status === 'failed' || result.status === 'unreachable');
}

function nameOf(request: IncludeRequest): string {
  return request.kind === 'tasks' ? request.file : request.name;
}

/** Which place each include of a task has among those of all hosts, by its key: as they turn up, host by host. */
export type IncludeOrder = ReadonlyMap<string, number>;

export function includeOrder(done: readonly Done[]): IncludeOrder {
  const order = new Map<string, number>();
  for (const { included } of done) {
    for (const key of included?.keys ?? []) if (!order.has(key)) order.set(key, order.size);
  }
  return order;
}

/** The same include twice by one host is two. */
function includeKeys(requests: readonly IncludeRequest[]): string[] {
  const times = new Map<string, number>();
  return requests.map((request) => {
    const key = includeKey(request);
    const time = times.get(key) ?? 0;
    times.set(key, time + 1);
    return `${time} ${key}`;
  });
}

function includeKey(request: IncludeRequest): string {
  return `${nameOf(request)}\n${JSON.stringify([...request.variables], replaceBig)}`;
}

function replaceBig(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? [...value] : value;
}
