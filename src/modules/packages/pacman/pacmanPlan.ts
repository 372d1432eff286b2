/** What `pacman` is asked, and what its answers come to. */
import type { ResultData } from '../../../core/results.ts';
import { splitWords } from '../../commands/shellWords.ts';
import { commandOutput, linesOf } from '../../scriptOutput.ts';
import {
  type Commands,
  changedPackages,
  checkManager,
  checkSimulation,
  indexChange,
  type ManagerChange,
  type ManagerState,
  type ManagerStep,
  stepChange,
} from '../managerWork.ts';
import type { PacmanParams } from './pacmanParams.ts';

export type PacmanInput = PacmanParams & { readonly checkMode: boolean };

/** The words that `PACMAN_OBSERVE` takes. */
export function observeArguments(input: PacmanInput): string[] {
  const { config = '', root = '', cachedir = '', executable } = input;
  const refreshing = splitWords(input.update_cache_extra_args);
  const extra = extraArguments(input);
  const refresh = input.force ? 'force' : 'yes';
  return [
    ...[config, root, cachedir, executable, operationOf(input)],
    ...[input.update_cache ? refresh : 'no', input.checkMode ? 'yes' : 'no'],
    ...[String(refreshing.length), ...refreshing],
    ...[String(extra.length), ...extra],
    ...specsOf(input),
  ];
}

function specsOf({ name }: PacmanParams): string[] {
  return name.map((each) => each.trim()).filter((each) => each !== '');
}

type Operation = 'install' | 'latest' | 'remove' | 'upgrade' | 'none';

function operationOf(given: PacmanParams): Operation {
  if (given.upgrade) return 'upgrade';
  if (specsOf(given).length === 0) return 'none';
  if (given.state === 'absent') return 'remove';
  return given.state === 'latest' ? 'latest' : 'install';
}

/** Of the command that does the work, and of its simulation. */
function extraArguments(given: PacmanParams): string[] {
  if (given.upgrade) return splitWords(given.upgrade_extra_args);
  const isForced = given.force && operationOf(given) === 'remove';
  return [...splitWords(given.extra_args), ...(isForced ? ['--nodeps', '--nodeps'] : [])];
}

/** @throws ModuleError when pacman refuses. */
export function planPacman(given: PacmanParams, state: ManagerState): readonly ManagerChange[] {
  checkManager(given.executable, state);
  checkSimulation(given.executable, commandOutput(state.sections, 'files'));
  const operation = operationOf(given);
  const refreshed = state.wasRenewed ? [indexChange()] : [];
  if (operation === 'none') return refreshed;
  const steps = stepsOf(operation, state);
  const reasoned = reasonNames(given, state, steps);
  const commands = [
    ...(steps.length === 0 ? [] : workCommands(given, operation, state)),
    ...(reasoned.length === 0 ? [] : [reasonCommand(given, reasoned)]),
  ];
  const changes = steps.map((step) => stepChange(step, commands));
  return [...refreshed, ...changes, ...reasonChanges(given, steps, reasoned, commands)];
}

function stepsOf(operation: Operation, state: ManagerState): ManagerStep[] {
  const installed = installedVersions(state);
  const said = `${state.simulation?.stdout ?? ''}\n${state.sections.get('files.stdout') ?? ''}`;
  const packages = pacmanPackages(said);
  if (operation === 'remove') {
    return packages.map(({ name, version }) => ({ name, from: version, to: undefined }));
  }
  const arrivals = packages.map(({ name, version }) => ({
    name,
    from: installed.get(name),
    to: version,
  }));
  const replaced = linesOf(state.sections.get('replaced'))
    .flatMap((line) => line.split(/\s+/))
    .map((each) => each.replace(/[<=>].*$/, ''))
    .filter((name) => installed.has(name) && !packages.some((each) => each.name === name));
  const losses = [...new Set(replaced)].map((name) => ({
    name,
    from: installed.get(name),
    to: undefined,
  }));
  return [...arrivals, ...losses];
}

function installedVersions({ sections }: ManagerState): ReadonlyMap<string, string> {
  const words = linesOf(sections.get('installed')).map((line) => line.split(' '));
  return new Map(words.map(([name = '', version = '']) => [name, version]));
}

