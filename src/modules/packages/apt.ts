/**
 * `apt`: packages of the Debian family through dpkg and apt-get. What a change brings along is taken from apt-get's own
 * simulation, so that a plan lists every package that is installed, upgraded or removed.
 */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { type AptWork, applyArguments, aptCommand, observeArguments } from './aptCommand.ts';
import { checkObservation, commandError, isBlind, wasInterrupted } from './aptErrors.ts';
import {
  type AptState,
  aptStateOf,
  type CommandOutput,
  commandOutput,
  linesOf,
  lockHolders,
  type PackageStep,
  sectionsOf,
  simulatedSteps,
} from './aptOutput.ts';
import { type AptInput, type AptParams, aptOperation, aptParams, cleaning } from './aptParams.ts';
import { APPLY_SCRIPT, ARCHIVES_SCRIPT, OBSERVE_SCRIPT } from './aptScripts.ts';

export type AptChange = Change<AptWork>;

const NO_WORK: AptWork = { repair: false, command: [] };

export const apt = defineResource({
  name: 'apt',
  summary: 'Install, upgrade and remove packages on Debian and Ubuntu',
  description: [
    'A converged task costs one query of dpkg. With `update_cache` the index is refreshed when the answer depends on it:',
    'not when everything asked for is already there. Check mode refreshes into a copy, so that its prediction is exact.',
    'Services, locks and interrupted runs are taken care of: the task waits for other package managers, and finishes',
    'what an interrupted dpkg left behind.',
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
  },

  prepare: (params, controller): AptInput => ({ ...params, checkMode: controller.checkMode }),
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
  if (isBlind(input, state)) return blindChanges(input, state);
  if (aptOperation(input) === 'none') {
    return [...indexChanges(state), ...archiveFiles.map(archiveChange)];
  }
  const steps = simulatedSteps(state.simulation?.stdout ?? '');
  const command = aptCommand(input, state.pending);
  return steps.map((step) => packageChange(step, command));
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

function repairChange(): AptChange {
  return {
    what: 'dpkg',
    before: 'interrupted',
    after: 'configured',
    operation: { ...NO_WORK, repair: true },
  };
}

/** Without a simulation only the packages asked for are known, not what they bring along. */
function blindChanges(input: AptParams, state: AptState): AptChange[] {
  const command = aptCommand(input, state.pending);
  const specs = state.missingDeb === undefined ? state.pending : [state.missingDeb];
  const interrupted = state.simulation !== undefined && wasInterrupted(state.simulation);
  const changes = specs.map((spec) => ({
    what: `package ${spec}`,
    before: interrupted ? 'unknown' : 'not available yet',
    after: input.state,
    operation: { ...NO_WORK, command },
  }));
  return interrupted ? [repairChange(), ...changes] : changes;
}

async function applyApt(changes: readonly AptChange[], target: Target, input: AptInput) {
  const work: AptWork = {
    repair: changes.some(({ operation }) => operation.repair),
    command: changes.find(({ operation }) => operation.command.length > 0)?.operation.command ?? [],
  };
  if (!work.repair && work.command.length === 0 && cleaning(input) === 'no') return undefined;
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
    ...(simulation === undefined || !input.checkMode || changes.length === 0
      ? {}
      : { stdout: simulation.stdout, stderr: simulation.stderr }),
  };
}
