/** Why apt-get cannot do what is asked, in words that say what to do next. */
import { ModuleError } from '../../../core/errors.ts';
import type { CommandOutput } from '../../scriptOutput.ts';
import type { LockHolder } from '../lockHolders.ts';
import { type AptState, aptErrors, packagesUnder } from './aptOutput.ts';
import type { AptInput, AptParams } from './aptParams.ts';

/** @throws ModuleError when the observation shows that the task cannot be done. */
export function checkObservation(params: AptInput, state: AptState): void {
  if (!state.present) {
    throw new ModuleError('apt-get is not on this host', {
      code: 'DROVER_TOOL_MISSING',
      hint: 'this host is not of the Debian family; use "package" to take whatever manager it has',
    });
  }
  if (state.missingDeb !== undefined && !params.checkMode) {
    throw new ModuleError(`there is no package file "${state.missingDeb}" on the host`);
  }
  if (state.refresh !== undefined && state.refresh.rc !== 0) {
    throw commandError('the package index could not be refreshed', state.refresh, state.holders);
  }
  const [tooOld] = state.tooOld;
  if (tooOld !== undefined) throw candidateError(...tooOld);
  const simulation = state.simulation;
  if (simulation === undefined || isBlind(params, state) || state.interrupted !== undefined) return;
  checkSimulation(params, simulation);
}

function candidateError(wanted: string, candidate: string): ModuleError {
  return new ModuleError(`there is no ${wanted} to install: the candidate is ${candidate}`, {
    code: 'DROVER_PACKAGE_CANDIDATE',
    hint: 'look for pins and other releases with "apt-cache policy"; "default_release" prefers one of them',
  });
}

/** Whether, in check mode, a repository or file is missing that an earlier task of the run may bring. */
export function isBlind({ checkMode }: AptInput, { simulation, missingDeb }: AptState): boolean {
  if (missingDeb !== undefined) return checkMode;
  return simulation !== undefined && checkMode && isUnknownPackage(simulation);
}

function isUnknownPackage({ rc, stderr }: CommandOutput): boolean {
  return (
    rc !== 0 &&
    /Unable to locate package|has no installation candidate|Version .* was not found/.test(stderr)
  );
}

function checkSimulation(params: AptParams, simulation: CommandOutput): void {
  const refusals = [
    {
      allowed: params.allow_downgrade,
      heading: /^The following packages will be DOWNGRADED:/,
      reason: 'these packages would be downgraded',
      hint: 'set "allow_downgrade: true" to permit it',
    },
    {
      allowed: params.allow_change_held_packages,
      heading: /^The following held packages will be changed:/,
      reason: 'these packages are on hold',
      hint: 'set "allow_change_held_packages: true", or release them with dpkg_selections',
    },
    {
      allowed: params.allow_unauthenticated,
      heading: /^WARNING: The following packages cannot be authenticated!/,
      reason: 'these packages cannot be authenticated',
      hint: 'add the repository\'s signing key, or set "allow_unauthenticated: true"',
    },
    {
      allowed: false,
      heading: /^WARNING: The following essential packages will be removed/,
      reason: 'these essential packages would be removed',
      hint: 'set "force: true" only if the system may break',
    },
  ];
  for (const { allowed, heading, reason, hint } of refusals) {
    const packages = packagesUnder(simulation.stdout, heading);
    if (packages.length > 0 && !allowed && !params.force) {
      throw new ModuleError(`${reason}: ${packages.join(', ')}`, { hint, data: { ...simulation } });
    }
  }
  if (simulation.rc !== 0) throw commandError('apt-get cannot do this', simulation, []);
}

/** A failed apt-get or dpkg. */
export function commandError(
  what: string,
  output: CommandOutput,
  holders: readonly LockHolder[],
): ModuleError {
  const [holder] = holders;
  if (holder !== undefined) return lockError(holder, output);
  const reasons = aptErrors(output.stderr);
  const reason =
    reasons.length > 0 ? reasons.join('; ') : output.stderr.trim() || output.stdout.trim();
  return new ModuleError(`${what}: ${reason}`, {
    hint: hintFor(output.stderr),
    data: { ...output },
  });
}

function lockError({ lock, pid, command }: LockHolder, output: CommandOutput): ModuleError {
  return new ModuleError(`${lock} is held by process ${pid} (${command})`, {
    code: 'DROVER_PACKAGE_LOCK',
    hint: 'wait until it has finished, or raise "lock_timeout"',
    data: { ...output },
  });
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/are you root\?|Permission denied/, 'packages are managed by root; set "become: true"'],
  [
    /Unable to locate package|has no installation candidate|Version .* was not found/,
    'check the name and the repositories; "update_cache: true" refreshes the index',
  ],
  [/NO_PUBKEY|is not signed/, "add the repository's signing key (deb822_repository: signed_by)"],
  [
    /held broken packages|unmet dependencies/,
    'look for holds and pins (apt-mark showhold, apt-cache policy)',
  ],
  [
    /Could not resolve|Failed to fetch|Cannot initiate/,
    "check the host's network and its apt sources",
  ],
  [/URIs? .*source|deb-src/, 'add a deb-src entry to the apt sources'],
];

function hintFor(stderr: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(stderr))?.[1];
}
