/** `service`: services under whatever manager the host has: systemd, OpenRC or System V init scripts. */
import { z } from 'zod';
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
    name: text().describe('Name of the service.'),
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
    use: z
      .enum(['auto', 'systemd', 'openrc', 'sysvinit', 'service'])
      .default('auto')
      .describe('Service manager; `auto` takes the one that runs on the host.'),
  })
  .refine(({ state, enabled }) => state !== undefined || enabled !== undefined, {
    error: 'one of "state" and "enabled" is needed',
  });
type Params = z.output<typeof params>;

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
  observe: (input) => ({ host: managerProbe(input) }),
  plan(input, { host }, { checkMode }) {
    const state = serviceState(input.name, host, checkMode);
    return planService(input.name, input, state).map((change) => ({
      ...change,
      operation: { manager: host.manager, action: change.operation },
    }));
  },
  apply: (changes: readonly ManagedChange[], target, input) => applyService(changes, target, input),
  result: ({ name, state, enabled }, { host }) => ({
    name,
    ...resultingState(state),
    ...(enabled === undefined ? {} : { enabled }),
    ...(host.manager === 'systemd' ? { status: host.unit.properties } : {}),
  }),
});

function managerProbe(input: Params): Probe<Manager> {
  return {
    script: OBSERVE_SCRIPT,
    args: [input.use, input.name, input.pattern ?? '', input.runlevel, input.arguments],
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

async function applyService(changes: readonly ManagedChange[], target: Target, input: Params) {
  const [first] = changes;
  if (first === undefined) return;
  const actions = changes.map(({ operation }) => operation.action);
  if (first.operation.manager === 'systemd') {
    const options = { scope: 'system', force: false, noBlock: false } as const;
    await actOnUnit(target, input.name, actions, options);
    return;
  }
  const { name, runlevel, arguments: words, sleep = 1 } = input;
  const args = [first.operation.manager, name, runlevel, words, String(sleep), ...actions];
  const { rc, stderr } = await target.sh(ACT_SCRIPT, { args });
  if (rc !== 0) {
    const text = stderr.toString().trim();
    throw new ModuleError(`service "${name}": ${text || `exit code ${rc}`}`, {
      data: { rc, stderr: text },
    });
  }
}
