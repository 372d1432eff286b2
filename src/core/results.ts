/** What a task did on one host. The engine, the reporters and `register:` all read this one shape. */
import type { DroverError } from './errors.ts';

/** Return keys of a module as playbooks know them (`rc`, `stdout`, `dest`, …): JSON-like data. */
export type ResultData = Readonly<Record<string, unknown>>;

/** Before and after as `--diff` shows them: texts, or JSON-like data that is printed as JSON. */
export interface Diff {
  readonly before: unknown;
  readonly after: unknown;
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
}

/** One thing that a module will do, or did. `changed` and the diff of a task *are* its list of changes, but for notes. */
export interface Change<Operation = unknown> {
  /** What changes, as a user names it: a path, a package, `container web: image`. */
  readonly what: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Set when `before` and `after` are too short for `--diff`, e.g. whole texts with headers. */
  readonly diff?: Diff;
  /** Book-keeping of the host's own that Ansible does in silence: carried out, and alone no reason to call the task changed. */
  readonly isNote?: true;
  /** The module's own instruction for `apply`. */
  readonly operation: Operation;
}

export type TaskResult =
  | { readonly status: 'ok'; readonly data: ResultData; readonly effects?: readonly Effect[] }
  | {
      readonly status: 'changed';
      readonly data: ResultData;
      readonly changes: readonly Change[];
      readonly effects?: readonly Effect[];
    }
  | { readonly status: 'skipped'; readonly reason: string; readonly data?: ResultData }
  | { readonly status: 'failed'; readonly error: DroverError; readonly data: ResultData }
  | { readonly status: 'unreachable'; readonly error: DroverError };

/** What an action asks of the run itself; the engine carries it out after the task. Values are `Value`s as in `values.ts`. */
export type Effect =
  | { readonly type: 'setFacts'; readonly facts: Facts; readonly cacheable: boolean }
  | { readonly type: 'hostFacts'; readonly facts: Facts }
  | {
      readonly type: 'includeVars';
      /** As `Controller.loadVariables` gave them: templates in them stay lazy. */
      readonly variables: ReadonlyMap<string, unknown>;
      /** The variables become one dict of this name. */
      readonly name?: string | undefined;
      /** Dicts are merged into what the host knows by the same names, instead of replacing it. */
      readonly merge?: boolean | undefined;
    }
  | {
      readonly type: 'addHost';
      readonly host: string;
      readonly groups: readonly string[];
      readonly variables: Facts;
    }
  | { readonly type: 'addToGroup'; readonly group: string; readonly parents: readonly string[] }
  | {
      readonly type: 'setStats';
      readonly stats: Facts;
      readonly perHost: boolean;
      readonly aggregate: boolean;
    };

export type Facts = ReadonlyMap<string, import('./values.ts').Value>;
