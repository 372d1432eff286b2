/** What a module may ask of the machine that drover runs on, and of the run. The engine implements it for each task. */
import type { Value } from '../core/values.ts';

/** Which folder of a role or playbook a file is looked for in. */
export type FileKind = 'files' | 'templates' | 'vars' | 'tasks';

export interface Controller {
  /** Inventory name of the host the task is for (not the delegate). */
  readonly host: string;
  /** What the task's `delegate_to` names, also when that is `host` itself. */
  readonly delegate?: string | undefined;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  /** `-v` count. */
  readonly verbosity: number;
  /** Directory of the playbook. */
  readonly playbookDir: string;

  /** A variable of the task, evaluated; undefined when nothing defines it. */
  variable(name: string): Value | undefined;
  /** The value of a bare expression, e.g. `result.rc == 0`. @throws TemplateError */
  evaluate(expression: string): Value;
  /** The value of a text with `{{ }}` in it. @throws TemplateError */
  template(text: string): Value;
  /** Whether a condition, as `when` takes it, holds. @throws TemplateError */
  condition(condition: Value): boolean;
  /**
   * Renders a template file found by `findFile`.
   * `variables` are added for this rendering (`template_path`, …).
   */
  renderFile(path: string, options?: RenderOptions): Promise<string>;

  /**
   * The absolute path of a file that a task names, by the search order of roles and playbooks for that kind.
   * @throws ModuleError that lists the places searched.
   */
  findFile(kind: FileKind, name: string): Promise<string>;
  /** A file of the controller; a vaulted one comes decrypted. */
  readFile(path: string): Promise<Buffer>;
  /** The variables of a YAML or JSON file, as `include_vars` reads them; templates in them stay lazy. */
  loadVariables(path: string): Promise<ReadonlyMap<string, unknown>>;

  /** Asks the user; undefined when there is no terminal. @throws DroverError when the user aborts. */
  prompt(text: string, options: PromptOptions): Promise<string | undefined>;
  /** A line for the log at `-v` (1) and above. */
  log(text: string, verbosity: number): void;
  warn(message: string, hint?: string): void;
  deprecate(message: string, hint?: string): void;

  /** Marks a value that must be blanked in everything this run prints. */
  addSecret(text: string): void;
  now(): Date;
  /** @throws when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Environment of the drover process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface PromptOptions {
  /** Whether what is typed is shown. */
  readonly echo: boolean;
  /** Ends by itself after so long, and not before; the answer is empty then. */
  readonly waitMs?: number;
  /** Ctrl-C asks whether to go on or to abort, instead of ending the run. */
  readonly mayAbort?: boolean;
  readonly signal?: AbortSignal;
}

export interface RenderOptions {
  readonly variables?: ReadonlyMap<string, Value>;
  /** Options of the `template` module, e.g. `trim_blocks`, `block_start_string`. */
  readonly syntax?: Readonly<Record<string, string | boolean>>;
}
