/** The reporter for machines: every event as one JSON object on a line of its own. */
import { DroverError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { Output, Reporter } from './reporter.ts';

/** DEL, C1 and what turns the direction of writing: JSON allows them as they are. */
const TERMINAL_CONTROLS = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

export class JsonLinesReporter implements Reporter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  handle(event: RunEvent): void {
    this.#output.write(`${harmless(JSON.stringify(event, plainly))}\n`);
  }

  async close(): Promise<void> {}
}

/** The same JSON; terminals take for controls what JSON does not escape by itself. */
function harmless(json: string): string {
  return json.replace(TERMINAL_CONTROLS, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return `\\u${code.padStart(4, '0')}`;
  });
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
