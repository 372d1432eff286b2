/** `npm`: packages of Node, in a project or for the whole host. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import { defineResource } from '../../module.ts';
import { boolean, path, text, word } from '../../params.ts';
import { script } from '../../script.ts';
import { type NpmState, npmStateOf } from './npmState.ts';

const params = z
  .strictObject({
    name: word().optional().describe('Package; without it those that package.json names.'),
    path: path()
      .optional()
      .describe('Directory of the project; made when it is missing. Needed without `global`.'),
    version: text().optional().describe('Version, range or tag of the package.'),
    global: boolean().default(false).describe('Install for the whole host.'),
    executable: path().optional().describe('The npm to use, e.g. of nvm.'),
    ignore_scripts: boolean().default(false).describe('Do not run the scripts of packages.'),
    unsafe_perm: boolean()
      .default(false)
      .describe('Run the scripts of packages as root (npm before 7).'),
    ci: boolean()
      .default(false)
      .describe(
        'Install exactly what package-lock.json holds, from nothing (`npm ci`), each time.',
      ),
    production: boolean().default(false).describe('Leave development dependencies out.'),
    registry: text().optional().describe('URL of the registry.'),
    state: z
      .enum(['present', 'absent', 'latest'])
      .default('present')
      .describe('`latest` also updates.'),
    no_optional: boolean().default(false).describe('Leave optional dependencies out.'),
    no_bin_links: boolean().default(false).describe('Make no links to the programs of packages.'),
    force: boolean().default(false).describe("npm's --force."),
  })
  .refine(({ path: folder, global: isGlobal }) => isGlobal || folder !== undefined, {
    error: '"path" is needed when "global" is not set',
  })
  .refine(({ state, name }) => state !== 'absent' || name !== undefined, {
    error: '"name" is needed for "state: absent"',
  });

type Params = z.output<typeof params>;

/** Goes to `PATH` (when it exists) and finds `EXECUTABLE`. */
const FIND_NPM = script`
export LC_ALL=C.UTF-8 NO_UPDATE_NOTIFIER=1 npm_config_fund=false npm_config_audit=false
section() { printf '\n\036%s\n' "$1"; }
home_of() { case $1 in "~") printf %s "$HOME" ;; "~/"*) printf %s "$HOME/\${1#"~/"}" ;; *) printf %s "$1" ;; esac; }
folder=$(home_of "$1")
npm=$(command -v -- "$(home_of "\${2:-npm}")") || exit 127
case $npm in /*) PATH=\${npm%/*}:$PATH ;; esac
shift 2
`;

/** `PATH EXECUTABLE QUERY OUTDATED [npm argument…]`: what is installed, what a range stands for, what is outdated. */
const OBSERVE = script`
${FIND_NPM}
query=$1 outdated=$2
shift 2
if [ -n "$folder" ]; then
  [ ! -e "$folder" ] || [ -d "$folder" ] || exit 3
  cd -- "$folder" 2>/dev/null || { section nofolder; cd /; [ -z "$query" ] || { section resolved; "$npm" view "$query" version --json "$@" 2>/dev/null; }; exit 0; }
  [ -d node_modules ] && section modules
fi
section list; "$npm" list --json --depth=0 "$@" 2>/dev/null
[ "$outdated" = no ] || { section outdated; "$npm" outdated --json "$@" 2>/dev/null; }
[ -z "$query" ] || { section resolved; "$npm" view "$query" version --json "$@" 2>/dev/null; }
exit 0
`;

const APPLY = script`
${FIND_NPM}
if [ -n "$folder" ]; then mkdir -p -- "$folder" && cd -- "$folder" || exit 1; fi
"$npm" "$@" </dev/null
`;

export const npm = defineResource({
  name: 'npm',
  collection: 'community.general',
  summary: 'Install, update and remove packages of Node',
  description:
    'A range or a tag given as `version` is looked up in the registry, so that nothing changes when its newest version is there.',
  params,
  examples: [
    '- npm: { name: pm2, global: true }',
    '- npm: { path: /srv/app, production: true }',
    '- npm: { path: /srv/app, ci: true }',
    '- community.general.npm: { name: express, version: ^4.18.0, path: /srv/app, state: present }',
  ],
  returns: { stdout: "npm's output.", stderr: "npm's error output." },

  observe: (given) => ({
    npm: {
      script: OBSERVE,
      args: observeArguments(given),
      parse: ({ rc, stdout, stderr }) => checkedState(given, rc, stdout, stderr),
    },
  }),
  plan(given, { npm: state }, { checkMode }) {
    if (!state.hasTool && !checkMode) throw noNpm(given);
    return planNpm(given, state);
  },
  async apply(changes, target, given) {
    const commands = new Set(changes.map(({ operation }) => operation));
    const outputs = [];
    for (const command of commands) {
      const args = [given.path ?? '', given.executable ?? '', ...npmArguments(given, command)];
      const { rc, stdout, stderr } = await target.sh(APPLY, { args });
      const data = { rc, stdout: stdout.toString(), stderr: stderr.toString() };
      if (rc !== 0) throw new ModuleError(`npm ${command} failed`, { data });
      outputs.push(data);
    }
    return {
      stdout: outputs.map(({ stdout }) => stdout).join(''),
      stderr: outputs.map(({ stderr }) => stderr).join(''),
    };
  },
});

