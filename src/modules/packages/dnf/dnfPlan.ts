/** The one engine behind `dnf` and `yum`: question, plan, work and return keys. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change, ResultData } from '../../../core/results.ts';
import type { Probe } from '../../../target/probe.ts';
import type { Target } from '../../../target/target.ts';
import { commandOutput, sectionsOf } from '../../scriptOutput.ts';
import { lockHolders } from '../lockHolders.ts';
import { isUnknownToDnf, lockedBy, noTool, rpmFailure } from './dnfErrors.ts';
import {
  listedPackages,
  type RpmState,
  type RpmStep,
  repositoryIds,
  rpmStateOf,
  rpmSteps,
} from './dnfOutput.ts';
import { packageSpecs, type RpmInput, rpmOperation, rpmOptions } from './dnfParams.ts';
import { RPM_APPLY, RPM_OBSERVE } from './dnfScripts.ts';

export interface RpmWork {
  /** The lines that `results` shows for it. */
  readonly lines: readonly string[];
  /** The commands of the whole task, as the script takes them. */
  readonly commands: readonly string[];
}
export type RpmChange = Change<RpmWork>;

export function observeRpm(input: RpmInput): { rpm: Probe<RpmState> } {
  const word = (isSet: boolean) => (isSet ? 'yes' : 'no');
  const args = [
    ...toolArguments(input),
    ...[rpmOperation(input), input.update_cache ? '--refresh' : 'no'],
    ...[word(input.update_only), word(input.autoremove), input.download_dir ?? ''],
    ...(input.list === undefined ? packageSpecs(input) : [input.list]),
  ];
  return {
    rpm: { script: RPM_OBSERVE, args, parse: ({ stdout }) => rpmStateOf(stdout.toString()) },
  };
}

/** The words that both scripts begin with. */
function toolArguments(input: RpmInput): string[] {
  const { use_backend, installroot, lock_timeout, disable_gpg_check } = input;
  const signatures = disable_gpg_check ? 'skip' : 'check';
  const options = rpmOptions(input);
  return [
    ...[use_backend, installroot, String(lock_timeout), signatures],
    ...[String(options.length), ...options],
  ];
}

/** @throws ModuleError when the package manager refuses. */
export function planRpm(input: RpmInput, state: RpmState): readonly RpmChange[] {
  if (!state.hasTool) throw noTool(input.use_backend);
  const [holder] = state.holders;
  if (holder !== undefined) throw lockedBy(holder, input.lock_timeout);
  const asked = [state.refresh, state.listing, state.repositories, ...state.simulations];
  const failed = asked.find((each) => each !== undefined && isFailure(each));
  if (failed === undefined) return plannedChanges(input, state);
  if (input.checkMode && isUnknownToDnf(failed)) return blindChanges(input, state);
  throw rpmFailure(failed);
}

/** `--assumeno` ends with 1 after it has shown what it would do. */
function isFailure({ rc, stdout }: { rc: number; stdout: string }): boolean {
  return rc !== 0 && !/^Transaction Summary/m.test(stdout) && !/^Nothing to do/m.test(stdout);
}

function plannedChanges(input: RpmInput, state: RpmState): RpmChange[] {
  const steps = state.simulations.flatMap(({ stdout }) => rpmSteps(stdout));
  const refused = input.allow_downgrade ? [] : steps.filter(({ kind }) => kind === 'downgrade');
  const isRefused = (spec: string) =>
    refused.some(({ name }) => ['-', ' ', '.'].some((end) => spec.startsWith(`${name}${end}`)));
  const pending = state.pending.filter(({ spec }) => !isRefused(spec));
  const commands = rpmCommands(input, { ...state, pending });
  const packages = pendingSteps(input, state, steps);
  const streams = leftStreams(input, state).map((name) => streamChange(name, state, commands));
  return [...packages.map((step) => stepChange(input, step, state, commands)), ...streams];
}

/** Modules whose packages go, so that no stream of theirs is to stay enabled. */
function leftStreams(input: RpmInput, { pending, streams }: CommandState): string[] {
  if (rpmOperation(input) !== 'remove') return [];
  const named = pending.flatMap(({ spec }) => /^@\s*([^:/]+)/.exec(spec)?.[1] ?? []);
  return [...new Set(named)].filter((name) => streams.has(name));
}

function streamChange(name: string, { streams }: RpmState, commands: readonly string[]): RpmChange {
  const operation = { lines: [`Module ${name} removed.`], commands };
  return { what: `module ${name}`, before: streams.get(name), after: 'absent', operation };
}

function pendingSteps(input: RpmInput, state: RpmState, steps: readonly RpmStep[]): RpmStep[] {
  const kept = steps.filter(({ kind }) => kind !== 'downgrade' || input.allow_downgrade);
  if (!input.download_only) return unique(kept);
  const isNeeded = ({ kind }: RpmStep) => kind !== 'remove';
  return unique(kept.filter((step) => isNeeded(step) && !state.downloaded.has(fileOf(step))));
}

function unique(steps: readonly RpmStep[]): RpmStep[] {
  return [
    ...new Map(steps.map((step) => [`${step.kind} ${step.name}.${step.arch}`, step])).values(),
  ];
}

function fileOf({ name, version, arch }: RpmStep): string {
  return `${name}-${version.replace(/^\d+:/, '')}.${arch}.rpm`;
}

