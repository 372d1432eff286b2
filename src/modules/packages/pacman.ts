/** `pacman`: packages of Arch Linux. `pacman --print` says what would be done. */
import { z } from 'zod';
import { splitWords } from '../commands/shellWords.ts';
import { defineResource } from '../module.ts';
import { boolean, list, text } from '../params.ts';
import { script } from '../script.ts';
import { linesOf } from './aptOutput.ts';
import {
  applyCommands,
  type Commands,
  changedPackages,
  checkManager,
  indexChange,
  MANAGER_SHELL,
  type ManagerChange,
  type ManagerState,
  managerProbe,
  packageState,
  stepChange,
} from './managerWork.ts';

const params = z
  .strictObject({
    name: list(text())
      .default([])
      .describe('Packages, groups, and files or URLs of packages (`*.pkg.tar.*`).')
      .meta({ aliases: ['package', 'pkg'] }),
    state: packageState(),
    force: boolean()
      .default(false)
      .describe(
        'Remove although others depend on it; refresh the databases also when they are new.',
      ),
    remove_nosave: boolean().default(false).describe('Remove configuration files too.'),
    executable: text().default('pacman').describe('The pacman to use, or a tool that works alike.'),
    extra_args: text().default('').describe('More arguments, quoted as for a shell.'),
    update_cache: boolean()
      .default(false)
      .describe('Refresh the databases first.')
      .meta({ aliases: ['update-cache'] }),
    update_cache_extra_args: text().default('').describe('More arguments for the refresh.'),
    upgrade: boolean().default(false).describe('Upgrade everything.'),
    upgrade_extra_args: text().default('').describe('More arguments for the upgrade.'),
    reason: z
      .enum(['dependency', 'explicit'])
      .optional()
      .describe('What the packages count as installed for.'),
    reason_for: z
      .enum(['all', 'new'])
      .default('new')
      .describe('Whether `reason` is also for packages that are there already.'),
  })
  .refine(({ name, upgrade }) => name.length === 0 || !upgrade, {
    error: 'only one of "name" and "upgrade" can be given',
  })
  .refine(({ name, upgrade, update_cache }) => name.length > 0 || upgrade || update_cache, {
    error: 'one of "name", "upgrade" and "update_cache" is needed',
  });
type Params = z.output<typeof params>;

/** `EXECUTABLE OPERATION REFRESH COUNT EXTRA… SPEC…`; REFRESH: no, yes or force. */
const OBSERVE = script`
${MANAGER_SHELL}
need "$1"
pacman=$1 operation=$2 refresh=$3 refresh_count=$4
shift 4
refresh_databases() { # COUNT EXTRA…
  run refresh "$pacman" --sync --refresh --noconfirm "$@"
}
index_print() { find "$("$pacman" -v 2>/dev/null | sed -n 's/^DB Path *: //p')sync" -type f -exec cksum {} + 2>/dev/null | sort | cksum; }
if [ "$refresh" != no ]; then
  before=$(index_print)
  [ "$refresh" = yes ] || set -- --refresh "$@"
  [ "$refresh" = yes ] || refresh_count=$((refresh_count + 1))
  take() {
    left=$refresh_count
    for word; do
      shift
      if [ "$left" -gt 0 ]; then set -- "$@" "$word"; left=$((left - 1)); fi
    done
    refresh_databases "$@"
  }
  take "$@" || exit 0
  [ "$(index_print)" = "$before" ] || { section renewed; echo yes; }
fi
shift "$refresh_count"
count=$1
shift
section installed; "$pacman" --query 2>/dev/null
section explicit; "$pacman" --query --explicit --quiet 2>/dev/null
: >"$tmp/extra"
while [ "$count" -gt 0 ]; do printf '%s\n' "$1" >>"$tmp/extra"; shift; count=$((count - 1)); done
case $operation in
  install) for spec; do
      case $spec in *://* | */* | *.pkg.tar*) echo "$spec" ;; *) "$pacman" --deptest "$spec" >/dev/null 2>&1 || echo "$spec" ;; esac
    done >"$tmp/pending" ;;
  *) for spec; do echo "$spec"; done >"$tmp/pending" ;;
esac
section pending; cat "$tmp/pending"
NL='
'
IFS=$NL
set -f
files=$(grep -e '://' -e '/' -e '\.pkg\.tar' "$tmp/pending")
plain=$(grep -v -e '://' -e '/' -e '\.pkg\.tar' "$tmp/pending")
extra=$(cat "$tmp/extra")
FORMAT='step %n %v'
case $operation in
  install | latest)
    [ -z "$plain" ] || run simulation "$pacman" --sync --needed --print --print-format "$FORMAT" --noconfirm $extra $plain
    [ -z "$files" ] || run files "$pacman" --upgrade --needed --print --print-format "$FORMAT" --noconfirm $extra $files ;;
  upgrade) run simulation "$pacman" --sync --sysupgrade --print --print-format "$FORMAT" --noconfirm $extra ;;
esac
exit 0
`;

