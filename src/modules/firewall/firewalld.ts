/** `firewalld`: zones of the firewall of Red Hat and SUSE, through firewall-cmd, or firewall-offline-cmd when it is down. */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { script } from '../script.ts';
import { FirewalldParams, type ZoneSetting, zoneSetting } from './firewalldParams.ts';

/** Where a setting is: in the running firewall, in its files, or in the files while it is down. */
type Layer = 'runtime' | 'permanent' | 'offline';

export interface ZoneState {
  readonly hasTool: boolean;
  readonly isRunning: boolean;
  /** The zone that is meant. */
  readonly zone: string;
  readonly runtime: boolean;
  readonly permanent: boolean;
  /** The target of the zone in the files. */
  readonly target: string;
}

/** Arguments of firewall-cmd. */
type ZoneChange = Change<{ readonly layer: Layer; readonly args: readonly string[] }>;

/**
 * `ZONE OPTION VALUE LAYERS`: `key value` lines. The query of a zone that is not there fails, which is an answer. Each call of
 * firewall-cmd starts a Python, so only the layers that count are asked.
 */
const OBSERVE = script`
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
zone=$1 option=$2 value=$3 layers=$4
command -v firewall-cmd >/dev/null || exit 127
query="--query-$option"
[ -z "$value" ] || query="$query=$value"
ask() { # LAYER COMMAND...
  layer=$1
  shift
  if [ "$option" = target ]; then echo "target $("$@" --get-target 2>/dev/null)"
  elif [ -z "$option" ]; then case " $("$@" --get-zones 2>/dev/null) " in *" $zone "*) echo "$layer yes" ;; esac
  elif "$@" "$query" >/dev/null 2>&1; then echo "$layer yes"; fi
}
if firewall-cmd --state >/dev/null 2>&1; then
  echo 'running yes'
  [ -n "$zone" ] || zone=$(firewall-cmd --get-default-zone)
  if [ -z "$option" ]; then ask permanent firewall-cmd --permanent
  else
    case $layers in *runtime*) ask runtime firewall-cmd "--zone=$zone" ;; esac
    case $layers in *permanent*) ask permanent firewall-cmd --permanent "--zone=$zone" ;; esac
  fi
else
  [ -n "$zone" ] || zone=$(firewall-offline-cmd --get-default-zone 2>/dev/null)
  if [ -z "$option" ]; then ask permanent firewall-offline-cmd
  else ask permanent firewall-offline-cmd "--zone=$zone"; fi
fi
echo "zone $zone"`;

/** `LAYER ARGUMENT…` */
const APPLY = script`
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
layer=$1
shift
case $layer in
  runtime) firewall-cmd "$@" ;;
  permanent) firewall-cmd --permanent "$@" ;;
  *) firewall-offline-cmd "$@" ;;
esac`;

export const firewalld = defineResource({
  name: 'firewalld',
  collection: 'ansible.posix',
  aliases: ['ansible.builtin.firewalld'],
  summary: 'Manage zones of firewalld',
  params: FirewalldParams,
  examples: [
    '- firewalld: { service: https, permanent: true, immediate: true, state: enabled }',
    '- firewalld: { zone: dmz, port: 161-162/udp, permanent: true, state: enabled }',
    '- firewalld: { zone: app, state: present, permanent: true }',
    '- firewalld:\n    rich_rule: rule service name="ftp" audit limit value="1/m" accept\n    permanent: true\n    state: enabled\n',
  ],
  returns: { msg: 'What was done, in words.' },
  observe: (params: FirewalldParams) => ({ zone: zoneState(params) }),
  plan: (params, { zone }, { checkMode }) => planFirewalld(params, zone, checkMode),
  apply: (changes, target) => applyFirewalld(changes, target),
  result: (_params, _state, changes) => ({
    msg: changes.map(({ what, after }) => `${what}: ${after}`).join(', '),
  }),
});

function zoneState(params: FirewalldParams): Probe<ZoneState> {
  const setting = zoneSetting(params);
  return {
    script: OBSERVE,
    args: [
      params.zone ?? '',
      setting?.option ?? '',
      setting?.value ?? '',
      layersOf(params, { isRunning: true }).join(','),
    ],
    parse: ({ rc, stdout }) => zoneStateOf(stdout.toString(), rc !== 127),
  };
}

/** The target's name in the configuration; firewall-cmd prints it without its signs. */
const REJECTING = '%%REJECT%%';

export function zoneStateOf(output: string, hasTool: boolean): ZoneState {
  const lines = output.split('\n');
  const after = (word: string) =>
    lines.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? '';
  return {
    hasTool,
    isRunning: after('running') === 'yes',
    zone: after('zone'),
    runtime: after('runtime') === 'yes',
    permanent: after('permanent') === 'yes',
    target: after('target') === 'REJECT' ? REJECTING : after('target'),
  };
}

