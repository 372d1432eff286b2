/** `sysvinit`: services with init scripts, runlevel by runlevel, also where another manager runs. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change, ResultData } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { boolean, integer, list, text } from '../params.ts';
import { script } from '../script.ts';
import { WORKING_DIRECTORY } from '../workingDirectory.ts';
import { planService, type ServiceAction } from './servicePlan.ts';
import { INIT_SHELL } from './serviceScripts.ts';

const params = z
  .strictObject({
    name: text()
      .describe('Name of the service.')
      .meta({ aliases: ['service'] }),
    state: z
      .enum(['started', 'stopped', 'restarted', 'reloaded'])
      .optional()
      .describe('`restarted` stops and starts, `reloaded` asks the script to.'),
    enabled: boolean().optional().describe('Whether it starts at boot.'),
    runlevels: list(text()).optional().describe('Runlevels that `enabled` is about.'),
    sleep: integer().default(1).describe('Seconds between stop and start of a restart.'),
    pattern: text()
      .optional()
      .describe('Text to look for in the process list, where the script has no `status`.'),
    arguments: text()
      .default('')
      .describe('Further words for the script.')
      .meta({ aliases: ['args'] }),
    daemonize: boolean()
      .default(false)
      .describe('Run the script in a session of its own, for daemons that do not detach.'),
  })
  .refine(({ state, enabled }) => state !== undefined || enabled !== undefined, {
    error: 'one of "state" and "enabled" is needed',
  });
type Params = z.output<typeof params>;

export interface InitScript {
  readonly exists: boolean;
  readonly isRunning: boolean;
  /** Runlevels in which it starts. */
  readonly levels: readonly string[];
}

type InitChange = Change<ServiceAction>;

/** `NAME PATTERN ARGUMENTS` */
const OBSERVE = script`
name=$1 pattern=$2 words=$3
${INIT_SHELL}
file=$(init_script) && echo exists
if [ -n "$pattern" ]; then listed "$pattern" && echo running
elif [ -n "$file" ]; then "$file" status $words </dev/null >/dev/null 2>&1 && echo running; fi
for link in /etc/rc[0-9S].d/S[0-9][0-9]"$name" /etc/rc.d/rc[0-9S].d/S[0-9][0-9]"$name"; do
  [ -e "$link" ] || continue
  link=\${link%.d/*}
  echo "level \${link##*rc}"
done
exit 0`;

/** `NAME ARGUMENTS SLEEP DAEMONIZE RUNLEVELS ACTION…`: prints `ACTION`, then what it said, each time ended by NUL. */
const ACT = script`
name=$1 words=$2 pause=$3 daemonize=$4 levels=$5
shift 5
${INIT_SHELL}
file=$(init_script) || { echo "there is no init script for $name" >&2; exit 1; }
${WORKING_DIRECTORY}
log=$tmp/log
: >"$log"
run() {
  detach=
  [ "$daemonize" = no ] || ! command -v setsid >/dev/null || detach=setsid
  $detach "$file" "$1" $words </dev/null >>"$log" 2>&1
}
switch() {
  if command -v update-rc.d >/dev/null; then
    if [ "$1" = disable ] || [ -n "$levels" ]; then update-rc.d "$name" "$1" $levels
    else update-rc.d "$name" defaults && update-rc.d "$name" enable; fi
  elif command -v chkconfig >/dev/null; then
    case $1 in enable) word=on ;; *) word=off ;; esac
    chkconfig --add "$name"
    if [ -n "$levels" ]; then chkconfig --level "$(printf %s "$levels" | tr -d ' ')" "$name" "$word"
    else chkconfig "$name" "$word"; fi
  else echo 'this host has neither update-rc.d (package init-system-helpers) nor chkconfig'; return 127; fi >>"$log" 2>&1
}
for action; do
  : >"$log"
  case $action in
    enable | disable) switch "$action" ;;
    restart) run stop; sleep "$pause"; run start ;;
    *) run "$action" ;;
  esac || { rc=$?; cat "$log" >&2; exit "$rc"; }
  printf '%s\n' "$action"
  cat "$log"
  printf '\0'
done`;