/** Lines of `--print-format 'step %n %v'`, among others. Tried with pacman 6.0.2. */
export function pacmanPackages(
  stdout: string,
): { readonly name: string; readonly version: string }[] {
  const matches = [...stdout.matchAll(/^step (\S+) (\S+)$/gm)];
  return matches.map(([, name = '', version = '']) => ({ name, version }));
}

/** pacman with the options that every call of it gets. */
function program({ executable, config, root, cachedir }: PacmanParams): string[] {
  const option = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    executable,
    ...option('config', config),
    ...option('root', root),
    ...option('cachedir', cachedir),
  ];
}

function workCommands(given: PacmanParams, operation: Operation, state: ManagerState): Commands {
  const { pending } = state;
  const common = ['--noconfirm', '--noprogressbar', ...extraArguments(given)];
  const command = (...words: readonly string[]) => [...program(given), ...words];
  if (operation === 'upgrade') return [command('--sync', '--sysupgrade', ...common)];
  if (operation === 'remove') {
    const keeping = given.remove_nosave ? ['--nosave'] : [];
    return [command('--remove', ...common, ...keeping, '--', ...pending)];
  }
  const files = new Set(wantedPackages(state).flatMap((each) => (each.isFile ? each.spec : [])));
  const verbs = [
    { verb: '--sync', specs: pending.filter((spec) => !files.has(spec)) },
    { verb: '--upgrade', specs: pending.filter((spec) => files.has(spec)) },
  ].filter(({ specs }) => specs.length > 0);
  return verbs.map(({ verb, specs }) => command(verb, '--needed', ...common, '--', ...specs));
}

function reasonCommand(given: PacmanParams, names: readonly string[]): string[] {
  const flag = given.reason === 'dependency' ? '--asdeps' : '--asexplicit';
  return [...program(given), '--database', flag, '--', ...names];
}

interface WantedPackage {
  readonly isFile: boolean;
  /** As pacman is told; a group is here as its members. */
  readonly spec: string;
  readonly name: string;
}

function wantedPackages({ sections }: ManagerState): WantedPackage[] {
  return linesOf(sections.get('wanted')).map((line) => {
    const [kind, spec = '', name = ''] = line.split('\t');
    return { isFile: kind === 'file', spec, name };
  });
}

/** The packages whose reason has to be set. */
function reasonNames(
  given: PacmanParams,
  state: ManagerState,
  steps: readonly ManagerStep[],
): string[] {
  if (given.reason === undefined || given.state === 'absent') return [];
  const installed = installedVersions(state);
  const explicit = new Set(linesOf(state.sections.get('explicit')));
  const isOther = (name: string) => explicit.has(name) !== (given.reason === 'explicit');
  const isNew = (name: string) => steps.some((step) => step.name === name);
  return wantedPackages(state)
    .map(({ name }) => name)
    .filter((name) =>
      installed.has(name)
        ? given.reason_for === 'all' && isOther(name)
        : isNew(name) && given.reason === 'dependency',
    );
}

/** For packages that are there and stay in their version. */
function reasonChanges(
  { reason = 'explicit' }: PacmanParams,
  steps: readonly ManagerStep[],
  reasoned: readonly string[],
  commands: Commands,
): ManagerChange[] {
  const other = reason === 'explicit' ? 'dependency' : 'explicit';
  return reasoned
    .filter((name) => !steps.some((step) => step.name === name))
    .map((name) => ({
      what: `package ${name}`,
      before: other,
      after: reason,
      operation: commands,
    }));
}

/** For the return key `packages`: names, and of what goes also the version, as Ansible's module has it. */
export function pacmanResult(
  { name, upgrade, update_cache, state: wanted }: PacmanParams,
  state: ManagerState,
  changes: readonly ManagerChange[],
): ResultData {
  const names = changedPackages(changes);
  const packages =
    wanted === 'absent' ? names.map((each) => versioned(each, changes)) : names.sort();
  return {
    ...(name.length > 0 || upgrade ? { packages } : {}),
    ...(update_cache ? { cache_updated: state.wasRenewed } : {}),
  };
}

function versioned(name: string, changes: readonly ManagerChange[]): string {
  return `${name}-${changes.find(({ what }) => what === `package ${name}`)?.before}`;
}