export function planFirewalld(
  params: FirewalldParams,
  state: ZoneState,
  checkMode: boolean,
): readonly ZoneChange[] {
  checkUsable(params, state, checkMode);
  const setting = zoneSetting(params);
  if (setting === undefined) return zoneChanges(params, state);
  if (setting.isPermanentOnly) return targetChanges(params, state);
  return layersOf(params, state).flatMap((layer) => settingChanges(params, setting, state, layer));
}

function checkUsable(params: FirewalldParams, state: ZoneState, checkMode: boolean): void {
  if (checkMode) return;
  if (!state.hasTool) {
    throw new ModuleError('this host has no firewall-cmd', {
      hint: 'install the package firewalld',
    });
  }
  if (!state.isRunning && (params.permanent !== true || params.offline !== true)) {
    throw new ModuleError('firewalld does not run on this host', {
      hint: 'start the service, or set "permanent: true" and "offline: true"',
    });
  }
}

/** The running firewall, unless only its files are meant. */
function layersOf(
  { permanent, immediate }: FirewalldParams,
  { isRunning }: Pick<ZoneState, 'isRunning'>,
): Layer[] {
  const isPermanent = permanent === true;
  if (isPermanent && !isRunning) return ['offline'];
  const runtime: Layer[] = immediate || !isPermanent ? ['runtime'] : [];
  return isPermanent ? ['permanent', ...runtime] : runtime;
}

function settingChanges(
  { timeout }: FirewalldParams,
  { what, option, value, isWanted }: ZoneSetting,
  { zone, runtime, permanent }: ZoneState,
  layer: Layer,
): ZoneChange[] {
  const isThere = layer === 'runtime' ? runtime : permanent;
  if (isThere === isWanted) return [];
  const word = (on: boolean) => (on ? 'enabled' : 'disabled');
  const flag = `--${verbFor(option, isWanted)}-${option}${value === undefined ? '' : `=${value}`}`;
  const limited = layer === 'runtime' && isWanted && timeout > 0 ? [`--timeout=${timeout}`] : [];
  return [
    {
      what: `firewalld zone ${zone} (${layer}): ${what}`,
      before: word(isThere),
      after: word(isWanted),
      operation: { layer, args: [`--zone=${zone}`, flag, ...limited] },
    },
  ];
}

/** What belongs to one zone at a time moves there. */
function verbFor(option: string, isWanted: boolean): string {
  if (!isWanted) return 'remove';
  return option === 'interface' || option === 'source' ? 'change' : 'add';
}

/** Without a target of its own a zone has `default`. */
function targetChanges(
  { target = 'default', state: wish }: FirewalldParams,
  { zone, target: before, isRunning }: ZoneState,
): ZoneChange[] {
  const after = wish === 'enabled' || wish === 'present' ? target : 'default';
  const isGiven = wish === 'enabled' || wish === 'present' || before === target;
  if (!isGiven || before === after) return [];
  const layer = isRunning ? 'permanent' : 'offline';
  const operation = { layer, args: [`--zone=${zone}`, `--set-target=${after}`] } as const;
  return [{ what: `firewalld zone ${zone} (${layer}): target`, before, after, operation }];
}

function zoneChanges(
  { state: wish }: FirewalldParams,
  { zone, permanent, isRunning }: ZoneState,
): ZoneChange[] {
  const isWanted = wish === 'present';
  if (permanent === isWanted) return [];
  const layer = isRunning ? 'permanent' : 'offline';
  const flag = isWanted ? `--new-zone=${zone}` : `--delete-zone=${zone}`;
  const word = (on: boolean) => (on ? 'present' : 'absent');
  return [
    {
      what: `firewalld zone ${zone}`,
      before: word(permanent),
      after: word(isWanted),
      operation: { layer, args: [flag] },
    },
  ];
}

async function applyFirewalld(changes: readonly ZoneChange[], target: Target) {
  for (const { operation } of changes) {
    const { layer, args } = operation;
    const { rc, stdout, stderr } = await target.sh(APPLY, { args: [layer, ...args] });
    if (rc === 0) continue;
    const said = stderr.toString().trim() || stdout.toString().trim();
    throw new ModuleError(`firewalld ${args.join(' ')}: ${said}`, {
      hint: /INVALID_ZONE/.test(said)
        ? 'make the zone first, and reload firewalld to use it'
        : undefined,
      data: { rc, stdout: stdout.toString(), stderr: stderr.toString() },
    });
  }
}