export const pacman = defineResource({
  name: 'pacman',
  collection: 'community.general',
  summary: 'Install, upgrade and remove packages on Arch Linux',
  description:
    'With `update_cache` check mode refreshes the index too, so that its prediction is exact.',
  params,
  examples: [
    '- pacman: { name: [nginx, git], state: present, update_cache: true }',
    '- pacman: { name: nginx, state: absent, extra_args: --recursive }',
    '- community.general.pacman: { upgrade: true, update_cache: true }',
  ],
  returns: {
    packages: 'Names of the packages that change.',
    cache_updated: 'Whether the refresh brought something new.',
    stdout: "pacman's output.",
    stderr: "pacman's error output.",
  },
  observe: (given) => ({ pacman: managerProbe(OBSERVE, observeArguments(given)) }),
  plan: (given, { pacman: state }) => planPacman(given, state),
  apply: (changes, target) => applyCommands(changes, target, 'pacman'),
  result: ({ name, upgrade, update_cache }, { pacman: state }, changes) => ({
    ...(name.length > 0 || upgrade ? { packages: changedPackages(changes) } : {}),
    ...(update_cache ? { cache_updated: state.wasRenewed } : {}),
  }),
});

function specs({ name }: Params): string[] {
  return name.map((each) => each.trim()).filter((each) => each !== '');
}

function operation(given: Params): 'install' | 'latest' | 'remove' | 'upgrade' | 'none' {
  if (given.upgrade) return 'upgrade';
  if (specs(given).length === 0) return 'none';
  if (given.state === 'absent') return 'remove';
  return given.state === 'latest' ? 'latest' : 'install';
}

function extraArguments({ upgrade, upgrade_extra_args, extra_args }: Params): string[] {
  return splitWords(upgrade ? upgrade_extra_args : extra_args);
}

function observeArguments(given: Params): string[] {
  const refreshExtra = splitWords(given.update_cache_extra_args);
  const extra = extraArguments(given);
  const refresh = given.force ? 'force' : 'yes';
  return [
    ...[given.executable, operation(given), given.update_cache ? refresh : 'no'],
    ...[String(refreshExtra.length), ...refreshExtra],
    ...[String(extra.length), ...extra],
    ...specs(given),
  ];
}

/** @throws ModuleError when pacman refuses. */
export function planPacman(given: Params, state: ManagerState): readonly ManagerChange[] {
  checkManager(given.executable, state);
  const installed = new Map(
    linesOf(state.sections.get('installed')).map((line) => {
      const [name = '', version = ''] = line.split(' ');
      return [name, version];
    }),
  );
  if (operation(given) === 'none') return state.wasRenewed ? [indexChange()] : [];
  if (operation(given) === 'remove') return removals(given, installed);
  const steps = pacmanSteps(
    `${state.simulation?.stdout ?? ''}\n${state.sections.get('files.stdout') ?? ''}`,
  );
  const named = reasonNames(
    given,
    state,
    installed,
    steps.map(({ name }) => name),
  );
  const commands = installCommands(given, state, steps.length > 0, named);
  const changes = steps.map((step) =>
    stepChange({ ...step, from: installed.get(step.name) }, commands),
  );
  return [...changes, ...reasonChanges(given, installed, steps, named, commands)];
}

