/** `apt` parameters as apt-get's options and as the arguments of the scripts. */
import {
  type AptInput,
  type AptParams,
  aptOperation,
  cleaning,
  packageNames,
  wantsFreshIndex,
} from './aptParams.ts';

/** Options that both the simulation and the work are run with, so that one predicts the other. */
export function aptOptions(params: AptParams): string[] {
  return [
    ...dpkgOptions(params.dpkg_options).flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]),
    ...releaseOptions(params),
    ...recommendsOptions(params),
    ...flags(params),
  ];
}

function dpkgOptions(options: string): string[] {
  return options
    .split(',')
    .map((option) => option.trim().replace(/^--/, ''))
    .filter((option) => option !== '');
}

/** Roles pass the empty text for "no release in particular". */
function releaseOptions({ default_release = '' }: AptParams): string[] {
  return default_release === '' ? [] : ['-t', default_release];
}

function recommendsOptions({ install_recommends }: AptParams): string[] {
  if (install_recommends === undefined) return [];
  return ['-o', `APT::Install-Recommends=${install_recommends ? 'yes' : 'no'}`];
}

function flags(params: AptParams): string[] {
  const { force } = params;
  const table: readonly (readonly [boolean, string])[] = [
    [params.purge, '--purge'],
    [params.autoremove && aptOperation(params) !== 'autoremove', '--auto-remove'],
    [params.only_upgrade, '--only-upgrade'],
    [params.fail_on_autoremove, '--no-remove'],
    [params.state === 'fixed', '--fix-broken'],
    [params.allow_unauthenticated || force, '--allow-unauthenticated'],
    [params.allow_downgrade || force, '--allow-downgrades'],
    [params.allow_change_held_packages || force, '--allow-change-held-packages'],
    [force, '--allow-remove-essential'],
  ];
  return table.filter(([wanted]) => wanted).map(([, flag]) => flag);
}

/** Arguments of `OBSERVE_SCRIPT`. */
export function observeArguments(input: AptInput): string[] {
  const options = aptOptions(input);
  return [
    aptOperation(input),
    yesNo(input.checkMode),
    yesNo(wantsFreshIndex(input)),
    String(input.cache_valid_time),
    String(input.update_cache_retries),
    String(input.update_cache_retry_max_delay),
    String(input.lock_timeout),
    yesNo(input.purge),
    yesNo(input.state === 'latest'),
    yesNo(input.only_upgrade),
    String(options.length),
    ...options,
    ...(input.deb === undefined ? packageNames(input) : [input.deb]),
  ];
}

/** One piece of work for apt-get. */
export interface AptWork {
  /** Finish what an interrupted dpkg left. */
  readonly repair: boolean;
  /** The verb and the packages; empty when apt-get has nothing to install or remove. */
  readonly command: readonly string[];
  /** Packages to note as asked for. */
  readonly marks: readonly string[];
}

/** Arguments of `APPLY_SCRIPT`. */
export function applyArguments(input: AptInput, work: AptWork): string[] {
  const options = aptOptions(input);
  return [
    String(input.lock_timeout),
    input.policy_rc_d === undefined ? '' : String(input.policy_rc_d),
    yesNo(work.repair),
    cleaning(input),
    input.deb ?? '',
    work.marks.join(' '),
    String(options.length),
    ...options,
    ...work.command,
  ];
}

/** The apt-get command for what the observation found to do. */
export function aptCommand(input: AptParams, pending: readonly string[]): string[] {
  switch (aptOperation(input)) {
    case 'install':
    case 'deb':
      return pending.length === 0 ? [] : ['install', ...pending];
    case 'remove':
      return pending.length === 0 ? [] : ['remove', ...pending];
    case 'build-dep':
      return ['build-dep', ...pending];
    case 'fixed':
      return ['install', '--fix-broken'];
    case 'upgrade':
      return ['upgrade', '--with-new-pkgs'];
    case 'dist-upgrade':
      return ['dist-upgrade'];
    case 'autoremove':
      return ['autoremove'];
    case 'none':
      return [];
  }
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
