/** `systemd`: units of the system's or a user's manager. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Probe } from '../../target/probe.ts';
import { defineResource } from '../module.ts';
import { boolean, text } from '../params.ts';
import { script } from '../script.ts';
import {
  planService,
  resultingState,
  type ServiceChange,
  type ServiceState,
} from './servicePlan.ts';
import { actOnUnit, SYSTEMCTL_SHELL, unitStateOf } from './systemctl.ts';
import {
  isUnitEnabled,
  isUnitMasked,
  isUnitRunning,
  isUnitStopping,
  type UnitState,
  unitExists,
} from './unitState.ts';

const params = z
  .strictObject({
    name: text()
      .optional()
      .describe('Unit; without a suffix a service.')
      .meta({ aliases: ['service', 'unit'] }),
    state: z
      .enum(['started', 'stopped', 'restarted', 'reloaded'])
      .optional()
      .describe('`restarted` and `reloaded` always act.'),
    enabled: boolean().optional().describe('Whether it starts at boot.'),
    masked: boolean().optional().describe('Whether it can be started at all.'),
    daemon_reload: boolean()
      .default(false)
      .describe('Read the unit files again first.')
      .meta({ aliases: ['daemon-reload'] }),
    daemon_reexec: boolean()
      .default(false)
      .describe('Execute the manager anew first.')
      .meta({ aliases: ['daemon-reexec'] }),
    scope: z
      .enum(['system', 'user', 'global'])
      .default('system')
      .describe("The system's manager, the current user's, or the defaults of all users."),
    force: boolean().default(false).describe('Replace conflicting links when enabling or masking.'),
    no_block: boolean()
      .default(false)
      .describe('Do not wait until the unit has started or stopped.'),
  })
  .refine(
    ({ name, state, enabled, masked }) =>
      name !== undefined || [state, enabled, masked].every((each) => each === undefined),
    {
      error: '"name" is needed with "state", "enabled" and "masked"',
    },
  )
  .refine(({ scope, state }) => scope !== 'global' || state === undefined, {
    error: '"state" has no meaning with "scope: global"',
  });
type Params = z.output<typeof params>;
type Input = Params & { readonly checkMode: boolean };

const OBSERVE = script`
scope=$1 unit=$2 reload=$3 reexec=$4
command -v systemctl >/dev/null || { echo 'this host has no systemctl' >&2; exit 127; }
which=$scope
${SYSTEMCTL_SHELL}
[ "$reexec" = no ] || sc "$which" daemon-reexec >&2 || exit
[ "$reload" = no ] || sc "$which" daemon-reload >&2 || exit
[ -z "$unit" ] || observe_unit "$which" "$unit"
`;

export const systemd = defineResource({
  name: 'systemd',
  aliases: ['systemd_service'],
  summary: 'Start, stop, enable and mask units of systemd',
  description:
    '`daemon_reload` and `daemon_reexec` make no change by themselves: they happen before the state is read, and not in check mode.',
  params,
  examples: [
    '- systemd: { name: nginx, state: started, enabled: true }',
    '- systemd: { name: app.service, state: restarted, daemon_reload: true }',
    '- systemd: { daemon_reload: true }',
    '- systemd: { name: apt-daily.timer, state: stopped, enabled: false, masked: true }',
  ],
  returns: {
    name: 'The unit.',
    state: '`started` or `stopped`, when a state was asked for.',
    enabled: 'Whether it starts at boot, when that was asked for.',
    status: 'All properties of the unit, as `systemctl show` prints them, before the change.',
  },
  prepare: (input, controller): Input => ({ ...input, checkMode: controller.checkMode }),
  observe: (input) => ({ unit: unitProbe(input) }),
  plan(input, { unit }, { checkMode }) {
    if (input.name === undefined) return [];
    checkUnit(input.name, unit, checkMode);
    return planService(input.name, input, serviceStateOf(unit));
  },
  async apply(changes: readonly ServiceChange[], target, { name = '', scope, force, no_block }) {
    const actions = changes.map(({ operation }) => operation);
    await actOnUnit(target, name, actions, { scope, force, noBlock: no_block });
  },
  result({ name, state, enabled }, { unit }) {
    if (name === undefined) return { status: {} };
    return {
      name,
      ...resultingState(state),
      ...(enabled === undefined ? {} : { enabled }),
      status: unit.properties,
    };
  },
});

function unitProbe({
  scope,
  name,
  daemon_reload,
  daemon_reexec,
  checkMode,
}: Input): Probe<UnitState> {
  const flag = (wanted: boolean) => (wanted && !checkMode ? 'yes' : 'no');
  return {
    script: OBSERVE,
    args: [scope, name ?? '', flag(daemon_reload), flag(daemon_reexec)],
    parse({ rc, stdout, stderr }) {
      if (rc !== 0) throw systemdError(stderr.toString().trim(), rc);
      return unitStateOf(stdout.toString());
    },
  };
}

function systemdError(text: string, rc: number): ModuleError {
  return new ModuleError(text === '' ? `systemctl ended with ${rc}` : text, {
    data: { rc, stderr: text },
    hint: text.includes('no systemctl')
      ? 'use "service", which takes what the host has'
      : undefined,
  });
}

/** @throws ModuleError when systemd does not answer, or has no such unit (in check mode an earlier task may bring it). */
export function checkUnit(name: string, unit: UnitState, checkMode: boolean): void {
  if (unit.problem !== '') {
    throw new ModuleError(`systemd does not answer: ${unit.problem}`, {
      hint: /Failed to connect|bus/.test(unit.problem)
        ? 'is this host running systemd? For "scope: user" the user needs a session or lingering (loginctl enable-linger)'
        : undefined,
    });
  }
  if (!unitExists(unit) && !checkMode) {
    throw new ModuleError(`there is no unit "${name}" on this host`, {
      hint: 'check the name, or install the package first; after a new unit file set "daemon_reload: true"',
      data: { name },
    });
  }
}

export function serviceStateOf(unit: UnitState): ServiceState {
  return {
    isRunning: isUnitRunning(unit),
    isStopping: isUnitStopping(unit),
    isEnabled: isUnitEnabled(unit),
    isMasked: isUnitMasked(unit),
  };
}
