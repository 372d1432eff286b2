import type { RunEvent } from '../core/events.ts';
import type { Reporter } from './reporter.ts';

/** Tells every event to each of them, in this order. */
export class SeveralReporters implements Reporter {
  readonly #reporters: readonly Reporter[];

  constructor(reporters: readonly Reporter[]) {
    this.#reporters = reporters;
  }

  handle(event: RunEvent): void {
    for (const reporter of this.#reporters) reporter.handle(event);
  }

  async close(): Promise<void> {
    for (const reporter of this.#reporters) await reporter.close();
  }
}
