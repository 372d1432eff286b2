/** Waiting for Rancher: everything there happens in steps that take a while. */
import { ModuleError } from '../../core/errors.ts';
import type { Controller } from '../controller.ts';
import type { Resource } from './client.ts';

/** What a wait needs of the run. */
export interface Waiting {
  readonly controller: Pick<Controller, 'now' | 'sleep'>;
  readonly signal: AbortSignal;
}

export interface Patience {
  readonly limitMs: number;
  readonly pauseMs: number;
  /** Ends the message `… was not <goal> within 30 s`. */
  readonly goal: string;
  readonly subject: string;
}

/** `value` when it has come true; otherwise what was seen instead, for the message when time is up. */
export type Look<T> =
  | { readonly isDone: true; readonly value: T }
  | { readonly isDone: false; readonly seen: string };

/** Looks until it is so. @throws ModuleError (DROVER_TIMEOUT) that says what was last seen. */
export async function waitFor<T>(
  { controller, signal }: Waiting,
  { limitMs, pauseMs, goal, subject }: Patience,
  look: () => Promise<Look<T>>,
): Promise<T> {
  const until = controller.now().getTime() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen.isDone) return seen.value;
    if (controller.now().getTime() >= until) {
      throw new ModuleError(`${subject} was not ${goal} within ${limitMs / 1000} s: ${seen.seen}`, {
        code: 'DROVER_TIMEOUT',
        data: { last_seen: seen.seen },
      });
    }
    await controller.sleep(pauseMs, signal);
  }
}

/** The state of a resource for a message, with the server's own words about it. */
export function stateText({ state, transitioning, transitioningMessage }: Resource): string {
  const isTold = transitioning === 'error' || transitioning === 'yes';
  return isTold && transitioningMessage ? `${state} (${transitioningMessage})` : `${state}`;
}

/** A step that ended in an error does not become anything else. */
export function failedTransition(resource: Resource, subject: string): ModuleError | undefined {
  if (resource.transitioning !== 'error') return undefined;
  return new ModuleError(`${subject} failed: ${stateText(resource)}`, {
    data: { last_seen: stateText(resource) },
  });
}

export const POLL_MS = 500;
