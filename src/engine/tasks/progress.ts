/** Tells now and then which hosts a long task still waits for, so that nobody takes a slow host for a hung run. */

const INTERVAL_MS = 30_000;

export class Progress {
  readonly #waiting: Set<string>;
  readonly #timer: NodeJS.Timeout;

  /** @param tell is called every half minute, with the time since the start in milliseconds. */
  constructor(
    hosts: readonly string[],
    tell: (hosts: readonly string[], elapsedMs: number) => void,
  ) {
    this.#waiting = new Set(hosts);
    let elapsedMs = 0;
    this.#timer = setInterval(() => {
      elapsedMs += INTERVAL_MS;
      tell([...this.#waiting], elapsedMs);
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  /** The host's result once `work` is through. */
  async of<T>(host: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      this.#waiting.delete(host);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
