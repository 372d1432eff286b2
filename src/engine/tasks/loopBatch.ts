/** Iterations of a loop that are prepared, and observed on the host, together. */
import { DroverError } from '../../core/errors.ts';
import type { Value } from '../../core/values.ts';
import type { Observed, Probes } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import type { PreparedItem } from './preparedItem.ts';
import type { TaskJob } from './taskJob.ts';

export interface PreparedIteration {
  readonly prepared: PreparedItem;
  readonly iteration: ReadonlyMap<string, Value>;
  state: Observed<Probes> | undefined;
}

/** Iterations that were prepared together; `take` gives them out in order. */
export class LoopBatch {
  readonly #iterations: readonly PreparedIteration[];
  #next = 0;

  constructor(iterations: readonly PreparedIteration[]) {
    this.#iterations = iterations;
  }

  take(): PreparedIteration {
    const iteration = this.#iterations[this.#next];
    if (iteration === undefined)
      throw new Error('a batch of a loop was asked for more than it holds');
    this.#next += 1;
    return iteration;
  }

  /** The host changed: what it answered before no longer holds. */
  forgetStates(): void {
    for (const iteration of this.#iterations.slice(this.#next)) iteration.state = undefined;
  }

  get isSpent(): boolean {
    return this.#next >= this.#iterations.length;
  }
}

export function isSharable(prepared: PreparedItem, job: TaskJob): boolean {
  const { until, retries, loopControl, async: isAsync } = job.task.keywords;
  const stands = [until, retries, loopControl?.breakWhen, isAsync];
  if (stands.some((keyword) => keyword !== undefined)) return false;
  return prepared.kind === 'ready' && prepared.module.kind === 'resource';
}

/** Fills in the states of all iterations, with one round trip for each target. An unreachable host is left to the items. */
export async function observeTogether(iterations: readonly PreparedIteration[]): Promise<void> {
  const byTarget = new Map<Target, PreparedIteration[]>();
  for (const iteration of iterations) {
    if (iteration.prepared.kind === 'decided') continue;
    const { target } = iteration.prepared.call;
    byTarget.set(target, [...(byTarget.get(target) ?? []), iteration]);
  }
  for (const [target, group] of byTarget) {
    const probes = group.map(({ prepared }) =>
      prepared.kind === 'ready' ? (prepared.observation?.probes ?? {}) : {},
    );
    const states = await observeAll(target, probes);
    for (const [index, iteration] of group.entries()) iteration.state = states?.[index];
  }
}

async function observeAll(
  target: Target,
  probes: readonly Probes[],
): Promise<Observed<Probes>[] | undefined> {
  try {
    return await target.observeAll(probes);
  } catch (error) {
    if (error instanceof DroverError) return undefined;
    throw error;
  }
}
