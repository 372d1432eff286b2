/** What the modules of small package managers share: a state, steps that become changes, and the commands that do the work. */

import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change, ResultData } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { script } from '../script.ts';
import { type CommandOutput, commandOutput, linesOf, sectionsOf } from '../scriptOutput.ts';
import { MANAGER_SHELL } from './managerShell.ts';

/** A package that changes; a version is undefined where the package is absent. */
export interface ManagerStep {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface ManagerState {
  readonly hasTool: boolean;
  /** Specs that the task has to see to; the others are met. */
  readonly pending: readonly string[];
  /** What the manager would do. */
  readonly simulation: CommandOutput | undefined;
  readonly refresh: CommandOutput | undefined;
  /** The refresh brought something new. */
  readonly wasRenewed: boolean;
  readonly sections: ReadonlyMap<string, string>;
}

/** Every command of a task; the words of each. */
export type Commands = readonly (readonly string[])[];
export type ManagerChange = Change<Commands>;

/** `present`, `installed`, … as one of three. */
export const packageState = () =>
  z
    .enum(['present', 'installed', 'absent', 'removed', 'latest'])
    .default('present')
    .transform((state) =>
      state === 'installed' ? 'present' : state === 'removed' ? 'absent' : state,
    )
    .describe('`latest` also upgrades.');

export function managerProbe(observe: string, args: readonly string[]): Probe<ManagerState> {
  return {
    script: observe,
    args,
    parse({ rc, stdout, stderr }) {
      if (rc !== 0) throw new ModuleError(`the package script failed: ${stderr.toString().trim()}`);
      return managerStateOf(stdout.toString());
    },
  };
}

export function managerStateOf(output: string): ManagerState {
  const sections = sectionsOf(output);
  return {
    hasTool: !sections.has('missing'),
    pending: linesOf(sections.get('pending')),
    simulation: commandOutput(sections, 'simulation'),
    refresh: commandOutput(sections, 'refresh'),
    wasRenewed: sections.has('renewed'),
    sections,
  };
}

/** @throws ModuleError when the tool is missing or says no. */
export function checkManager(tool: string, { hasTool, refresh, simulation }: ManagerState): void {
  if (!hasTool) {
    throw new ModuleError(`${tool} is not on this host`, {
      code: 'DROVER_TOOL_MISSING',
      hint: 'use "package" to take whatever manager the host has',
    });
  }
  if (refresh !== undefined && refresh.rc !== 0) {
    throw managerError(`${tool} could not refresh its index`, refresh);
  }
  checkSimulation(tool, simulation);
}

/** @throws ModuleError when the tool would not do it. */
export function checkSimulation(tool: string, simulation: CommandOutput | undefined): void {
  if (simulation === undefined || simulation.rc === 0) return;
  throw managerError(`${tool} cannot do this`, simulation);
}

export function managerError(what: string, output: CommandOutput): ModuleError {
  const text = output.stderr.trim() === '' ? output.stdout : output.stderr;
  const errors = text.match(/^ *(?:error|ERROR)[^\n]*(?:\n {2,}[^\n]*)*/gim) ?? [text];
  return new ModuleError(`${what}: ${errors.join('; ').trim()}`, { data: { ...output } });
}

export function stepChange({ name, from, to }: ManagerStep, commands: Commands): ManagerChange {
  return {
    what: `package ${name}`,
    before: from ?? 'absent',
    after: to ?? 'absent',
    operation: commands,
  };
}

/** What the refresh, which has happened already, brought: a change of its own when nothing else is asked for. */
export function indexChange(): ManagerChange {
  return { what: 'package index', before: 'old', after: 'renewed', operation: [] };
}

/** Names of the packages in a plan, for the return key `packages`. */
export function changedPackages(changes: readonly ManagerChange[]): string[] {
  const PREFIX = 'package ';
  const named = changes.filter(({ operation }) => operation.length > 0);
  return [...new Set(named.map(({ what }) => what.slice(PREFIX.length)))];
}

/** `WORD… ; WORD… ; …`: runs each command; stops at the first that fails. */
const APPLY = script`
${MANAGER_SHELL}
export DEBIAN_FRONTEND=noninteractive
each run "$@"
exit 0
`;

/**
 * @param taken exit codes that count as success too
 * @throws ModuleError with the output of the command that failed.
 */
export async function applyCommands(
  changes: readonly ManagerChange[],
  target: Target,
  tool: string,
  taken: readonly number[] = [],
): Promise<ResultData | undefined> {
  const commands = changes.find(({ operation }) => operation.length > 0)?.operation ?? [];
  if (commands.length === 0) return undefined;
  const args = commands.flatMap((command) => [...command, ';']);
  const { rc, stdout, stderr } = await target.sh(APPLY, { args });
  if (rc !== 0) throw new ModuleError(`the package script failed: ${stderr.toString().trim()}`);
  const sections = sectionsOf(stdout.toString());
  const runs = commands.flatMap(
    (_each, index) => commandOutput(sections, `work${index + 1}`) ?? [],
  );
  const failed = runs.find((run) => run.rc !== 0 && !taken.includes(run.rc));
  if (failed !== undefined) throw managerError(`${tool} failed`, failed);
  return {
    stdout: runs.map((run) => run.stdout).join(''),
    stderr: runs.map((run) => run.stderr).join(''),
  };
}
