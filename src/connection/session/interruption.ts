/** How a request ends that does not end by itself. */
import { ModuleError } from '../../core/errors.ts';

/** Runs `then` some time later, unless the request has ended. */
export type Schedule = (afterMs: number, then: () => void) => void;

/** How a request is ended from outside: by its time, or by the caller's signal. */
export class Interruption {
  readonly #interrupt: (schedule: Schedule) => Promise<void>;
  readonly #undo: (() => void)[] = [];
  #error: ModuleError | undefined;
  #finished: Promise<void> | undefined;

  constructor(interrupt: (schedule: Schedule) => Promise<void>) {
    this.#interrupt = interrupt;
  }

  after(timeoutMs: number): void {
    const seconds = timeoutMs / 1000;
    this.#schedule(timeoutMs, () => this.#begin(`no end after ${seconds} s`, 'DROVER_TIMEOUT'));
  }

  on(signal: AbortSignal): void {
    const cancel = (): void => this.#begin('cancelled', 'DROVER_CANCELLED');
    signal.addEventListener('abort', cancel, { once: true });
    this.#undo.push(() => signal.removeEventListener('abort', cancel));
  }

  /** At once, because of `error`. */
  because(error: ModuleError): void {
    if (this.#error) return;
    this.#error = error;
    this.#finished = this.#interrupt((afterMs, then) => this.#schedule(afterMs, then));
  }

  /** @throws the reason when the request was interrupted. */
  check(): void {
    if (this.#error) throw this.#error;
  }

  /** The session may go on once this resolves. */
  async end(): Promise<void> {
    for (const undo of this.#undo) undo();
    await this.#finished;
  }

  #begin(message: string, code: string): void {
    this.because(new ModuleError(message, { code }));
  }

  #schedule(afterMs: number, then: () => void): void {
    const timer = setTimeout(then, afterMs);
    this.#undo.push(() => clearTimeout(timer));
  }
}