type NpmCommand = 'install' | 'update' | 'uninstall' | 'ci';

/** In check mode an earlier task may bring it. */
function noNpm({ executable }: Params): ModuleError {
  return new ModuleError(`${executable ?? 'npm'} is not on this host`, {
    code: 'DROVER_TOOL_MISSING',
    hint: 'install the package npm (or nodejs) first',
  });
}

function checkedState(given: Params, rc: number, stdout: Buffer, stderr: Buffer): NpmState {
  if (rc === 127) return { ...npmStateOf(''), hasTool: false, isNew: true };
  if (rc === 3) throw new ModuleError(`${given.path} is no directory`);
  if (rc !== 0) throw new ModuleError(`npm cannot be asked: ${stderr.toString().trim()}`);
  return npmStateOf(stdout.toString());
}

function observeArguments(given: Params): string[] {
  const { name, version, state } = given;
  const isExact = version === undefined || /^\d+\.\d+\.\d+[-+.\w]*$/.test(version);
  const query = name === undefined || isExact || state === 'absent' ? '' : `${name}@${version}`;
  const outdated = state === 'latest' ? 'yes' : 'no';
  // What is left out of the installation is not missing.
  const left = given.production ? ['--production'] : [];
  return [given.path ?? '', given.executable ?? '', query, outdated, ...scope(given), ...left];
}

function scope({ global: isGlobal, registry }: Params): string[] {
  return [
    ...(isGlobal ? ['--global'] : []),
    ...(registry === undefined ? [] : [`--registry=${registry}`]),
  ];
}

function npmArguments(given: Params, command: NpmCommand): string[] {
  const flags: readonly (readonly [boolean, string])[] = [
    [given.production, '--production'],
    [given.force, '--force'],
    [given.ignore_scripts, '--ignore-scripts'],
    [given.unsafe_perm, '--unsafe-perm'],
    [given.no_optional, '--no-optional'],
    [given.no_bin_links, '--no-bin-links'],
  ];
  const chosen = flags.filter(([isSet]) => isSet).map(([, flag]) => flag);
  const { name, version } = given;
  const spec = version === undefined || command === 'uninstall' ? name : `${name}@${version}`;
  const packages = name === undefined || command === 'ci' ? [] : [spec ?? name];
  return [command, ...scope(given), ...chosen, ...packages];
}

export function planNpm(given: Params, state: NpmState): readonly Change<NpmCommand>[] {
  if (given.ci)
    return [change('node_modules', state.hasModules ? 'present' : 'absent', 'as locked', 'ci')];
  if (given.name === undefined) return projectChanges(given, state);
  const before = state.installed.get(given.name);
  if (given.state === 'absent') {
    return before === undefined ? [] : [change(given.name, before, 'absent', 'uninstall')];
  }
  const wanted = given.version === undefined ? undefined : (state.resolved ?? given.version);
  if (before === undefined || (wanted !== undefined && before !== wanted)) {
    return [change(given.name, before ?? 'absent', wanted ?? 'present', 'install')];
  }
  const newer = given.state === 'latest' ? state.outdated.get(given.name) : undefined;
  if (newer === undefined || given.version !== undefined) return [];
  return [change(`${given.name}`, before, newer, 'update')];
}

/** What package.json asks for. */
function projectChanges({ state: wanted }: Params, state: NpmState): Change<NpmCommand>[] {
  if (state.isNew) return [change('of package.json', 'absent', 'present', 'install')];
  const missing = state.missing.map((name) =>
    change(name, state.installed.get(name) ?? 'absent', 'present', 'install'),
  );
  if (wanted !== 'latest') return missing;
  const updates = [...state.outdated].filter(([name]) => state.installed.has(name));
  return [
    ...missing,
    ...updates.map(([name, to]) =>
      change(name, state.installed.get(name) ?? 'absent', to, 'update'),
    ),
  ];
}

function change(
  name: string,
  before: string,
  after: string,
  operation: NpmCommand,
): Change<NpmCommand> {
  return { what: `package ${name}`, before, after, operation };
}