function removals(given: Params, installed: ReadonlyMap<string, string>): ManagerChange[] {
  const found = specs(given).filter((name) => installed.has(name));
  const flags = [
    ...(given.force ? ['--nodeps', '--nodeps'] : []),
    ...(given.remove_nosave ? ['--nosave'] : []),
  ];
  const commands = [
    [
      given.executable,
      '--remove',
      '--noconfirm',
      '--noprogressbar',
      ...flags,
      ...extraArguments(given),
      ...found,
    ],
  ];
  return found.map((name) =>
    stepChange({ name, from: installed.get(name), to: undefined }, commands),
  );
}

function isFile(spec: string): boolean {
  return /:\/\/|\/|\.pkg\.tar/.test(spec);
}

function installCommands(
  given: Params,
  { pending }: ManagerState,
  hasSteps: boolean,
  reasoned: readonly string[],
): Commands {
  const { executable, reason } = given;
  const common = ['--noconfirm', '--noprogressbar', '--needed', ...extraArguments(given)];
  const [files, plain] = [pending.filter(isFile), pending.filter((spec) => !isFile(spec))];
  const upgrade = [
    executable,
    '--sync',
    '--sysupgrade',
    '--noconfirm',
    '--noprogressbar',
    ...extraArguments(given),
  ];
  const install = given.upgrade
    ? [upgrade]
    : [
        ...(plain.length === 0 ? [] : [[executable, '--sync', ...common, ...plain]]),
        ...(files.length === 0 ? [] : [[executable, '--upgrade', ...common, ...files]]),
      ];
  const flag = reason === 'dependency' ? '--asdeps' : '--asexplicit';
  const mark = reasoned.length === 0 ? [] : [[executable, '--database', flag, ...reasoned]];
  return [...(hasSteps ? install : []), ...mark];
}

/** The packages whose reason has to be set. */
function reasonNames(
  given: Params,
  state: ManagerState,
  installed: ReadonlyMap<string, string>,
  changing: readonly string[],
): string[] {
  if (given.reason === undefined) return [];
  const explicit = new Set(linesOf(state.sections.get('explicit')));
  const isOther = (name: string) => explicit.has(name) !== (given.reason === 'explicit');
  const isNew = (name: string) => !installed.has(name) && changing.includes(name);
  return specs(given).filter((name) =>
    isNew(name)
      ? given.reason === 'dependency'
      : given.reason_for === 'all' && installed.has(name) && isOther(name),
  );
}

function reasonChanges(
  { reason = 'explicit' }: Params,
  installed: ReadonlyMap<string, string>,
  steps: readonly { readonly name: string }[],
  named: readonly string[],
  commands: Commands,
): ManagerChange[] {
  const alone = named.filter(
    (name) => installed.has(name) && !steps.some((step) => step.name === name),
  );
  const other = reason === 'explicit' ? 'dependency' : 'explicit';
  return alone.map((name) => ({
    what: `package ${name}`,
    before: other,
    after: reason,
    operation: commands,
  }));
}

/** Lines of `--print-format 'step %n %v'`. Tried with pacman 6.0.2. */
export function pacmanSteps(
  stdout: string,
): { readonly name: string; readonly to: string; readonly from: undefined }[] {
  const matches = [...stdout.matchAll(/^step (\S+) (\S+)$/gm)];
  return matches.map(([, name = '', to = '']) => ({ name, to, from: undefined }));
}
