/**
 * `apt`: packages of the Debian family through dpkg and apt-get. What a change brings along is taken from apt-get's own
 * simulation, so that a plan lists every package that is installed, upgraded or removed.
 */
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { Probe } from '../../../target/probe.ts';
import type { Target } from '../../../target/target.ts';
import { defineResource } from '../../module.ts';
import { type CommandOutput, commandOutput, linesOf, sectionsOf } from '../../scriptOutput.ts';
import { lockHolders } from '../lockHolders.ts';
import { type AptWork, applyArguments, aptCommand, observeArguments } from './aptCommand.ts';
import { checkObservation, commandError, isBlind } from './aptErrors.ts';
import {
  type AptState,
  aptStateOf,
  type PackageStep,
  simulatedSteps,
  summaryOf,
} from './aptOutput.ts';
import { type AptInput, type AptParams, aptOperation, aptParams, cleaning } from './aptParams.ts';
import { APPLY_SCRIPT, ARCHIVES_SCRIPT, OBSERVE_SCRIPT } from './aptScripts.ts';

export type AptChange = Change<AptWork>;

const NO_WORK: AptWork = { repair: false, command: [], marks: [] };

export const apt = defineResource({
  name: 'apt',
  summary: 'Install, upgrade and remove packages on Debian and Ubuntu',
  description: [
    'A converged task costs one query of dpkg. With `update_cache` the index is refreshed when the answer depends on it:',
    'not when everything asked for is already there. Check mode refreshes into a copy, so that its prediction is exact.',
    'Services, locks and interrupted runs are taken care of: the task waits for other package managers, and when it has',
    'work to do, it first finishes what a dpkg that was killed left behind (`dpkg --configure -a`, a change of its own).',
    'A package that is only there because others need it is noted as asked for: it stays when they go. That alone is no change.',
  ].join(' '),
  params: aptParams,
  examples: [
    '- apt: { name: nginx, update_cache: true, cache_valid_time: 3600 }',
    '- apt:\n    name: [curl, "docker.io=20.10*"]\n    install_recommends: false',
    '- apt: { name: apache2, state: absent, purge: true, autoremove: true }',
    '- apt: { upgrade: dist, update_cache: true }',
    '- apt: { deb: "https://example.com/agent_1.2_amd64.deb" }',
  ],
  returns: {
    cache_updated: 'Whether the package index was refreshed.',
    cache_update_time: 'Unix time of the package index.',
    stdout: "apt-get's output.",
    stderr: "apt-get's error output.",
    diff: "With `--diff`: `prepared` holds apt-get's list of what it will do.",
  },

  prepare: (params, { checkMode, diffMode }): AptInput => ({ ...params, checkMode, diffMode }),
  observe: (input) => ({ apt: aptState(input), archives: archives(input) }),
  plan: (input, { apt: state, archives: files }) => planApt(input, state, files),
  apply: (changes, target, input) => applyApt(changes, target, input),
  result: (input, { apt: state }, changes) => aptResult(input, state, changes),
});

function aptState(input: AptInput): Probe<AptState> {
  return {
    script: OBSERVE_SCRIPT,
    args: observeArguments(input),
    parse: ({ stdout }) => aptStateOf(stdout.toString()),
  };
}

function archives(input: AptInput): Probe<readonly string[]> {
  const mode = aptOperation(input) === 'none' ? cleaning(input) : 'no';
  return {
    script: ARCHIVES_SCRIPT,
    args: [mode],
    parse: ({ stdout }) => linesOf(stdout.toString()),
  };
}

/** @throws ModuleError when apt-get refuses. */
export function planApt(
  input: AptInput,
  state: AptState,
  archiveFiles: readonly string[],
): readonly AptChange[] {
  checkObservation(input, state);
  if (state.interrupted !== undefined && hasWork(input, state)) {
    return repairChanges(input, state, state.interrupted);
  }
  if (isBlind(input, state)) return blindChanges(input, state);
  if (aptOperation(input) === 'none') {
    return [...indexChanges(state), ...archiveFiles.map(archiveChange)];
  }
  const steps = simulatedSteps(state.simulation?.stdout ?? '');
  const command = aptCommand(input, state.pending);
  return [...steps.map((step) => packageChange(step, command)), ...marks(state, steps)];
}

/** apt-get notes what it installs itself. Without the note a package goes when nothing needs it any more. */
function marks({ automatic }: AptState, steps: readonly PackageStep[]): AptChange[] {
  const installed = new Set(steps.map(({ name }) => name));
  return automatic
    .filter((name) => !installed.has(name) && !installed.has(name.replace(/:.*/, '')))
    .map((name) => ({
      what: `package ${name.replace(/:.*/, '')}`,
      before: 'installed automatically',
      after: 'installed manually',
      isNote: true,
      operation: { ...NO_WORK, marks: [name] },
    }));
}

/** The observation has refreshed the index already; it is a change where the repositories had something new. */
function indexChanges({ wasRenewed, indexTime }: AptState): AptChange[] {
  if (!wasRenewed) return [];
  const before = indexTime === 0 ? 'absent' : new Date(indexTime * 1000).toISOString();
  return [{ what: 'package index', before, after: 'renewed', operation: NO_WORK }];
}

function packageChange(
  { name, from, to, kind }: PackageStep,
  command: readonly string[],
): AptChange {
  const before = {
    install: 'absent',
    remove: 'absent',
    purge: 'configuration files',
    configure: 'unpacked',
  };
  const after = kind === 'purge' ? 'purged' : 'absent';
  return {
    what: `package ${name}`,
    before: from ?? before[kind],
    after: to ?? after,
    operation: { ...NO_WORK, command },
  };
}

