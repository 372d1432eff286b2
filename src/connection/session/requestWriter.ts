/** Sends the requests of a session, with what their scripts read, no faster than the host takes it. */
import { ModuleError } from '../../core/errors.ts';
import type { RemoteProcess } from '../transport.ts';
import { isStream, type RequestInput, type SizedStream } from './requestInput.ts';

/** Of content that is held whole, as much is on its way to a host at a time: many hosts may be sent the same. */
const PIECE_BYTES = 256 * 1024;

export class RequestWriter {
  readonly #process: RemoteProcess;
  readonly #giveUp: () => void;
  #isGone = false;
  /** Ends the waiting for room. */
  #release: () => void = () => undefined;

  /** @param giveUp ends the session. */
  constructor(process: RemoteProcess, giveUp: () => void) {
    this.#process = process;
    this.#giveUp = giveUp;
  }

  /** The session has ended: nothing more is sent. */
  stop(): void {
    this.#isGone = true;
    this.#release();
  }

  /** @throws ModuleError `DROVER_SOURCE_CHANGED` for a stream that is longer or shorter than it said. */
  async send(head: Buffer, stdin: RequestInput | undefined): Promise<void> {
    if (stdin === undefined) return this.#write(head);
    if (isStream(stdin)) {
      await this.#write(head);
      return this.#sendStream(stdin);
    }
    const bytes = typeof stdin === 'string' ? Buffer.from(stdin) : stdin;
    if (bytes.length <= PIECE_BYTES) return this.#write(Buffer.concat([head, bytes]));
    await this.#write(head);
    for (let start = 0; start < bytes.length && !this.#isGone; start += PIECE_BYTES) {
      await this.#writeOut(bytes.subarray(start, start + PIECE_BYTES));
    }
  }

  async #sendStream({ chunks, sizeBytes }: SizedStream): Promise<void> {
    let left = sizeBytes;
    try {
      for await (const chunk of chunks) {
        // A session that ended has its own error, which the request's frame reports.
        if (this.#isGone) return;
        left -= chunk.length;
        if (left < 0) break;
        await this.#writeOut(chunk);
      }
    } finally {
      // The host still waits for the rest: only the end of the session brings both sides in step again.
      if (left !== 0 && !this.#isGone) this.#giveUp();
    }
    if (left !== 0) {
      throw new ModuleError('the source changed its size while it was sent', {
        code: 'DROVER_SOURCE_CHANGED',
      });
    }
  }

  /** Resolves when there is room for more, or when the session has ended. */
  #write(data: Uint8Array): Promise<void> | undefined {
    const { stdin } = this.#process;
    if (this.#isGone || stdin.write(data)) return undefined;
    return this.#unlessGone((resolve) => stdin.once('drain', resolve));
  }

  /** Resolves when nobody needs `data` any more and there is room for more, or when the session has ended. */
  async #writeOut(data: Uint8Array): Promise<void> {
    const { stdin, sent } = this.#process;
    await this.#unlessGone((resolve) => stdin.write(data, () => resolve()));
    if (sent !== undefined && !this.#isGone)
      await this.#unlessGone((resolve) => void sent().then(resolve));
  }

  #unlessGone(wait: (resolve: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#release = resolve;
      wait(resolve);
    });
  }
}
