/** Time as the double sees it. Injected, so that the suite moves hours in milliseconds. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once, `delayMs` from now. A rejection is the clock's to report. */
  after(delayMs: number, task: () => Promise<void>): Timer;
}

/** The machine's clock. `onError` gets what a timed task rejects with. */
export function systemClock(onError: (error: unknown) => void): Clock {
  return {
    now: () => Date.now(),
    after(delayMs, task) {
      const timer = setTimeout(() => void task().catch(onError), delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** Runs `task` every `periodMs` until cancelled, never twice at once. */
export function every(clock: Clock, periodMs: number, task: () => Promise<void>): Timer {
  let isCancelled = false;
  let pending: Timer | undefined;
  const next = () => {
    pending = clock.after(periodMs, async () => {
      await task().finally(() => {
        if (!isCancelled) next();
      });
    });
  };
  next();
  return {
    cancel() {
      isCancelled = true;
      pending?.cancel();
    },
  };
}
