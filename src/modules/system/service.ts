/** `service`: services under whatever manager the host has: systemd, OpenRC or System V init scripts. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { boolean, integer, text } from '../params.ts';
import {
  planService,
  resultingState,
  type ServiceAction,
  type ServiceState,
} from './servicePlan.ts';
import { ACT_SCRIPT, OBSERVE_SCRIPT } from './serviceScripts.ts';
import { actOnUnit, unitStateOf } from './systemctl.ts';
import { checkUnit, serviceStateOf } from './systemd.ts';
import type { UnitState } from './unitState.ts';

const params = z
  .strictObject({
    name: text()
      .optional()
      .describe('Name of the service.')
      .meta({ aliases: ['service', 'unit'] }),
    state: z
      .enum(['started', 'stopped', 'restarted', 'reloaded'])
      .optional()
      .describe('`restarted` and `reloaded` always act.'),
    enabled: boolean().optional().describe('Whether it starts at boot.'),
    pattern: text()
      .optional()
      .describe('Text to look for in the process list, where a script has no `status`.'),
    sleep: integer().optional().describe('Seconds between stop and start of a restart.'),
    arguments: text()
      .default('')
      .describe('Further words for the init script.')
      .meta({ aliases: ['args'] }),
    runlevel: text().default('default').describe('Runlevel of OpenRC in which it starts.'),
    masked: boolean().optional().describe('systemd: whether it can be started at all.'),
    daemon_reload: boolean()
      .default(false)
      .describe('systemd: read the unit files again first.')
      .meta({ aliases: ['daemon-reload'] }),
    daemon_reexec: boolean()
      .default(false)
      .describe('systemd: execute the manager anew first.')
      .meta({ aliases: ['daemon-reexec'] }),
    force: boolean().default(false).describe('systemd: replace conflicting links.'),
    no_block: boolean().default(false).describe('systemd: do not wait until it has started.'),
    scope: z
      .enum(['system', 'user', 'global'])
      .default('system')
      .describe("systemd: the system's manager, the current user's, or the defaults of all users."),
    use: z
      .enum(['auto', 'systemd', 'openrc', 'sysvinit', 'service'])
      .default('auto')
      .describe('Service manager; `auto` takes the one that runs on the host.'),
  })
  .refine(
    ({ state, enabled, masked, daemon_reload, daemon_reexec }) =>
      [state, enabled, masked].some((each) => each !== undefined) || daemon_reload || daemon_reexec,
    { error: 'one of "state" and "enabled" is needed' },
  )
  .refine(
    ({ name, state, enabled, masked }) =>
      name !== undefined || [state, enabled, masked].every((each) => each === undefined),
    { error: '"name" is needed with "state", "enabled" and "masked"' },
  );
type Params = z.output<typeof params>;
type Input = Params & { readonly checkMode: boolean };

type Manager =
  | { readonly manager: 'systemd'; readonly unit: UnitState }
  | {
      readonly manager: 'openrc' | 'sysvinit';
      readonly exists: boolean;
      readonly service: ServiceState;
    };

type ManagedChange = Change<{
  readonly manager: Manager['manager'];
  readonly action: ServiceAction;
}>;

export const service = defineResource({
  name: 'service',
  summary: 'Start, stop and enable services',
  params,
  examples: [
    '- service: { name: nginx, state: started, enabled: true }',
    '- service: name=docker state=restarted',
  ],
  returns: {
    name: 'The service.',
    state: '`started` or `stopped`, when a state was asked for.',
    enabled: 'Whether it starts at boot, when that was asked for.',
    status: 'Properties of the unit before the change, on hosts with systemd.',
  },
  prepare: (input, controller): Input => ({ ...input, checkMode: controller.checkMode }),
  observe: (input) => ({ host: managerProbe(input) }),
  plan(input, { host }, { checkMode }) {
    if (input.name === undefined) return withoutService(host);
    const state = serviceState(input.name, host, checkMode);
    const wish = host.manager === 'systemd' ? input : { ...input, masked: undefined };
    return planService(input.name, wish, state).map((change) => ({
      ...change,
      operation: { manager: host.manager, action: change.operation },
    }));
  },
  apply: (changes: readonly ManagedChange[], target, input) => applyService(changes, target, input),
  result({ name, state, enabled }, { host }) {
    if (name === undefined) return { status: {} };
    return {
      name,
      ...resultingState(state),
      ...(enabled === undefined ? {} : { enabled }),
      ...(host.manager === 'systemd' ? { status: host.unit.properties } : {}),
    };
  },
});

/** Of systemd alone more can be asked than that of one service. */
function withoutService({ manager }: Manager): [] {
  if (manager === 'systemd') return [];
  throw new ModuleError(`"name" is needed: this host has no systemd (${manager})`);
}

function managerProbe(input: Input): Probe<Manager> {
  const flag = (wanted: boolean) => (wanted && !input.checkMode ? 'yes' : 'no');
  const first = [flag(input.daemon_reload), flag(input.daemon_reexec)];
  return {
    script: OBSERVE_SCRIPT,
    args: [
      input.use,
      input.name ?? '',
      input.pattern ?? '',
      input.runlevel,
      input.arguments,
      ...first,
      input.scope,
    ],
    parse({ rc, stdout, stderr }) {
      if (rc !== 0) throw new ModuleError(stderr.toString().trim() || `exit code ${rc}`);
      return managerOf(stdout.toString());
    },
  };
}

/** The answer of the observing script: the manager on the first line, then what it says. */
export function managerOf(output: string): Manager {
  const end = output.indexOf('\n');
  const manager = output.slice(0, end);
  const rest = output.slice(end + 1);
  if (manager === 'systemd') return { manager, unit: unitStateOf(rest) };
  const words = new Set(rest.split(/\s+/));
  return {
    manager: manager === 'openrc' ? 'openrc' : 'sysvinit',
    exists: words.has('exists'),
    service: {
      isRunning: words.has('running'),
      isStopping: false,
      isEnabled: words.has('enabled'),
      isMasked: false,
    },
  };
}

/** @throws ModuleError when there is no such service. */
function serviceState(name: string, host: Manager, checkMode: boolean): ServiceState {
  if (host.manager === 'systemd') {
    checkUnit(name, host.unit, checkMode);
    return serviceStateOf(host.unit);
  }
  if (!host.exists && !checkMode) throw missingService(name, host.manager);
  return host.service;
}

function missingService(name: string, manager: string): ModuleError {
  return new ModuleError(`there is no service "${name}" on this host (${manager})`, {
    hint: 'check the name, or install the package first',
    data: { name },
  });
}

async function applyService(changes: readonly ManagedChange[], target: Target, input: Input) {
  const [first] = changes;
  if (first === undefined) return;
  const actions = changes.map(({ operation }) => operation.action);
  if (first.operation.manager === 'systemd') {
    const { name = '', scope, force, no_block: noBlock } = input;
    await actOnUnit(target, name, actions, { scope, force, noBlock });
    return;
  }
  const { name = '', runlevel, arguments: words, sleep = 1 } = input;
  const args = [first.operation.manager, name, runlevel, words, String(sleep), ...actions];
  const { rc, stderr } = await target.sh(ACT_SCRIPT, { args });
  if (rc !== 0) {
    const text = stderr.toString().trim();
    throw new ModuleError(`service "${name}": ${text || `exit code ${rc}`}`, {
      data: { rc, stderr: text },
    });
  }
}
