/** What goes into running one item of a task, and what is known of it before its module runs. */
import type { BecomeSettings, ConnectionSettings } from '../../connection/transport.ts';
import type { Value } from '../../core/values.ts';
import type { Controller } from '../../modules/controller.ts';
import type { Module } from '../../modules/module.ts';
import type { Target } from '../../target/target.ts';
import type { TemplateEngine } from '../../template/template.ts';
import type { TaskScope } from '../../vars/scope.ts';
import type { ConnectionDefaults } from './connectionSettings.ts';
import type { KeywordReader } from './keywordReader.ts';
import type { ModuleCall, Observation } from './moduleRunner.ts';
import type { ItemOutcome, TaskJob } from './taskJob.ts';

/** What the engine needs of the world to run a module. */
export interface ItemServices {
  readonly templates: TemplateEngine;
  /** @throws LoadError for an unknown module, at the task's place. */
  readonly module: (name: string, job: TaskJob) => Promise<Module>;
  /** The same target for the same settings, so that the items of a loop share their round trips. */
  readonly openTarget: OpenTarget;
  readonly controller: (
    job: TaskJob,
    scope: TaskScope,
    modes: Modes & { readonly delegate: string | undefined },
  ) => Controller;
  readonly connectionDefaults: ConnectionDefaults;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly signal: AbortSignal;
  readonly onRetry: (job: TaskJob, retry: Retry) => void;
  /** Keeps the run alive until work that goes on beside the play is through. */
  readonly follow: (work: Promise<void>) => void;
  readonly taskDefaults: TaskDefaults;
}

/** Settings that hold where a task says nothing. */
export interface TaskDefaults {
  /** Seconds that a task may take; 0 is without end. */
  readonly timeoutSeconds: number;
  /** Seconds between looks at an asynchronous task. */
  readonly pollSeconds: number;
}

export type OpenTarget = (
  connection: ConnectionSettings,
  become: BecomeSettings | undefined,
  environment: Readonly<Record<string, string>>,
) => Promise<Target>;

export interface Modes {
  readonly checkMode: boolean;
  readonly diffMode: boolean;
}

export interface Retry {
  readonly attempt: number;
  readonly retriesLeft: number;
  readonly registered: Readonly<Record<string, unknown>>;
  readonly delegatedTo: string | undefined;
}

/** An iteration: its variables and the label that output shows. */
export interface Iteration {
  readonly variables: ReadonlyMap<string, Value>;
  readonly label: Value | undefined;
  /** Facts that earlier iterations set; they win over all other variables. */
  readonly learned?: ReadonlyMap<string, Value>;
}

/** An item whose module is ready to run; or one that is decided without. */
export type PreparedItem = { readonly kind: 'decided'; readonly outcome: ItemOutcome } | ReadyItem;

export interface ReadyItem {
  readonly kind: 'ready';
  readonly iteration: Iteration;
  readonly scope: TaskScope;
  readonly reader: KeywordReader;
  readonly module: Module;
  readonly params: unknown;
  readonly call: ModuleCall;
  readonly observation: Observation | undefined;
  readonly delegatedTo: string | undefined;
  readonly modes: Modes;
}