function stepChange(
  { download_only }: RpmInput,
  step: RpmStep,
  { installed }: RpmState,
  commands: readonly string[],
): RpmChange {
  const { kind, name, arch, version } = step;
  const present = installed.find((each) => each.name === name && each.arch === arch)?.version;
  const isGone = kind === 'remove';
  const line = (deed: string, which: string) => `${deed}: ${name}-${which}.${arch}`;
  const arrival = line(download_only ? 'Downloaded' : 'Installed', version);
  const isReplaced = present !== undefined && !download_only && kind !== 'install';
  const lines = isGone
    ? [line('Removed', version)]
    : [arrival, ...(isReplaced ? [line('Removed', present)] : [])];
  return {
    what: `package ${name}`,
    before: isGone ? version : (present ?? 'absent'),
    after: isGone ? 'absent' : version,
    operation: { lines, commands },
  };
}

/** In check mode an earlier task of the run may bring the repository. */
function blindChanges(input: RpmInput, state: RpmState): RpmChange[] {
  const commands = rpmCommands(input, state);
  return state.pending.map(({ spec }) => ({
    what: `package ${spec}`,
    before: 'not available yet',
    after: input.state ?? 'present',
    operation: { lines: [`Installed: ${spec}`], commands },
  }));
}

type CommandState = Pick<RpmState, 'pending' | 'streams'>;

/** The commands that do the planned work, as the script takes them. */
export function rpmCommands(input: RpmInput, state: CommandState): string[] {
  const download = downloadOptions(input);
  const specs = (isInstalled: boolean) =>
    state.pending.filter((each) => each.isInstalled === isInstalled).map(({ spec }) => spec);
  const all = state.pending.map(({ spec }) => spec);
  switch (rpmOperation(input)) {
    case 'install':
      return ['install', ...download, ...all];
    case 'remove':
      return removalCommands(input, state);
    case 'autoremove':
      return ['autoremove'];
    case 'latest': {
      const isAll = all.length === 1 && all[0] === '*';
      if (input.update_only || isAll) return ['upgrade', ...download, ...(isAll ? [] : all)];
      const first = specs(false).length === 0 ? [] : ['install', ...download, ...specs(false), ';'];
      return [
        ...first,
        ...(specs(true).length === 0 ? [] : ['upgrade', ...download, ...specs(true)]),
      ];
    }
    case 'list':
    case 'none':
      return [];
  }
}

function removalCommands(input: RpmInput, state: CommandState): string[] {
  const specs = state.pending.map(({ spec }) => spec);
  const streams = leftStreams(input, state);
  const commands = [
    ...(specs.length === 0 ? [] : [['remove', ...specs]]),
    ...(input.autoremove ? [['autoremove']] : []),
    ...(streams.length === 0 ? [] : [['module', 'reset', ...streams]]),
  ];
  return commands.flatMap((command, index) => (index === 0 ? command : [';', ...command]));
}

function downloadOptions({ download_only, download_dir }: RpmInput): string[] {
  if (!download_only) return [];
  return [
    '--downloadonly',
    ...(download_dir === undefined ? [] : [`--downloaddir=${download_dir}`]),
  ];
}

export async function applyRpm(
  changes: readonly RpmChange[],
  target: Target,
  input: RpmInput,
): Promise<ResultData> {
  const { rc, stdout, stderr } = await target.sh(RPM_APPLY, {
    args: [...toolArguments(input), ...(changes[0]?.operation.commands ?? [])],
  });
  if (rc !== 0) throw new ModuleError(`the package script failed: ${stderr.toString().trim()}`);
  const sections = sectionsOf(stdout.toString());
  const [holder] = lockHolders(sections);
  if (holder !== undefined) throw lockedBy(holder, input.lock_timeout);
  const runs = ['work1', 'work2', 'work3'].flatMap((name) => commandOutput(sections, name) ?? []);
  const failed = runs.find((run) => run.rc !== 0);
  if (failed !== undefined) throw rpmFailure(failed);
  return {
    stdout: runs.map((run) => run.stdout).join(''),
    stderr: runs.map((run) => run.stderr).join(''),
  };
}

/** Return keys, the same in check mode. */
export function rpmResult(
  input: RpmInput,
  state: RpmState,
  changes: readonly RpmChange[],
): ResultData {
  if (input.list !== undefined) return { msg: '', results: listResults(state) };
  const results = changes.flatMap(({ operation }) => operation.lines);
  const refreshed = state.refresh === undefined ? 'Nothing to do' : 'Cache updated';
  return { rc: 0, results, msg: results.length === 0 ? refreshed : '' };
}

function listResults({ listing, available, repositories }: RpmState) {
  if (repositories !== undefined) {
    return repositoryIds(repositories).map((repoid) => ({ repoid, state: 'enabled' }));
  }
  const of = (output: typeof listing) => (output === undefined ? [] : listedPackages(output));
  return [...of(listing), ...of(available)].map((each) => {
    const { name, epoch, version, release, arch, repo } = each;
    const isInstalled = /^@|^$/.test(repo);
    return {
      ...each,
      nevra: `${epoch}:${name}-${version}-${release}.${arch}`,
      envra: `${epoch}:${name}-${version}-${release}.${arch}`,
      yumstate: isInstalled ? 'installed' : 'available',
    };
  });
}
