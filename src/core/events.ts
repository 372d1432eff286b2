/**
 * The typed stream of a run. The engine emits it (already redacted), reporters and run records only read it.
 * It is the programming interface for every kind of output.
 */
import type { Warning } from './errors.ts';
import type { Diff, TaskResult } from './results.ts';
import type { Source } from './source.ts';

export interface PlayRef {
  /** Unique in this run. */
  readonly id: string;
  readonly name: string;
  readonly source: Source;
}

export interface TaskRef {
  /** Unique in this run; the same task of a role used twice has two ids. */
  readonly id: string;
  /** Templated once for the banner; a task without a name shows its module. */
  readonly name: string;
  readonly role?: string;
  readonly module: string;
  readonly kind: 'task' | 'handler';
  readonly source: Source;
}

export interface HostTask {
  readonly task: TaskRef;
  readonly host: string;
  /** The host that did the work, when `delegate_to` named another. */
  readonly delegatedTo?: string;
}

/** A finished task or item: `result` is what was shown; `ignored` when a failure did not stop the host. */
export interface Outcome {
  readonly result: TaskResult;
  /** The result as `register` sees it: JSON-like, with `changed`, `failed`, `msg`, …; censored under `no_log`. */
  readonly registered: Readonly<Record<string, unknown>>;
  readonly ignored: boolean;
  readonly diffs: readonly Diff[];
  readonly startedAt: Date;
  readonly durationMs: number;
}

export interface HostStats {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
}

export type RunEvent =
  | {
      readonly type: 'runStarted';
      readonly playbooks: readonly string[];
      readonly checkMode: boolean;
    }
  | {
      readonly type: 'playbookStarted';
      /** As it was named. */
      readonly file: string;
      readonly plays: number;
    }
  | { readonly type: 'playStarted'; readonly play: PlayRef; readonly hosts: readonly string[] }
  | { readonly type: 'noHostsMatched'; readonly play: PlayRef }
  | { readonly type: 'noHostsLeft'; readonly play: PlayRef }
  | { readonly type: 'taskStarted'; readonly task: TaskRef; readonly checkMode: boolean }
  | ({ readonly type: 'hostStarted' } & HostTask)
  | ({ readonly type: 'itemFinished'; readonly label: unknown } & HostTask & Outcome)
  | ({ readonly type: 'hostFinished'; readonly isLoop: boolean } & HostTask & Outcome)
  | ({
      readonly type: 'retrying';
      readonly attempt: number;
      readonly retriesLeft: number;
      readonly registered: Readonly<Record<string, unknown>>;
    } & HostTask)
  | {
      readonly type: 'included';
      readonly task: TaskRef;
      readonly file: string;
      readonly hosts: readonly string[];
      readonly label?: unknown;
    }
  | { readonly type: 'notified'; readonly host: string; readonly handler: string }
  | {
      /** A `meta` task of the playbook is carried out; one that is for all hosts is told for the first. */
      readonly type: 'meta';
      readonly task: TaskRef;
      readonly action: string;
      readonly host: string;
    }
  | {
      readonly type: 'waiting';
      readonly task: TaskRef;
      readonly hosts: readonly string[];
      readonly elapsedMs: number;
    }
  | {
      readonly type: 'message';
      readonly level: 'info' | 'verbose' | 'debug';
      readonly text: string;
      readonly host?: string;
    }
  | { readonly type: 'warning'; readonly warning: Warning }
  | {
      readonly type: 'recap';
      readonly hosts: Readonly<Record<string, HostStats>>;
      readonly customStats: Readonly<Record<string, unknown>>;
      readonly durationMs: number;
    };

export type Emit = (event: RunEvent) => void;
