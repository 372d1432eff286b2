/** Containers: simulated, nothing runs on a host (rancher.md B9). */
import { containerMachine } from '../lifecycle/machines.ts';
import { dnsName, readOnly, writable } from '../model/field.ts';
import { asNumber, asText } from '../model/json.ts';
import type { ResourceType, StepOutcome } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { launchConfigFields } from './launchConfig.ts';
import { pickHost } from './scheduler.ts';

const changing = { collection: 'GET POST', resource: 'GET PUT DELETE' };

export const container: ResourceType = {
  id: 'container',
  plural: 'containers',
  table: 'instance',
  prefix: 'i',
  methods: { admin: { ...changing, collection: 'GET' }, project: changing },
  machine: containerMachine,
  filters: ['hostId', 'imageUuid', 'externalId', 'serviceId'],
  fields: {
    ...launchConfigFields,
    name: writable('string', { ...dnsName, required: false, nullable: true }),
    description: writable('string'),
    startOnCreate: writable('boolean', { default: true }),
    hostId: readOnly('string'),
    startCount: readOnly('int'),
    firstRunning: readOnly('string'),
    primaryIpAddress: readOnly('string'),
    healthState: readOnly('string'),
    serviceIds: readOnly('array'),
  },
  work: {
    creating: place,
    starting: async (row) => ({
      to: 'running',
      change: { fields: { startCount: (asNumber(row.fields['startCount']) ?? 0) + 1 } },
    }),
    stopping: async (row) => ({ to: isLeaving(row) ? 'removing' : 'stopped' }),
  },
  actions: {
    stop: {
      input: {
        remove: { type: 'boolean', default: false },
        timeout: { type: 'int', nullable: true },
      },
      prepare: async (_row, input) => ({ hidden: { isLeaving: input['remove'] === true } }),
    },
    logs: { states: ['running', 'stopped'], handle: async () => hostAccess('logs') },
    execute: { states: ['running'], handle: async () => hostAccess('exec') },
  },
};

function hostAccess(kind: string) {
  return { type: 'hostAccess', links: {}, actions: {}, token: null, url: `ws://host/v1/${kind}/` };
}

async function place(row: Row, world: World): Promise<StepOutcome> {
  if (row.fields['startOnCreate'] === false) return { to: 'stopped' };
  const hostId = await pickHost(row, world);
  if (hostId === undefined) {
    return { failed: 'Scheduling failed: no candidates available', to: 'error' };
  }
  return { to: 'starting', change: { fields: { hostId, primaryIpAddress: address(row) } } };
}

/** An address in the managed network 10.42.0.0/16, different for each container. */
function address(row: Row): string {
  return `10.42.${Math.floor(row.number / 250) % 250}.${(row.number % 250) + 2}`;
}

function isLeaving(row: Row): boolean {
  return row.hidden['isLeaving'] === true;
}

/** Stops a container if it runs, and removes it. */
export async function retire(row: Row, world: World): Promise<void> {
  const leaving = { hidden: { isLeaving: true } };
  if (row.state === 'stopped' || row.state === 'error') {
    await world.lifecycle.enter(row, 'removing', leaving);
  } else if (row.state === 'stopping') {
    await world.lifecycle.patch(row, leaving);
  } else if (row.state !== 'removing' && row.removed === null) {
    await world.lifecycle.enter(row, 'stopping', leaving);
  }
}

/** The service a container belongs to. */
export function serviceIdOf(row: Row): string | undefined {
  return asText(row.hidden['serviceId']);
}
