/** One task on one host: what goes in and what comes out. */
import type { TaskRef } from '../../core/events.ts';
import type { Effect, ResultData, TaskResult } from '../../core/results.ts';
import type { Play, Task } from '../../playbook/model.ts';
import type { PlayVariables } from '../../vars/runVariables.ts';
import type { Layer } from '../../vars/scope.ts';
import type { IncludeRequest } from '../includes/includes.ts';
import type { Handlers } from '../plays/handlers.ts';

export interface TaskJob {
  readonly play: Play;
  readonly variables: PlayVariables;
  readonly task: Task;
  readonly ref: TaskRef;
  readonly host: string;
  /** The play's handlers; an included role adds its own. */
  readonly handlers: Handlers;
  /** Variables of the dynamic includes around the task, innermost first. */
  readonly frames: readonly Layer[];
}

/** What one item, or a task without a loop, came to. */
export interface ItemOutcome {
  readonly result: TaskResult;
  readonly registered: ResultData;
  readonly effects: readonly Effect[];
  readonly delegatedTo: string | undefined;
  readonly noLog: boolean;
  readonly showsDiff: boolean;
  readonly include?: IncludeRequest;
}

export interface TaskOutcome {
  readonly result: TaskResult;
  readonly registered: ResultData;
  /** A failure that `ignore_errors` or `ignore_unreachable` lets pass. */
  readonly isIgnored: boolean;
  readonly effects: readonly Effect[];
  readonly includes: readonly IncludeRequest[];
  readonly delegatedTo: string | undefined;
}