export const sysvinit = defineResource({
  name: 'sysvinit',
  summary: 'Start, stop and enable services that have init scripts',
  params,
  examples: [
    '- sysvinit: { name: apache2, state: started, enabled: true }',
    '- sysvinit: { name: apache2, enabled: true, runlevels: [3, 5] }',
  ],
  returns: {
    name: 'The service.',
    status: 'What was done to `enabled` and to the state: changed, rc, stdout, stderr.',
  },
  observe: (input: Params) => ({ service: initScript(input) }),
  plan: (input, { service }, { checkMode }) => planSysvinit(input, service, checkMode),
  apply: (changes, target, input) => applySysvinit(changes, target, input),
  result: (input, _state, changes) => ({ name: input.name, status: statusOf(input, changes) }),
});

function initScript({ name, pattern, arguments: words }: Params): Probe<InitScript> {
  return {
    script: OBSERVE,
    args: [name, pattern ?? '', words],
    parse: ({ stdout }) => initScriptOf(stdout.toString()),
  };
}

export function initScriptOf(output: string): InitScript {
  const lines = output.split('\n');
  const levels = lines.filter((line) => line.startsWith('level ')).map((line) => line.slice(6));
  return { exists: lines.includes('exists'), isRunning: lines.includes('running'), levels };
}

export function planSysvinit(
  { name, state, enabled, runlevels }: Params,
  { exists, isRunning, levels }: InitScript,
  checkMode: boolean,
): readonly InitChange[] {
  if (!exists && !checkMode) {
    throw new ModuleError(`there is no init script for the service "${name}"`, {
      hint: 'check the name in /etc/init.d, or install the package first',
      data: { name },
    });
  }
  const service = {
    isRunning,
    isStopping: false,
    isEnabled: isEnabledIn(levels, runlevels, enabled),
    isMasked: false,
  };
  return planService(name, { state, enabled }, service);
}

/** With runlevels, whether all of them are as wanted. */
function isEnabledIn(
  levels: readonly string[],
  wanted: readonly string[] | undefined,
  enabled: boolean | undefined,
): boolean {
  if (wanted === undefined) return levels.length > 0;
  return enabled === false
    ? wanted.some((level) => levels.includes(level))
    : wanted.every((level) => levels.includes(level));
}

function statusOf(
  { state, runlevels }: Params,
  changes: readonly InitChange[],
): Readonly<Record<string, ResultData>> {
  const isSwitch = ({ operation }: InitChange) => operation === 'enable' || operation === 'disable';
  const levels = runlevels === undefined ? {} : { runlevels };
  const enabled = { changed: changes.some(isSwitch), ...levels };
  const acted = { changed: changes.some((change) => !isSwitch(change)) };
  return { enabled, ...(state === undefined ? {} : { [state]: acted }) };
}

async function applySysvinit(changes: readonly InitChange[], target: Target, input: Params) {
  const { name, arguments: words, sleep, daemonize, runlevels = [], state } = input;
  const actions = changes.map(({ operation }) => operation);
  const options = [words, String(sleep), daemonize ? 'yes' : 'no', runlevels.join(' ')];
  const { rc, stdout, stderr } = await target.sh(ACT, { args: [name, ...options, ...actions] });
  if (rc !== 0) {
    throw new ModuleError(`service "${name}": ${stderr.toString().trim() || `exit code ${rc}`}`, {
      data: { rc, stderr: stderr.toString() },
    });
  }
  const status = Object.entries(statusOf(input, changes));
  const said = outcomes(stdout.toString(), state);
  return {
    name,
    status: Object.fromEntries(status.map(([key, data]) => [key, { ...data, ...said[key] }])),
  };
}

/** What each action said. */
function outcomes(output: string, state: Params['state']): Readonly<Record<string, ResultData>> {
  const said = output.split('\0').filter((each) => each !== '');
  return Object.fromEntries(
    said.map((each) => {
      const [action = '', ...lines] = each.split('\n');
      const key = action === 'enable' || action === 'disable' ? 'enabled' : (state ?? '');
      return [key, { rc: 0, stdout: lines.join('\n'), stderr: '' }];
    }),
  );
}
