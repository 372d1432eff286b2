/**
 * The contract of a module. A *resource* manages state: it observes, plans and applies, so that check mode, diff and
 * idempotence follow from its shape. An *action* does what is not state. One file exports one definition.
 */
import type * as z from 'zod';
import type { Change, Effect, Facts, ResultData } from '../core/results.ts';
import type { Value } from '../core/values.ts';
import type { Observed, Probes } from '../target/probe.ts';
import type { Target } from '../target/target.ts';
import type { Controller } from './controller.ts';

interface ModuleBase<Params> {
  /** Short name, e.g. `copy`. */
  readonly name: string;
  /** Collection of the full name `ansible.builtin.copy`; default `ansible.builtin`. */
  readonly collection?: string;
  /** Other names that playbooks use, e.g. `systemd_service`, `community.general.docker_container`. */
  readonly aliases?: readonly string[];
  /** One sentence for `drover doc` and editors. */
  readonly summary: string;
  readonly description?: string;
  /** The single source for validation, docs and editor schemas; every parameter has a description. Made with `params.ts`. */
  readonly params: z.ZodType<Params>;
  /** The parameter that takes the text of the short form (`command: ls /tmp`). Without it only `key=value` pairs are taken. */
  readonly freeForm?: string;
  /** Parameters handed over unevaluated because they hold bare expressions (`that`, `var`). */
  readonly expressions?: readonly string[];
  /** Task lists in YAML, each valid by itself; a test parses every one. */
  readonly examples: readonly string[];
  /** Return keys beyond `changed`, `failed` and `msg`, each with one sentence. */
  readonly returns?: Readonly<Record<string, string>>;
}

/**
 * `Params` as the playbook wrote them, validated; `Input` what the controller made of them (`prepare`): files read,
 * templates rendered; `State` what the host answered.
 */
export interface ResourceModule<
  Params,
  Input,
  Ps extends Probes,
  More extends Probes,
  Operation,
  Answers = unknown,
> extends ModuleBase<Params> {
  readonly kind: 'resource';
  /** Work on the controller before the host is asked: find and read a source file, render a template. */
  prepare?(params: Params, controller: Controller): Promise<Input> | Input;
  /** Read-only questions; those of all items of a loop travel in one round trip. */
  observe(input: Input): Ps;
  /** Questions that depend on the first answers; undefined when there are none. Costs a second round trip. */
  observeMore?(input: Input, state: Observed<Ps>): More | undefined;
  /**
   * Read-only questions that no script can ask: to an HTTP API reached through the target (`connect`, `connectUnix`).
   * Asked after the probes; the answers join the state that `plan` sees, so that `plan` stays pure.
   */
  observeWith?(
    target: Target,
    input: Input,
    state: Observed<Ps> & Partial<Observed<More>>,
    context: ObserveContext,
  ): Promise<Answers>;
  /**
   * The changes that lead from `state` to what is asked; empty when nothing is to do. Pure.
   * @throws ModuleError when what is asked cannot be done (then nothing is applied).
   */
  plan(
    input: Input,
    state: Observed<Ps> & Partial<Observed<More>> & Answers,
    context: PlanContext,
  ): readonly Change<Operation>[];
  /** Makes the planned changes, all of them, in as few round trips as the job allows (one, mostly). Returns extra return keys. */
  apply(
    changes: readonly Change<Operation>[],
    target: Target,
    input: Input,
    context: ApplyContext,
  ): Promise<ResultData | undefined> | Promise<void>;
  /** Return keys that are known before `apply`, the same in check mode. Pure. */
  result?(
    input: Input,
    state: Observed<Ps> & Partial<Observed<More>> & Answers,
    changes: readonly Change<Operation>[],
  ): ResultData;
  /**
   * Waits, with a time limit, until what was asked has come true (a container is healthy, a host is active), also when
   * nothing had to change. Read-only, never in check mode. Returns extra return keys.
   * @throws ModuleError that says what state was last seen.
   */
  settle?(target: Target, input: Input, context: ApplyContext): Promise<ResultData | undefined>;
}

export interface ObserveContext {
  readonly controller: Controller;
  readonly checkMode: boolean;
  readonly signal: AbortSignal;
}

export interface PlanContext {
  readonly checkMode: boolean;
  /** Gathered facts of the host, without the `ansible_` prefix; empty when nobody gathered. */
  readonly facts: Facts;
}

export interface ApplyContext {
  readonly controller: Controller;
  readonly signal: AbortSignal;
}

export interface ActionModule<Params> extends ModuleBase<Params> {
  readonly kind: 'action';
  /**
   * What check mode does: `run` it all the same (it changes nothing), `skip` it visibly, or `predict`: `run` looks at
   * `context.checkMode` itself.
   */
  readonly checkMode: 'run' | 'skip' | 'predict';
  /** Runs for the first host of a batch only, and its result holds for all (`pause`, `add_host`). */
  readonly oncePerBatch?: boolean;
  /** `controller`: needs no connection to the host (`debug`, `set_fact`). Default `host`. */
  readonly runsOn?: 'host' | 'controller';
  /**
   * What `async` starts on the host and leaves to itself, so that it outlives the connection. Without it drover follows
   * the work to its end, beside the tasks that come next.
   */
  detached?(params: Params): HostJob;
  /** @throws ModuleError when it fails; its `data` becomes return keys. */
  run(context: ActionContext, params: Params): Promise<ActionOutcome> | ActionOutcome;
}

/** A program that a host runs on its own. */
export interface HostJob {
  /** POSIX `sh`; sees `args` as `$1…`. */
  readonly script: string;
  readonly args: readonly string[];
  readonly stdin: string | undefined;
  /** Kept beside the job: what it takes to tell the outcome later, perhaps in another run. */
  readonly memo: string;
}

export interface ActionContext {
  readonly target: Target;
  readonly controller: Controller;
  readonly checkMode: boolean;
  readonly facts: Facts;
  readonly signal: AbortSignal;
}

export interface ActionOutcome {
  readonly changed: boolean;
  readonly data?: ResultData;
  /** For `--diff`; `before`/`after` as in `Change`. */
  readonly changes?: readonly Change[];
  readonly effects?: readonly Effect[];
  /** The reason, when the action had nothing to do for this host: the task counts as skipped. `changed` is then false. */
  readonly skipped?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds modules of every parameter type; each call goes through the module's own schema.
export type AnyResource = ResourceModule<any, any, any, any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type Module = AnyResource | ActionModule<any>;

/** A module that manages state. Types flow from `params` through `observe` and `plan` to `apply`. */
export function defineResource<
  Params,
  Input = Params,
  Ps extends Probes = Probes,
  More extends Probes = Probes,
  Operation = unknown,
  Answers = unknown,
>(
  definition: Omit<ResourceModule<Params, Input, Ps, More, Operation, Answers>, 'kind'>,
): ResourceModule<Params, Input, Ps, More, Operation, Answers> {
  return { kind: 'resource', ...definition };
}

export function defineAction<Params>(
  definition: Omit<ActionModule<Params>, 'kind'>,
): ActionModule<Params> {
  return { kind: 'action', ...definition };
}

/** Arguments after templating, before the schema: a dict of `Value`s. */
export type RawArguments = ReadonlyMap<string, Value>;
