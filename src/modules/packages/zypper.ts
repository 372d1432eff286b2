/** `zypper`: packages, patterns and patches of SUSE. `zypper --dry-run` says what would be done. */
import { z } from 'zod';
import { splitWords } from '../commands/shellWords.ts';
import { defineResource } from '../module.ts';
import { boolean, list, text } from '../params.ts';
import { script } from '../script.ts';
import {
  applyCommands,
  changedPackages,
  checkManager,
  indexChange,
  MANAGER_SHELL,
  type ManagerChange,
  type ManagerState,
  type ManagerStep,
  managerProbe,
  stepChange,
} from './managerWork.ts';

const params = z.strictObject({
  name: list(text())
    .describe('Packages, with version (`nginx>=1.24`), files or URLs; `*` with `latest` is all.')
    .meta({ aliases: ['pkg'] }),
  state: z
    .preprocess(
      (value) => (value === 'installed' ? 'present' : value === 'removed' ? 'absent' : value),
      z.enum(['present', 'latest', 'absent', 'dist-upgrade']),
    )
    .default('present')
    .describe(
      '`latest` also upgrades; `dist-upgrade` upgrades the whole system, with `name: "*"`.',
    ),
  type: z
    .enum(['package', 'patch', 'pattern', 'product', 'srcpackage', 'application'])
    .default('package')
    .describe('What the names stand for.'),
  extra_args_precommand: text().default('').describe("zypper's global arguments."),
  disable_gpg_check: boolean().default(false).describe('Take packages without a good signature.'),
  disable_recommends: boolean().default(true).describe('Leave out what packages recommend.'),
  force: boolean().default(false).describe('Install also an older version or from another vendor.'),
  force_resolution: boolean()
    .default(false)
    .describe('Find a solution even if it removes packages.'),
  update_cache: boolean()
    .default(false)
    .describe('Refresh the repositories first.')
    .meta({ aliases: ['refresh'] }),
  oldpackage: boolean().default(false).describe('Allow older versions than the installed ones.'),
  extra_args: text().default('').describe('More arguments of the command.'),
  allow_vendor_change: boolean().default(false).describe('Allow another vendor (dist-upgrade).'),
  replacefiles: boolean().default(false).describe('Install although files of others are replaced.'),
  clean_deps: boolean().default(false).describe('Remove dependencies that are needed no more.'),
  auto_import_keys: boolean().default(false).describe('Trust the keys of repositories unseen.'),
  simple_errors: boolean().default(false).describe('Taken for compatibility; without effect.'),
  quiet: boolean().default(true).describe('Taken for compatibility; without effect.'),
});
type Params = z.output<typeof params>;

/** `OPERATION REFRESH GLOBALS LOCALS GLOBAL… LOCAL… SPEC…`; the verb is the first of the locals. */
const OBSERVE = script`
${MANAGER_SHELL}
need zypper
operation=$1 refresh=$2 globals=$3 locals=$4
shift 4
NL='
'
: >"$tmp/globals"
: >"$tmp/locals"
while [ "$globals" -gt 0 ]; do printf '%s\n' "$1" >>"$tmp/globals"; shift; globals=$((globals - 1)); done
while [ "$locals" -gt 0 ]; do printf '%s\n' "$1" >>"$tmp/locals"; shift; locals=$((locals - 1)); done
print() { find /var/cache/zypp/raw -name repomd.xml -exec cksum {} + 2>/dev/null | sort | cksum; }
for spec; do
  case $operation:$spec in
    present:*[=\<\>/*:]* | present:[-+~!]* | all:* | latest:*) echo "$spec"; continue ;;
  esac
  if rpm -q --whatprovides "$spec" >/dev/null 2>&1; then
    [ "$operation" != absent ] || echo "$spec"
  else
    case $operation:$spec in present:* | absent:*[=\<\>/*:]*) echo "$spec" ;; esac
  fi
done >"$tmp/pending"
section pending; cat "$tmp/pending"
IFS=$NL
set -f
globals=$(cat "$tmp/globals") locals=$(cat "$tmp/locals") pending=$(cat "$tmp/pending")
if [ "$refresh" = yes ]; then
  set +f; before=$(print); set -f
  run refresh zypper --non-interactive $globals refresh || exit 0
  set +f; [ "$(print)" = "$before" ] || { section renewed; echo yes; }; set -f
fi
if [ "$operation" = all ]; then pending=; elif [ -z "$pending" ]; then exit 0; fi
set -- $locals
verb=$1
shift
run simulation zypper --non-interactive --xmlout $globals "$verb" --dry-run "$@" -- $pending
exit 0
`;

