/** The hosts of one batch: where each stands in the play, and which of them failed or got lost. */
import type { Block, Item, Play, Task } from '../../playbook/model.ts';
import { taskKind } from '../includes/includes.ts';
import { type Failure, HostCursor } from './cursor.ts';
import type { Handlers } from './handlers.ts';

export interface BatchHostsOptions {
  readonly play: Play;
  readonly hosts: readonly string[];
  readonly root: Block;
  readonly handlers: Handlers;
  readonly isSelected: (task: Task) => boolean;
  readonly forcesHandlers: boolean;
  /** Blocks rescue also hosts that become unreachable. */
  readonly rescuesUnreachable: boolean;
}

export class BatchHosts {
  readonly #options: BatchHostsOptions;
  readonly #cursors: ReadonlyMap<string, HostCursor>;
  readonly #unreachable = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #forgiven = new Set<string>();
  #isAborted = false;

  constructor(options: BatchHostsOptions) {
    this.#options = options;
    const { root, isSelected, forcesHandlers } = options;
    const runsAfterFailure = forcesHandlers ? isFlush : undefined;
    this.#cursors = new Map(
      options.hosts.map((host) => [host, new HostCursor(root, isSelected, runsAfterFailure)]),
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

  /** Hosts that are no more in the play: failed, lost, or ended by `meta: end_host`. */
  get gone(): string[] {
    const active = new Set(this.active);
    return this.names.filter((host) => !active.has(host) || this.#ended.has(host));
  }

  get failed(): ReadonlySet<string> {
    return new Set(
      this.names.filter((host) => this.cursor(host).hasFailed && !this.#forgiven.has(host)),
    );
  }

  get unreachable(): ReadonlySet<string> {
    return new Set([...this.#unreachable].filter((host) => !this.#forgiven.has(host)));
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

  /** The host runs the handlers that are pending for it before it goes on. */
  flushHandlers(host: string): void {
    const { handlers, play } = this.#options;
    const block = handlers.block(play.source);
    this.cursor(host).push(block, { filter: (item) => handlers.isPending(host, item) });
  }

  /** The host was not reached: it leaves the play, or goes on in a `rescue` where that is for such hosts too. */
  lose(host: string, failure: Failure): 'unreachable' | 'rescued' {
    const cursor = this.cursor(host);
    if (this.#options.rescuesUnreachable && cursor.hasRescue) {
      cursor.fail(failure);
      return 'rescued';
    }
    this.#unreachable.add(host);
    cursor.end();
    return 'unreachable';
  }

  /** `meta: end_host`. */
  end(host: string): void {
    this.#ended.add(host);
    this.cursor(host).end();
  }

  /** Hosts that the inventory no longer names leave the play. */
  endLeft(isKnown: (host: string) => boolean): void {
    for (const host of this.names) if (!isKnown(host)) this.end(host);
  }

  /** `meta: clear_host_errors`: hosts that failed or got lost take part in the next play again, those that are on their way out at once. */
  forgive(): void {
    for (const host of this.gone) this.#forgiven.add(host);
    for (const cursor of this.#cursors.values()) cursor.clearFailure();
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

  /** A task that ran once failed for all of `hosts`: those without a rescue were stopped by it. */
  failedTogether(hosts: readonly string[]): void {
    if (hosts.length > 1 && hosts.some((host) => this.cursor(host).hasFailed))
      this.#isAborted = true;
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

/** The flushes of a play's root: the only meta tasks there. */
function isFlush(item: Item): boolean {
  return item.kind === 'task' && taskKind(item) === 'meta';
}
