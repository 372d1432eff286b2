/** What goes into a request, and where its output is kept. */
import type { Sink } from './frameReader.ts';

export type RequestInput = Uint8Array | string | SizedStream;

/** Content too large to hold, whose size is known before it is sent. */
export interface SizedStream {
  readonly sizeBytes: number;
  /** Each is read before the next is asked for, and may be overwritten then. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Of one stream of a request, unless its caller takes it as it comes: a command without end must not take the runner's memory. */
export const MAX_COLLECTED_BYTES = 64 * 1024 * 1024;

/** Output as one buffer, unless the caller takes it as it comes. */
export class Collected {
  readonly sink: Sink;
  readonly #onTooMuch: () => void;
  readonly #chunks: Buffer[] = [];
  #left = MAX_COLLECTED_BYTES;

  /** @param onTooMuch what is beyond `MAX_COLLECTED_BYTES` is dropped */
  constructor(sink: Sink | undefined, onTooMuch: () => void) {
    this.#onTooMuch = onTooMuch;
    this.sink = sink ?? ((chunk) => this.#keep(chunk));
  }

  bytes(): Buffer {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
  }

  #keep(chunk: Buffer): void {
    if (this.#left < 0) return;
    this.#left -= chunk.length;
    if (this.#left >= 0) this.#chunks.push(chunk);
    else this.#onTooMuch();
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
