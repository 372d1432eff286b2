/** What `register:` keeps of a result, in the one place that makes it. */

import { DroverError } from '../../core/errors.ts';
import type { Diff, ResultData, TaskResult } from '../../core/results.ts';
import type { ItemOutcome } from './taskJob.ts';

/** The result as playbooks see it: the module's return keys with `changed`, `failed`, `skipped`, `unreachable`, `msg`. */
export function registeredData(result: TaskResult): ResultData {
  switch (result.status) {
    case 'ok':
      return { changed: false, ...withLines(result.data), failed: false };
    case 'changed':
      return { changed: true, ...withLines(result.data), failed: false };
    case 'skipped':
      return { changed: false, ...skipReason(result), ...result.data, skipped: true };
    case 'failed':
      return {
        changed: false,
        msg: result.error.message,
        ...withLines(result.data),
        failed: true,
      };
    case 'unreachable':
      return { changed: false, msg: result.error.message, unreachable: true };
    default:
      return result satisfies never;
  }
}

/** A loop tells its reason under a key of its own, in `data`. */
function skipReason({ reason, data }: Extract<TaskResult, { status: 'skipped' }>): ResultData {
  return data !== undefined && 'results' in data ? {} : { skip_reason: reason };
}

/** `stdout` and `stderr` come with their lines. */
function withLines(data: ResultData): ResultData {
  const lines: Record<string, unknown> = {};
  for (const key of ['stdout', 'stderr']) {
    const text = data[key];
    if (typeof text === 'string' && !(`${key}_lines` in data))
      lines[`${key}_lines`] = splitLines(text);
  }
  return { ...data, ...lines };
}

/** As Python's `splitlines`: no empty last line. */
function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** What `--diff` shows of a result: the diffs of its changes. */
export function diffsOf(result: TaskResult): Diff[] {
  if (result.status !== 'changed') return [];
  return result.changes.flatMap((change) => change.diff ?? simpleDiff(change));
}

/** The result with `diff` as playbooks know it: one dict, or a list where a task made several changes. A module's own stays. */
export function withDiff(registered: ResultData, diffs: readonly Diff[]): ResultData {
  if (diffs.length === 0 || 'diff' in registered) return registered;
  const told = diffs.map(registeredDiff);
  return { ...registered, diff: told.length === 1 ? told[0] : told };
}

export function registeredDiff({ before, after, beforeHeader, afterHeader }: Diff): ResultData {
  return {
    before,
    after,
    ...(beforeHeader === undefined ? {} : { before_header: beforeHeader }),
    ...(afterHeader === undefined ? {} : { after_header: afterHeader }),
  };
}

function simpleDiff(change: { what: string; before?: unknown; after?: unknown }): Diff[] {
  const { what, before, after } = change;
  if (before === undefined && after === undefined) return [];
  return [{ before: before ?? '', after: after ?? '', beforeHeader: what, afterHeader: what }];
}

const HIDDEN_BY_NO_LOG =
  "the output has been hidden because 'no_log: true' was specified for this task";

/** What a result shows under `no_log`. */
export function censored(registered: ResultData): ResultData {
  const status = ['changed', 'failed', 'skipped', 'unreachable', 'attempts'].filter(
    (key) => key in registered,
  );
  return {
    censored: HIDDEN_BY_NO_LOG,
    ...Object.fromEntries(status.map((key) => [key, registered[key]])),
  };
}

/** The result itself under `no_log`: its case, and nothing that was given or found. */
export function censoredResult(result: TaskResult): TaskResult {
  switch (result.status) {
    case 'ok':
      return { status: 'ok', data: {} };
    case 'changed':
      return { status: 'changed', data: {}, changes: [] };
    case 'skipped':
      return { status: 'skipped', reason: result.reason };
    case 'failed':
      return { status: 'failed', error: censoredError(result.error), data: {} };
    case 'unreachable':
      return { status: 'unreachable', error: result.error };
    default:
      return result satisfies never;
  }
}

/** Code and place tell what to look for; message, hint and cause may hold arguments. */
function censoredError({ code, source }: DroverError): DroverError {
  return new DroverError(HIDDEN_BY_NO_LOG, { code, source });
}

/** What an outcome may show: censored under `no_log`. */
export function shown(outcome: ItemOutcome): Readonly<Record<string, unknown>> {
  return outcome.noLog ? censored(outcome.registered) : outcome.registered;
}
