/** The reporter for machines: every event as one JSON object on a line of its own. */
import { DroverError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Output, Reporter } from './reporter.ts';

export class JsonLinesReporter implements Reporter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  handle(event: RunEvent): void {
    this.#output.write(`${JSON.stringify(event, plainly)}\n`);
  }

  async close(): Promise<void> {}
}

/** Errors as objects, dicts as objects, big integers as text. */
function plainly(key: string, value: unknown): unknown {
  if (value instanceof DroverError) {
    const { code, message, source, hint } = value;
    return { code, message, source, hint };
  }
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value === 'bigint') return String(value);
  return key === 'operation' ? undefined : value;
}
