/** The hosts of one batch: where each stands in the play, and which of them failed or got lost. */
import type { Block, Play, Task } from '../playbook/model.ts';
import { HostCursor } from './cursor.ts';
import type { Handlers } from './handlers.ts';

export interface BatchHostsOptions {
  readonly play: Play;
  readonly hosts: readonly string[];
  readonly root: Block;
  readonly handlers: Handlers;
  readonly isSelected: (task: Task) => boolean;
  readonly forcesHandlers: boolean;
}

export class BatchHosts {
  readonly #options: BatchHostsOptions;
  readonly #cursors: ReadonlyMap<string, HostCursor>;
  readonly #unreachable = new Set<string>();
  readonly #flushedAfterFailure = new Set<string>();
  #isAborted = false;

  constructor(options: BatchHostsOptions) {
    this.#options = options;
    this.#cursors = new Map(
      options.hosts.map((host) => [host, new HostCursor(options.root, options.isSelected)]),
    );
  }

  get names(): readonly string[] {
    return this.#options.hosts;
  }

  /** Hosts that neither failed nor got lost so far. */
  get active(): string[] {
    return this.names.filter(
      (host) => !this.#unreachable.has(host) && !this.cursor(host).hasFailed,
    );
  }

  get failed(): ReadonlySet<string> {
    return new Set(this.names.filter((host) => this.cursor(host).hasFailed));
  }

  get unreachable(): ReadonlySet<string> {
    return this.#unreachable;
  }

  /** `any_errors_fatal`, `run_once` or `max_fail_percentage` stopped hosts that were still well. */
  get isAborted(): boolean {
    return this.#isAborted;
  }

  cursor(host: string): HostCursor {
    const cursor = this.#cursors.get(host);
    if (cursor === undefined) throw new Error(`host ${host} is not in this batch`);
    return cursor;
  }

  /** What a host runs next. A failed one still runs the handlers it notified, when `force_handlers` asks for it. */
  nextTask(host: string): Task | undefined {
    const { forcesHandlers, handlers } = this.#options;
    const cursor = this.cursor(host);
    const task = cursor.task;
    if (task !== undefined || !cursor.hasFailed || !forcesHandlers) return task;
    if (this.#flushedAfterFailure.has(host) || !handlers.hasPending(host)) return undefined;
    this.#flushedAfterFailure.add(host);
    this.flushHandlers(host);
    return cursor.task;
  }

  /** The host runs the handlers that are pending for it before it goes on. */
  flushHandlers(host: string): void {
    const { handlers, play } = this.#options;
    const block = handlers.block(play.source);
    this.cursor(host).push(block, { filter: (item) => handlers.isPending(host, item) });
  }

  lose(host: string): void {
    this.#unreachable.add(host);
    this.cursor(host).end();
  }

  /** Other hosts fail with the ones that did; blocks around the task may still rescue them. */
  failOthers(hosts: readonly string[], task: Task): void {
    const msg = 'another host failed, and any_errors_fatal or run_once is set';
    for (const host of hosts) {
      const cursor = this.cursor(host);
      if (cursor.hasFailed || this.#unreachable.has(host)) continue;
      if (cursor.fail({ task, result: { failed: true, msg } }) === 'failed') this.#isAborted = true;
    }
  }

  /** Stops everybody once more than `percentage` of the batch failed or got lost. */
  checkFailures(percentage: number | undefined): void {
    if (percentage === undefined) return;
    const lost = this.names.length - this.active.length;
    if ((lost / this.names.length) * 100 <= percentage) return;
    this.#isAborted = true;
    this.endAll();
  }

  endAll(): void {
    for (const cursor of this.#cursors.values()) cursor.end();
  }
}
