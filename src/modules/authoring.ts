/**
 * What a module of a project is written with (`import { defineAction, text, z } from 'drover'`): the contract, the kinds
 * of parameters, and the error that makes a task fail.
 */
export { z } from 'zod';
export { ModuleError } from '../core/errors.ts';
export type { Change, Diff, Effect, Facts, ResultData } from '../core/results.ts';
export { fromPlain, toPlain, type Value } from '../core/values.ts';
export type { Observed, Probe, ProbeOutput, Probes } from '../target/probe.ts';
export type { ShellOptions, ShellResult, Target, WriteOptions } from '../target/target.ts';
export type { Controller } from './controller.ts';
export {
  type ActionContext,
  type ActionModule,
  type ActionOutcome,
  type ApplyContext,
  defineAction,
  defineResource,
  type Module,
  type PlanContext,
  type ResourceModule,
} from './module.ts';
export {
  anyValue,
  boolean,
  dict,
  fileAttributes,
  fileMode,
  float,
  integer,
  list,
  object,
  path,
  plain,
  seconds,
  text,
} from './params.ts';
export { script } from './script.ts';
