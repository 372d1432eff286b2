/**
 * Runs a module as the engine does. `converge` also proves the contract of a resource: what check mode predicts is what
 * happens, and a second run has nothing left to do.
 */
import { expect } from 'vitest';
import type { Change, ResultData } from '../../../src/core/results.ts';
import { fromPlain, type Value } from '../../../src/core/values.ts';
import {
  prepareResource,
  runResource as runAsEngine,
} from '../../../src/engine/tasks/moduleRunner.ts';
import { validateArguments, withFreeForm } from '../../../src/modules/arguments.ts';
import type { Controller } from '../../../src/modules/controller.ts';
import type {
  ActionModule,
  ActionOutcome,
  AnyResource,
  Module,
} from '../../../src/modules/module.ts';
import type { Target } from '../../../src/target/target.ts';
import { CountedTarget, RoundTrips } from '../../support/countedTarget.ts';
import { costOf } from '../../support/roundTripCosts.ts';
import { isTimeKey } from '../../support/timeKeys.ts';
import { testController } from './testController.ts';

export interface Setting {
  readonly target: Target;
  readonly controller?: Controller;
}

export interface Outcome {
  readonly changed: boolean;
  readonly data: ResultData;
  readonly changes: readonly Change[];
  /** Check mode passed over it. */
  readonly isSkipped?: boolean;
}

export function paramsOf(module: Module, args: unknown): unknown {
  if (typeof args === 'string') {
    return validateArguments(module, withFreeForm(module, new Map(), args));
  }
  const value = fromPlain(args);
  if (!(value instanceof Map)) throw new Error('arguments are a dict or a text');
  return validateArguments(module, new Map([...value] as [string, Value][]));
}

export async function runResource(
  module: AnyResource,
  args: unknown,
  { target, controller = testController() }: Setting,
): Promise<Outcome> {
  const observation = await prepareResource(module, paramsOf(module, args), controller);
  const { signal } = new AbortController();
  const { checkMode } = controller;
  const trips = new RoundTrips();
  const counted = new CountedTarget(target, trips);
  const call = { target: counted, controller, checkMode, facts: new Map(), signal };
  // Notes are carried out by a task that has not changed.
  let isApplied = false;
  const watched: AnyResource = {
    ...module,
    apply(...given) {
      isApplied = true;
      return module.apply(...given);
    },
  };
  const result = await runAsEngine(watched, observation, call);
  if (result.status !== 'ok' && result.status !== 'changed') throw new Error(result.status);
  const { converged, changed } = costOf(module.name);
  const allowed = isApplied ? changed : converged;
  expect(trips.count, `round trips of ${module.name}`).toBeLessThanOrEqual(allowed);
  const changes = result.status === 'changed' ? result.changes : [];
  return { changed: result.status === 'changed', data: result.data, changes };
}

/** Runs in check mode, for real, and again. Gives the real outcome. */
export async function converge(
  module: AnyResource,
  args: unknown,
  setting: Setting,
): Promise<Outcome> {
  const { controller = testController() } = setting;
  const checking = { ...setting, controller: { ...controller, checkMode: true } };
  const predicted = await runResource(module, args, checking);
  const real = await runResource(module, args, setting);
  const again = await runResource(module, args, setting);
  expect(real.changed).toBe(predicted.changed);
  expect(real.changes.map(shown)).toEqual(predicted.changes.map(shown));
  expect(real.data).toMatchObject(timeless(predicted.data));
  expect(again.changes).toEqual([]);
  expect(again.data).toMatchObject(lasting(predicted.data));
  return real;
}

/** What a user sees of a change; the instruction for `apply` may name temporary files. */
function shown({ operation: _operation, ...change }: Change) {
  return change;
}

function timeless(data: ResultData): ResultData {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !isTimeKey(key)));
}

/** Return keys that speak of the state, not of what was done to it. */
function lasting(data: ResultData): ResultData {
  const STATE_KEYS = ['path', 'dest', 'owner', 'group', 'uid', 'gid', 'mode', 'size', 'state'];
  return Object.fromEntries(Object.entries(data).filter(([key]) => STATE_KEYS.includes(key)));
}

export async function runAction<Params>(
  module: ActionModule<Params>,
  args: unknown,
  { target, controller = testController() }: Setting,
): Promise<ActionOutcome> {
  const { signal } = new AbortController();
  const { checkMode } = controller;
  const context = { target, controller, checkMode, facts: new Map(), signal };
  return module.run(context, paramsOf(module, args) as Params);
}

/** Either kind. An action makes the same promise: in check mode it tells what it would do, unless it is skipped. */
export async function runModule(module: Module, args: unknown, setting: Setting): Promise<Outcome> {
  if (module.kind === 'resource') return runResource(module, args, setting);
  const isSkipped = setting.controller?.checkMode === true && module.checkMode === 'skip';
  if (isSkipped) return { changed: false, data: {}, changes: [], isSkipped };
  const { changed, data = {}, changes = [] } = await runAction(module, args, setting);
  return { changed, data, changes };
}
