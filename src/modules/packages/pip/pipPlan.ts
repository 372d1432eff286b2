/** What `pip` has to do. Pure. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import { pipError } from './pipErrors.ts';
import { isVersionControlled, type PipParams, pipSpecs, projectName } from './pipParams.ts';
import { type PipState, requirementSpecs, wouldInstall } from './pipState.ts';

export type PipChange = 'virtualenv' | 'packages';

/** @throws ModuleError when pip is missing or refuses. */
export function planPip(
  params: PipParams,
  state: PipState,
  checkMode: boolean,
): readonly Change<PipChange>[] {
  if (state.missingRequirements !== undefined) return missingFile(params, state, checkMode);
  if (state.needsVenv) return newVenv(params, state, checkMode);
  if (state.pip === undefined) return withoutPip(params, state, checkMode);
  if (state.listing !== undefined && state.listing.rc !== 0) {
    throw pipError('pip does not work', state.listing);
  }
  if (params.state === 'absent') return removals(params, state);
  return installations(params, state, checkMode);
}

function packageChange(name: string, before: string, after: string): Change<PipChange> {
  return { what: `package ${name}`, before, after, operation: 'packages' };
}

/** An earlier task of a dry run may bring the file. */
function missingFile(
  params: PipParams,
  state: PipState,
  checkMode: boolean,
): readonly Change<PipChange>[] {
  if (!checkMode) {
    throw new ModuleError(`there is no requirements file "${state.missingRequirements}"`, {
      hint: 'its path is on the host, relative to "chdir"',
    });
  }
  return [packageChange(`-r ${params.requirements}`, 'unknown', params.state)];
}

function newVenv(params: PipParams, state: PipState, checkMode: boolean) {
  if (!state.hasMaker && !checkMode) {
    throw new ModuleError(`"${params.virtualenv_command}" is not on the host`, {
      code: 'DROVER_TOOL_MISSING',
      hint: 'install virtualenv, or set virtualenv_command: python3 -m venv (Debian: python3-venv)',
    });
  }
  const venv: Change<PipChange> = {
    what: `virtual environment ${params.virtualenv}`,
    before: 'absent',
    after: 'present',
    operation: 'virtualenv',
  };
  if (params.state === 'absent') return [venv];
  const specs = [...pipSpecs(params), ...requirementSpecs(state.requirements)];
  return [venv, ...specs.map((spec) => packageChange(spec, 'absent', params.state))];
}

/** An earlier task of a dry run may bring pip. */
function withoutPip(
  params: PipParams,
  state: PipState,
  checkMode: boolean,
): readonly Change<PipChange>[] {
  if (!checkMode) throw noPip(params);
  if (params.state === 'absent') return [];
  const specs = [...pipSpecs(params), ...requirementSpecs(state.requirements)];
  return specs.map((spec) => packageChange(spec, 'unknown', params.state));
}

function noPip({ executable }: PipParams): ModuleError {
  return new ModuleError(`${executable ?? 'pip'} is not on this host`, {
    code: 'DROVER_TOOL_MISSING',
    hint: 'install python3-pip (Debian, Fedora) or py3-pip (Alpine) first',
  });
}

function removals(params: PipParams, state: PipState): Change<PipChange>[] {
  const specs = [...pipSpecs(params), ...requirementSpecs(state.requirements)];
  const names = new Set(specs.map((spec) => projectName(spec) ?? spec));
  return state.installed
    .filter(({ name }) => names.has(name))
    .map(({ name, version }) => packageChange(name, version, 'absent'));
}

function installations(
  params: PipParams,
  state: PipState,
  checkMode: boolean,
): Change<PipChange>[] {
  if (state.old !== undefined) return unmet(params, state, state.old);
  if (state.simulation !== undefined) return simulated(params, state, state.simulation, checkMode);
  return pipSpecs(params)
    .filter((spec) => params.state === 'forcereinstall' || !isInPlace(params, state, spec))
    .map((spec) => sourceChange(params, state, spec));
}

function simulated(
  params: PipParams,
  state: PipState,
  simulation: NonNullable<PipState['simulation']>,
  checkMode: boolean,
): Change<PipChange>[] {
  if (simulation.rc === 0) {
    return wouldInstall(simulation.stdout).map(({ name, version }) =>
      packageChange(name, versionOf(state, name) ?? 'absent', version),
    );
  }
  const isAbsentFile = /No such file or directory|Invalid requirement.*File|does not exist/.test(
    simulation.stderr,
  );
  if (!checkMode || !isAbsentFile) throw pipError('pip cannot install this', simulation);
  return pipSpecs(params).map((spec) => packageChange(spec, 'unknown', params.state));
}

/** Without a simulation `latest` and `forcereinstall` cannot be predicted: pip is asked to do them each time. */
function unmet(params: PipParams, state: PipState, old: NonNullable<PipState['old']>) {
  const pending = params.state === 'present' ? old.filter(({ isMet }) => !isMet) : old;
  return pending.map(({ spec }) => {
    const name = projectName(spec) ?? spec;
    return packageChange(name, versionOf(state, name) ?? 'absent', spec);
  });
}

function versionOf({ installed }: PipState, name: string): string | undefined {
  return installed.find((project) => project.name === name)?.version;
}

/** Whether a folder is installed in development mode, or a repository at the commit that its remote has. */
function isInPlace(params: PipParams, state: PipState, spec: string): boolean {
  if (isVersionControlled(spec)) {
    const commit = state.remotes.get(spec) || /@([0-9a-f]{40})(?:#|$)/.exec(spec)?.[1];
    const url = /\+([^#]*?)(?:@[^/@#]*)?(?:#|$)/.exec(spec)?.[1] ?? spec;
    const line = state.frozen.find((frozen) => frozen.includes(url));
    return line !== undefined && commit !== undefined && line.includes(`@${commit}`);
  }
  const wanted = sourceFolder(spec, params.chdir);
  const isSame = (place: string | undefined) =>
    place !== undefined && place.replace(/\/+$/, '') === wanted;
  return params.state === 'present' && state.installed.some((p) => isSame(p.editableFolder));
}

/** The folder that `./x[extra]` or `file:///srv/x#egg=x` names, absolute. */
function sourceFolder(spec: string, chdir = ''): string {
  const folder = (spec.startsWith('file:') ? pathOf(spec) : spec).replace(/\[[^\]]*\]$/, '');
  const absolute = folder.startsWith('/') ? folder : `${chdir}/${folder}`;
  return absolute.replace(/\/\.?$|\/+$/g, '');
}

/** The path of a `file:` URL. */
function pathOf(url: string): string {
  const path = url.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/, '').replace(/#.*/, '');
  return path.replaceAll(/(?:%[0-9a-f]{2})+/gi, (coded) =>
    Buffer.from(coded.replaceAll('%', ''), 'hex').toString(),
  );
}

function sourceChange(params: PipParams, state: PipState, spec: string): Change<PipChange> {
  const name = projectName(spec);
  const before = name === undefined ? 'absent' : (versionOf(state, name) ?? 'absent');
  return packageChange(name ?? spec, before, state.remotes.get(spec) || params.state);
}
