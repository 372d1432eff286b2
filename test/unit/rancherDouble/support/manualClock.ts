/** A clock that moves only when told to, running what falls due on the way, one task after the other. */
import type { Clock, Timer } from '../../../fleet/rancher/server/model/clock.ts';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly task: () => Promise<void>;
}

export class ManualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #entries = new Set<Entry>();

  constructor(startMs = Date.UTC(2024, 5, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => Promise<void>): Timer {
    const entry = { dueMs: this.#nowMs + delayMs, order: this.#order++, task };
    this.#entries.add(entry);
    return { cancel: () => void this.#entries.delete(entry) };
  }

  /** Moves on by `ms`; resolves when everything due has finished. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#entries.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      await next.task();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Entry | undefined {
    const due = [...this.#entries].filter(({ dueMs }) => dueMs <= untilMs);
    return due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
  }
}

/** Lets promises that the task left behind run to their next wait. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
