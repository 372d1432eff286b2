/** Waits that a playbook asks for: never shorter than it says. */
import { setTimeout as delay } from 'node:timers/promises';

/** A timer of Node may fire up to a millisecond before its time, as the clock shows it. */
const EARLY_MS = 1;

/** A timer's time after which at least `milliseconds` have passed. */
export function timerFor(milliseconds: number): number {
  return Math.ceil(milliseconds) + EARLY_MS;
}

/** @throws when `signal` aborts. */
export async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(timerFor(milliseconds), undefined, signal === undefined ? {} : { signal });
}