export const zypper = defineResource({
  name: 'zypper',
  collection: 'community.general',
  summary: 'Install, upgrade and remove packages on SUSE and openSUSE',
  description:
    'With `update_cache` check mode refreshes the index too, so that its prediction is exact.',
  params,
  examples: [
    '- zypper: { name: [nginx, git], state: present }',
    '- zypper: { name: "*", state: latest, update_cache: true }',
    '- community.general.zypper: { name: lamp_server, type: pattern }',
  ],
  returns: {
    packages: 'Names of the packages that change.',
    stdout: "zypper's output.",
    stderr: "zypper's error output.",
  },
  observe: (given) => {
    const [globals, locals] = [globalOptions(given), localOptions(given)];
    const args = [
      ...[operation(given), given.update_cache ? 'yes' : 'no'],
      ...[String(globals.length), String(locals.length), ...globals, ...locals],
      ...specs(given),
    ];
    return { zypper: managerProbe(OBSERVE, args) };
  },
  plan: (given, { zypper: state }) => planZypper(given, state),
  apply: (changes, target) => applyCommands(changes, target, 'zypper'),
  result: (_given, _state, changes) => ({ packages: changedPackages(changes) }),
});

function specs({ name }: Params): string[] {
  return name.map((each) => each.trim()).filter((each) => each !== '');
}

function operation(given: Params): 'present' | 'latest' | 'absent' | 'all' {
  if (given.state === 'dist-upgrade') return 'all';
  const isAll = specs(given).every((each) => each === '*');
  return given.state === 'latest' && isAll ? 'all' : given.state;
}

function globalOptions(given: Params): string[] {
  return [
    ...splitWords(given.extra_args_precommand),
    ...(given.disable_gpg_check ? ['--no-gpg-checks'] : []),
    ...(given.auto_import_keys ? ['--gpg-auto-import-keys'] : []),
  ];
}

/** The verb and its options, as the simulation and the work take them. */
function localOptions(given: Params): string[] {
  const verb = verbOf(given);
  const installs = verb === 'install' || verb === 'update';
  const table: readonly (readonly [boolean, string])[] = [
    [verb !== 'remove', '--auto-agree-with-licenses'],
    [given.disable_recommends && verb !== 'remove' && verb !== 'patch', '--no-recommends'],
    [given.force && verb === 'install', '--force'],
    [given.force_resolution && installs, '--force-resolution'],
    [given.oldpackage && verb === 'install', '--oldpackage'],
    [given.replacefiles && verb !== 'remove', '--replacefiles'],
    [given.clean_deps && verb === 'remove', '--clean-deps'],
    [given.allow_vendor_change && verb === 'dist-upgrade', '--allow-vendor-change'],
  ];
  const takesType = verb === 'install' || verb === 'remove' || verb === 'update';
  return [
    verb,
    ...(takesType ? ['--type', given.type] : []),
    ...table.filter(([wanted]) => wanted).map(([, option]) => option),
    ...splitWords(given.extra_args),
  ];
}

function verbOf(given: Params): 'install' | 'remove' | 'update' | 'patch' | 'dist-upgrade' {
  if (given.state === 'dist-upgrade') return 'dist-upgrade';
  if (given.state === 'absent') return 'remove';
  if (operation(given) !== 'all') return 'install';
  return given.type === 'patch' ? 'patch' : 'update';
}

/** @throws ModuleError when zypper refuses. */
export function planZypper(given: Params, state: ManagerState): readonly ManagerChange[] {
  checkManager('zypper', withoutInformation(state));
  const command = ['zypper', '--non-interactive', ...globalOptions(given), ...localOptions(given)];
  const words = operation(given) === 'all' ? [] : ['--', ...state.pending];
  const steps = zypperSteps(state.simulation?.stdout ?? '');
  const changes = steps.map((step) => stepChange(step, [[...command, ...words]]));
  return changes.length === 0 && specs(given).length === 0 && state.wasRenewed
    ? [indexChange()]
    : changes;
}

/** Codes from 100 on only inform: updates are needed, a reboot, a restart; 104 is a name that nobody knows. */
function withoutInformation(state: ManagerState): ManagerState {
  const { simulation } = state;
  if (simulation === undefined || simulation.rc < 100 || simulation.rc === 104) {
    return { ...state, simulation: simulation && { ...simulation, stderr: messages(simulation) } };
  }
  return { ...state, simulation: { ...simulation, rc: 0 } };
}

/** Errors stand in the XML. */
function messages({
  stdout,
  stderr,
}: {
  readonly stdout: string;
  readonly stderr: string;
}): string {
  const errors = [...stdout.matchAll(/<message type="error">([^<]*)<\/message>/g)];
  return errors.length === 0
    ? stderr
    : errors.map(([, message = '']) => `error: ${plainText(message)}`).join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&apos;': "'",
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};

function plainText(xml: string): string {
  return xml.replaceAll(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);
}

const PARTS =
  /<to-(install|upgrade|downgrade|reinstall|remove|change-version|change-arch)>([\s\S]*?)<\/to-\1>/g;

/** The solvables of the XML that `--dry-run` prints. Tried with zypper 1.14.42. */
export function zypperSteps(xml: string): ManagerStep[] {
  return [...xml.matchAll(PARTS)].flatMap(([, part, content = '']) =>
    [...content.matchAll(/<solvable\s([^>]*?)\/?>/g)].map(([, attributes = '']) => {
      const value = (name: string) =>
        new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
      const edition = value('edition');
      const isGone = part === 'remove';
      const old = part === 'reinstall' ? edition : value('edition-old');
      return {
        name: value('name') ?? '',
        from: isGone ? edition : old,
        to: isGone ? undefined : edition,
      };
    }),
  );
}
