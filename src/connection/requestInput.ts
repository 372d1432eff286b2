/** What goes into a request, and where its output is kept. */
import type { Sink } from './frameReader.ts';

export type RequestInput = Uint8Array | string | SizedStream;

/** Content too large to hold, whose size is known before it is sent. */
export interface SizedStream {
  readonly sizeBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Output as one buffer, unless the caller takes it as it comes. */
export class Collected {
  readonly sink: Sink;
  readonly #chunks: Buffer[] = [];

  constructor(sink: Sink | undefined) {
    this.sink = sink ?? ((chunk) => void this.#chunks.push(chunk));
  }

  bytes(): Buffer {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
  }
}

export function isStream(stdin: RequestInput): stdin is SizedStream {
  return typeof stdin === 'object' && 'chunks' in stdin;
}

/** In bytes. */
export function sizeOf(stdin: RequestInput | undefined): number | undefined {
  if (stdin === undefined) return undefined;
  if (typeof stdin === 'string') return Buffer.byteLength(stdin);
  return isStream(stdin) ? stdin.sizeBytes : stdin.length;
}
