/** Sends the requests of a session, with what their scripts read, no faster than the host takes it. */
import { ModuleError } from '../core/errors.ts';
import { isStream, type RequestInput, type SizedStream } from './requestInput.ts';
import type { RemoteProcess } from './transport.ts';

const noop = (): void => undefined;

export class RequestWriter {
  readonly #process: RemoteProcess;
  readonly #giveUp: () => void;
  #isGone = false;

  /** @param giveUp ends the session. */
  constructor(process: RemoteProcess, giveUp: () => void) {
    this.#process = process;
    this.#giveUp = giveUp;
  }

  /** The session has ended: nothing more is sent. */
  stop(): void {
    this.#isGone = true;
  }

  /** @throws ModuleError `DROVER_SOURCE_CHANGED` for a stream that is longer or shorter than it said. */
  async send(head: Buffer, stdin: RequestInput | undefined): Promise<void> {
    if (stdin === undefined) return this.#write(head);
    if (isStream(stdin)) {
      await this.#write(head);
      return this.#sendStream(stdin);
    }
    const bytes = typeof stdin === 'string' ? Buffer.from(stdin) : stdin;
    await this.#write(Buffer.concat([head, bytes]));
  }

  async #sendStream({ chunks, sizeBytes }: SizedStream): Promise<void> {
    let left = sizeBytes;
    try {
      for await (const chunk of chunks) {
        // A session that ended has its own error, which the request's frame reports.
        if (this.#isGone) return;
        left -= chunk.length;
        if (left < 0) break;
        await this.#write(chunk);
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

  /** Resolves when there is room for more, or when the process is gone. */
  #write(data: Uint8Array): Promise<void> | undefined {
    const { stdin, exit } = this.#process;
    if (stdin.write(data)) return undefined;
    const gone = exit.then(noop, noop);
    return Promise.race([new Promise<void>((resolve) => stdin.once('drain', resolve)), gone]);
  }
}
