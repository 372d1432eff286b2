/**
 * Splits one output stream of a shell session at marks. A mark is a random nonce, so nothing that a process prints can
 * be taken for it; what stands before it goes to the sink as it arrives, whatever bytes it is.
 */
import { UnreachableError } from '../../core/errors.ts';

export type Sink = (chunk: Buffer) => void | Promise<void>;

interface Expectation {
  readonly mark: Buffer;
  readonly sink: Sink;
  readonly resolve: (trailer: string) => void;
  readonly reject: (error: Error) => void;
}

const NEWLINE = 10;
/** In bytes; an exit code or a process id stands there. A host that goes on without a line's end has another program than ours. */
const MAX_TRAILER = 1_024;
const EMPTY = Buffer.alloc(0);

export class FrameReader {
  readonly #expected: Expectation[] = [];
  #pending: Buffer = EMPTY;
  #failure: Error | undefined;

  /** Resolves with the rest of the line after `nonce`. Output before it goes to `sink`. */
  expect(nonce: string, sink: Sink): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#expected.push({ mark: Buffer.from(`${nonce} `), sink, resolve, reject });
    });
  }

  /** Takes what arrived. A promise asks the caller to pause the stream until the sink has room again. */
  push(chunk: Buffer): Promise<void> | undefined {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const waits: Promise<void>[] = [];
    let current = this.#expected[0];
    while (current && this.#pending.length > 0) {
      const isComplete = this.#advance(current, waits);
      if (!isComplete) break;
      this.#expected.shift();
      current = this.#expected[0];
    }
    if (!current) this.#pending = EMPTY;
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
  }

  /** Everything that is waited for fails, now and later. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#expected.splice(0)) reject(error);
  }

  #advance({ mark, sink, resolve }: Expectation, waits: Promise<void>[]): boolean {
    const at = this.#pending.indexOf(mark);
    const outputEnd = at >= 0 ? at : this.#pending.length - possiblePrefix(this.#pending, mark);
    if (outputEnd > 0) emit(sink, this.#pending.subarray(0, outputEnd), waits);
    this.#pending = this.#pending.subarray(outputEnd);
    if (at < 0) return false;
    const lineEnd = this.#pending.indexOf(NEWLINE, mark.length);
    if (lineEnd < 0) {
      if (this.#pending.length > mark.length + MAX_TRAILER) this.fail(brokenFrame());
      return false;
    }
    const trailer = this.#pending.subarray(mark.length, lineEnd).toString();
    this.#pending = this.#pending.subarray(lineEnd + 1);
    resolve(trailer);
    return true;
  }
}

function brokenFrame(): UnreachableError {
  return new UnreachableError('the host does not keep to the form of the shell session', {
    code: 'DROVER_SESSION_LOST',
  });
}

function emit(sink: Sink, output: Buffer, waits: Promise<void>[]): void {
  const wait = sink(output);
  if (wait !== undefined) waits.push(wait);
}

/** Length of the longest end of `data` with which `mark` could begin. */
function possiblePrefix(data: Buffer, mark: Buffer): number {
  const first = mark.subarray(0, 1);
  let at = data.indexOf(first, Math.max(0, data.length - mark.length + 1));
  while (at >= 0) {
    if (mark.subarray(0, data.length - at).equals(data.subarray(at))) return data.length - at;
    at = data.indexOf(first, at + 1);
  }
  return 0;
}
