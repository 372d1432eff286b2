/** `apk`: packages of Alpine Linux. `apk --simulate` says what would be done. */
import * as z from 'zod';
import { defineResource } from '../../module.ts';
import { boolean, list, path, text } from '../../params.ts';
import { script } from '../../script.ts';
import { linesOf } from '../../scriptOutput.ts';
import { MANAGER_SHELL } from '../managerShell.ts';
import {
  applyCommands,
  changedPackages,
  checkManager,
  indexChange,
  type ManagerChange,
  type ManagerState,
  type ManagerStep,
  managerProbe,
  packageState,
  stepChange,
} from '../managerWork.ts';

const params = z
  .strictObject({
    name: list(text()).default([]).describe('Packages, also with a version (`nginx=1.24.0-r1`).'),
    state: packageState(),
    available: boolean()
      .default(false)
      .describe(
        'With `upgrade`: also replace packages by versions of the repositories that are older.',
      ),
    no_cache: boolean().default(false).describe('Use no index that is on the host.'),
    repository: list(text())
      .default([])
      .describe('Repositories to use instead of those that the host has.'),
    update_cache: boolean().default(false).describe('Refresh the index first.'),
    upgrade: boolean().default(false).describe('Upgrade everything.'),
    world: path()
      .default('/etc/apk/world')
      .describe('File with the packages that are explicitly asked for.'),
  })
  .refine(({ name, upgrade }) => name.length === 0 || !upgrade, {
    error: 'only one of "name" and "upgrade" can be given',
  })
  .refine(({ name, upgrade, update_cache }) => name.length > 0 || upgrade || update_cache, {
    error: 'one of "name", "upgrade" and "update_cache" is needed',
  });
type Params = z.output<typeof params>;

/** `WORLD REFRESH COUNT OPTION… [VERB WORD…]`. */
const OBSERVE = script`
${MANAGER_SHELL}
need apk
world=$1 refresh=$2 count=$3
shift 3
print() { find /var/cache/apk /etc/apk/cache /lib/apk/db -name 'APKINDEX*' -exec cksum {} + 2>/dev/null | sort | cksum; }
if [ "$refresh" = yes ]; then
  before=$(print)
  update() { # the options come first; the verb and its words are not for this command
    total=$# left=$count
    for word; do
      shift
      if [ "$left" -gt 0 ]; then set -- "$@" "$word"; left=$((left - 1)); fi
    done
    run refresh apk "$@" update
  }
  update "$@" || exit 0
  [ "$(print)" = "$before" ] || { section renewed; echo yes; }
fi
section world; cat -- "$world" 2>/dev/null
[ $# -gt "$count" ] || exit 0
run simulation apk --simulate "$@"
exit 0
`;

export const apk = defineResource({
  name: 'apk',
  collection: 'community.general',
  summary: 'Install, upgrade and remove packages on Alpine Linux',
  description:
    'With `update_cache` check mode refreshes the index too, so that its prediction is exact.',
  params,
  examples: [
    '- apk: { name: [nginx, curl], update_cache: true }',
    '- apk: { upgrade: true, update_cache: true }',
    '- community.general.apk: { name: nginx, state: absent }',
  ],
  returns: {
    packages: 'Names of the packages that change.',
    stdout: "apk's output.",
    stderr: "apk's error output.",
  },
  observe: (given) => ({
    apk: managerProbe(OBSERVE, [
      given.world,
      given.update_cache ? 'yes' : 'no',
      String(options(given).length),
      ...options(given),
      ...work(given),
    ]),
  }),
  plan: (given, { apk: state }) => planApk(given, state),
  apply: (changes, target) => applyCommands(changes, target, 'apk'),
  result: ({ name, upgrade }, _state, changes) =>
    name.length > 0 || upgrade ? { packages: changedPackages(changes) } : {},
});

function options({ no_cache, repository }: Params): string[] {
  return [
    ...(no_cache ? ['--no-cache'] : []),
    ...(repository.length === 0 ? [] : ['--repositories-file=/dev/null']),
    ...repository.flatMap((each) => ['--repository', each]),
  ];
}

function names({ name }: Params): string[] {
  return name.map((each) => each.trim()).filter((each) => each !== '');
}

/** The verb and its words; nothing when only the index is asked for. */
function work(given: Params): string[] {
  if (given.upgrade) return ['upgrade', ...(given.available ? ['--available'] : [])];
  if (names(given).length === 0) return [];
  if (given.state === 'absent') return ['del', ...names(given)];
  return ['add', ...(given.state === 'latest' ? ['--upgrade'] : []), ...names(given)];
}

/** @throws ModuleError when apk refuses. */
export function planApk(given: Params, state: ManagerState): readonly ManagerChange[] {
  checkManager('apk', state);
  if (work(given).length === 0) return state.wasRenewed ? [indexChange()] : [];
  const commands = [['apk', ...options(given), ...work(given)]];
  const steps = apkSteps(state.simulation?.stdout ?? '');
  return [
    ...steps.map((step) => stepChange(step, commands)),
    ...worldChanges(given, state, steps, commands),
  ];
}

/** What is installed for the sake of others becomes, or stops to be, one that is asked for. */
function worldChanges(
  given: Params,
  state: ManagerState,
  steps: readonly ManagerStep[],
  commands: readonly string[][],
): ManagerChange[] {
  const bare = (spec: string) => spec.replace(/[@=<>~].*$/, '');
  const world = new Set(
    linesOf(state.sections.get('world'))
      .flatMap((line) => line.split(/\s+/))
      .map(bare),
  );
  const isAbsent = given.state === 'absent';
  const moved = names(given)
    .map(bare)
    .filter((name) => world.has(name) === isAbsent && !steps.some((step) => step.name === name))
    .filter((name) => !name.startsWith('.') && !name.startsWith('/'));
  return moved.map((name) => ({
    what: `package ${name}`,
    before: isAbsent ? 'asked for' : 'installed for others',
    after: isAbsent ? 'installed for others' : 'asked for',
    operation: commands,
  }));
}

/** Lines such as `(1/2) Upgrading nginx (1.24.0-r1 -> 1.24.0-r2)`. Tried on output of apk-tools 2.14. */
export function apkSteps(stdout: string): ManagerStep[] {
  const LINE =
    /^\(\s*\d+\/\d+\) (Installing|Upgrading|Downgrading|Replacing|Reinstalling|Purging) (\S+) \((\S+?)(?: -> (\S+?))?\)/;
  return stdout.split('\n').flatMap((line) => {
    const [, verb, name, first, second] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    if (verb === 'Purging') return [{ name, from: first, to: undefined }];
    return [{ name, from: verb === 'Installing' ? undefined : first, to: second ?? first }];
  });
}
