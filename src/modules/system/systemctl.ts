/** Asks systemd about a unit, and has it act. Shared by `systemd` and by `service` on hosts that run systemd. */
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { script } from '../script.ts';
import type { ServiceAction } from './servicePlan.ts';
import { type UnitState, unitProperties } from './unitState.ts';

export type Scope = 'system' | 'user' | 'global';

/** The shell function `sc SCOPE ARGUMENT…`, which finds the user's own bus under become too. */
export const SYSTEMCTL_SHELL = script`
export LC_ALL=C SYSTEMD_COLORS=0 SYSTEMD_PAGER=
sc() {
  scope=$1
  shift
  [ "$scope" != user ] || [ -n "$XDG_RUNTIME_DIR" ] || export XDG_RUNTIME_DIR="/run/user/$(id -u)"
  case $scope in system) systemctl "$@" ;; *) systemctl "--$scope" "$@" ;; esac
}
observe_unit() { # SCOPE UNIT. What is enabled for all users is links: no user's manager has to run.
  unit_problem=
  [ "$1" = global ] || unit_problem=$(sc "$1" show -- "$2" 2>&1 >/dev/null) && unit_problem=
  printf 'enablement %s\n' "$(sc "$1" is-enabled -- "$2" 2>/dev/null | sed -n '$p')"
  printf 'problem %s\n' "$(printf %s "$unit_problem" | tr '\n' ' ')"
  [ -n "$unit_problem" ] || [ "$1" = global ] || sc "$1" show -- "$2"
}
`;

/** The answer of `observe_unit`. */
export function unitStateOf(text: string): UnitState {
  const [enablement = '', problem = '', ...rest] = text.split('\n');
  return {
    enablement: enablement.slice('enablement '.length).trim(),
    problem: problem.slice('problem '.length).trim(),
    properties: unitProperties(rest.join('\n')),
  };
}

/** `SCOPE UNIT FORCE NO_BLOCK ACTION…`. When an action fails, what the unit last said goes to stdout. */
const ACT = script`
scope=$1 unit=$2 force=$3 no_block=$4
shift 4
which=$scope
${SYSTEMCTL_SHELL}
for action; do
  set -- "$action"
  case $action in
    enable | mask) [ "$force" = no ] || set -- "$@" --force ;;
    start | stop | restart | reload) [ "$no_block" = no ] || set -- "$@" --no-block ;;
  esac
  sc "$which" "$@" -- "$unit" >&2 || {
    rc=$?
    sc "$which" status --no-pager --full --lines=10 -- "$unit" 2>/dev/null
    exit "$rc"
  }
done
`;

export interface UnitOptions {
  readonly scope: Scope;
  readonly force: boolean;
  readonly noBlock: boolean;
}

/** @throws ModuleError with what systemctl said and the unit's last words. */
export async function actOnUnit(
  target: Target,
  unit: string,
  actions: readonly ServiceAction[],
  { scope, force, noBlock }: UnitOptions,
): Promise<void> {
  const flags = [force, noBlock].map((flag) => (flag ? 'yes' : 'no'));
  const { rc, stdout, stderr } = await target.sh(ACT, {
    args: [scope, unit, ...flags, ...actions],
  });
  if (rc === 0) return;
  const text = stderr.toString().trim();
  throw new ModuleError(`service "${unit}": ${text.split('\n')[0] ?? `exit code ${rc}`}`, {
    hint: unitHint(text, unit),
    data: { rc, stderr: text, stdout: stdout.toString() },
  });
}

function unitHint(stderr: string, unit: string): string | undefined {
  if (/Access denied|authentication required|Permission denied/i.test(stderr)) {
    return 'services are managed by root; set "become: true"';
  }
  if (/is masked/.test(stderr)) return 'unmask it with "systemd: masked: false"';
  if (/journalctl|status/.test(stderr))
    return `its last messages are in "stdout"; more with: journalctl -u ${unit}`;
  return undefined;
}