function archiveChange(file: string): AptChange {
  return { what: `downloaded ${file}`, before: 'present', after: 'absent', operation: NO_WORK };
}

const REPAIR: AptChange = {
  what: 'dpkg',
  before: 'interrupted',
  after: 'configured',
  operation: { ...NO_WORK, repair: true },
};

/** Operations on packages that the task names. */
const NAMED: ReadonlySet<string> = new Set(['install', 'remove', 'build-dep', 'deb']);

/** Whether apt-get will be asked for something. */
function hasWork(input: AptInput, { pending }: AptState): boolean {
  const operation = aptOperation(input);
  return operation !== 'none' && (!NAMED.has(operation) || pending.length > 0);
}

/**
 * dpkg finishes what it was ended amid, then apt-get does what is asked.
 * @param finished what dpkg says that it would finish
 */
function repairChanges(
  input: AptInput,
  state: AptState,
  finished: readonly PackageStep[],
): AptChange[] {
  const command = aptCommand(input, state.pending);
  const isFinished = ({ name, to }: PackageStep): boolean =>
    finished.some((step) => step.name === name && step.to === to);
  const steps = simulatedSteps(state.simulation?.stdout ?? '').filter((step) => !isFinished(step));
  return [
    REPAIR,
    ...finished.map((step) => packageChange(step, command)),
    ...steps.map((step) => packageChange(step, command)),
    ...unforeseen(input, state, finished, steps).map((spec) =>
      blindChange(spec, 'unknown', input.state, command),
    ),
  ];
}

/** Specs that no step tells of: the simulation does not know what stands in dpkg's journal. */
function unforeseen(
  input: AptInput,
  { pending }: AptState,
  finished: readonly PackageStep[],
  steps: readonly PackageStep[],
): readonly string[] {
  const operation = aptOperation(input);
  const known = operation === 'remove' ? steps : [...finished, ...steps];
  // Names of source packages and of files are not those of the steps.
  if (operation === 'build-dep' || operation === 'deb') return known.length > 0 ? [] : pending;
  const names = new Set(known.map(({ name }) => name));
  return pending.filter((spec) => !names.has(spec.replace(/[:=].*/, '')));
}

/** Without a simulation only the packages asked for are known, not what they bring along. */
function blindChanges(input: AptParams, state: AptState): AptChange[] {
  const command = aptCommand(input, state.pending);
  const specs = state.missingDeb === undefined ? state.pending : [state.missingDeb];
  return specs.map((spec) => blindChange(spec, 'not available yet', input.state, command));
}

function blindChange(
  spec: string,
  before: string,
  after: string,
  command: readonly string[],
): AptChange {
  return { what: `package ${spec}`, before, after, operation: { ...NO_WORK, command } };
}

async function applyApt(changes: readonly AptChange[], target: Target, input: AptInput) {
  const work: AptWork = {
    repair: changes.some(({ operation }) => operation.repair),
    command: changes.find(({ operation }) => operation.command.length > 0)?.operation.command ?? [],
    marks: changes.flatMap(({ operation }) => operation.marks),
  };
  const isIdle = !work.repair && work.command.length === 0 && work.marks.length === 0;
  if (isIdle && cleaning(input) === 'no') return undefined;
  const { stdout, stderr, rc } = await target.sh(APPLY_SCRIPT, {
    args: applyArguments(input, work),
  });
  if (rc !== 0)
    throw new ModuleError('the package script failed', { data: outputData(rc, stdout, stderr) });
  return workResult(sectionsOf(stdout.toString()));
}

function outputData(rc: number, stdout: Buffer, stderr: Buffer) {
  return { rc, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** Return keys of finished work. @throws ModuleError that names what failed and what is left half done. */
function workResult(sections: ReadonlyMap<string, string>) {
  const work = commandOutput(sections, 'work');
  const clean = commandOutput(sections, 'clean');
  for (const output of [work, clean]) {
    if (output !== undefined && output.rc !== 0) throw workError(output, sections);
  }
  return {
    cache_update_time: Number(sections.get('index') ?? 0),
    stdout: work?.stdout ?? clean?.stdout ?? '',
    stderr: work?.stderr ?? clean?.stderr ?? '',
  };
}

function workError(output: CommandOutput, sections: ReadonlyMap<string, string>): ModuleError {
  const error = commandError('apt-get failed', output, lockHolders(sections));
  const unfinished = linesOf(sections.get('unfinished'));
  if (unfinished.length === 0) return error;
  return new ModuleError(`${error.message}; dpkg could not finish ${unfinished.join(', ')}`, {
    code: 'DROVER_PACKAGES_UNFINISHED',
    hint: 'repair the cause (see stderr), then run again: the next run finishes what is left',
    data: {
      ...output,
      stderr: `${output.stderr}${sections.get('repair.stderr') ?? ''}`,
      unfinished,
    },
  });
}

function aptResult(input: AptInput, state: AptState, changes: readonly AptChange[]) {
  const { simulation, wasRefreshed, indexTime, refreshedTime } = state;
  return {
    cache_updated: wasRefreshed,
    cache_update_time: refreshedTime ?? indexTime,
    ...(simulation === undefined || changes.length === 0 ? {} : simulationData(input, simulation)),
  };
}

function simulationData({ checkMode, diffMode }: AptInput, { stdout, stderr }: CommandOutput) {
  return {
    ...(checkMode && { stdout, stderr }),
    ...(diffMode && { diff: { prepared: summaryOf(stdout) } }),
  };
}
