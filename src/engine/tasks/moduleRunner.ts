/** Runs a module on a target: a resource is observed, planned and applied; an action runs. */
import type { Change, Effect, Facts, ResultData, TaskResult } from '../../core/results.ts';
import { fromPlain, isDict, type Value } from '../../core/values.ts';
import type { Controller } from '../../modules/controller.ts';
import type { ActionModule, ActionOutcome, AnyResource, Module } from '../../modules/module.ts';
import type { Observed, Probes } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';

/** Where and how a module runs. */
export interface ModuleCall {
  readonly target: Target;
  readonly controller: Controller;
  readonly checkMode: boolean;
  readonly facts: Facts;
  readonly signal: AbortSignal;
}

/** What a resource is going to ask the host. */
export interface Observation {
  readonly input: unknown;
  readonly probes: Probes;
}

/** The same call, what it asks of the host ending when `signal` aborts. */
export function endingWith(call: ModuleCall, signal: AbortSignal): ModuleCall {
  return { ...call, target: call.target.endingWith(signal), signal };
}

/** A module with what it is going to ask, when that is known already. */
export interface ReadyModule {
  readonly module: Module;
  readonly params: unknown;
  readonly observation: Observation | undefined;
}

/** @param state the answers to the observation's probes, when somebody asked before. */
export async function runModule(
  { module, params, observation }: ReadyModule,
  call: ModuleCall,
  state?: Observed<Probes>,
): Promise<TaskResult> {
  if (module.kind === 'action') return runAction(module, params, call);
  const observed = observation ?? (await prepareResource(module, params, call.controller));
  return runResource(module, observed, call, state);
}

export async function prepareResource(
  module: AnyResource,
  params: unknown,
  controller: Controller,
): Promise<Observation> {
  const input: unknown =
    module.prepare === undefined ? params : await module.prepare(params, controller);
  return { input, probes: module.observe(input) };
}

/** @param state the answers to the observation's probes; asked for here when nobody did before. */
export async function runResource(
  module: AnyResource,
  { input, probes }: Observation,
  call: ModuleCall,
  state?: Observed<Probes>,
): Promise<TaskResult> {
  const { target, controller, checkMode, facts, signal } = call;
  const known = await observed(module, { input, probes }, call, state);
  const changes = module.plan(input, known, { checkMode, facts });
  const planned = module.result?.(input, known, changes) ?? {};
  if (checkMode) return resourceResult(changes, planned);
  const context = { controller, signal };
  const applied = changes.length === 0 ? {} : await module.apply(changes, target, input, context);
  const settled = await module.settle?.(target, input, context);
  return resourceResult(changes, { ...planned, ...applied, ...settled });
}

function resourceResult(changes: readonly Change[], data: ResultData): TaskResult {
  const effects = factEffects(data);
  return changes.every(({ isNote }) => isNote)
    ? { status: 'ok', data, ...effects }
    : { status: 'changed', data, changes, ...effects };
}

/** Facts that a resource returns are facts of the host from then on. */
function factEffects({ ansible_facts: facts }: ResultData): { effects?: readonly Effect[] } {
  const value = facts === undefined ? undefined : fromPlain(facts);
  if (value === undefined || !isDict(value)) return {};
  const named = [...value].map(([name, fact]): [string, Value] => [String(name), fact]);
  return { effects: [{ type: 'hostFacts', facts: new Map(named) }] };
}

/** The whole state that `plan` sees. */
async function observed(
  module: AnyResource,
  { input, probes }: Observation,
  { target, controller, checkMode, signal }: ModuleCall,
  state: Observed<Probes> | undefined,
): Promise<object> {
  const first = state ?? (await target.observe(probes));
  const more = module.observeMore?.(input, first);
  const known = more === undefined ? first : { ...first, ...(await target.observe(more)) };
  const context = { controller, checkMode, signal };
  const answers: unknown = await module.observeWith?.(target, input, known, context);
  return typeof answers === 'object' && answers !== null ? { ...known, ...answers } : known;
}

async function runAction<Params>(
  module: ActionModule<Params>,
  params: Params,
  call: ModuleCall,
): Promise<TaskResult> {
  if (call.checkMode && module.checkMode === 'skip') {
    return { status: 'skipped', reason: `${module.name} is skipped in check mode` };
  }
  return actionResult(await module.run(call, params));
}

/** What an action came to, as the result of a task. */
export function actionResult(outcome: ActionOutcome): TaskResult {
  const data = outcome.data ?? {};
  const effects = outcome.effects ?? [];
  if (outcome.changed) {
    return { status: 'changed', data, changes: outcome.changes ?? [], effects };
  }
  if (outcome.skipped !== undefined) return { status: 'skipped', reason: outcome.skipped, data };
  return { status: 'ok', data, effects };
}
