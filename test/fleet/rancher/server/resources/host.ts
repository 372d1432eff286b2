/** Hosts: made by their agents' pings, never by POST (rancher.md B6). */
import { hostMachine } from '../lifecycle/machines.ts';
import { readOnly, writable } from '../model/field.ts';
import { asText, type Fields } from '../model/json.ts';
import type { Action, Call, ResourceType, StepOutcome } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { evacuate } from './evacuation.ts';

const changing = { collection: 'GET', resource: 'GET PUT DELETE' };

const evacuateAction: Action = {
  states: ['active', 'inactive'],
  handle: async (row, _input, call) => {
    await evacuate(row, call.world);
    return undefined;
  },
};

export const host: ResourceType = {
  id: 'host',
  plural: 'hosts',
  table: 'host',
  prefix: 'h',
  methods: { admin: changing, project: changing },
  machine: hostMachine,
  filters: ['hostname', 'agentId', 'physicalHostId', 'agentState'],
  children: {
    instances: { type: 'container', owns: (parent, child) => runsOn(child, parent) },
    containers: { type: 'container', owns: (parent, child) => runsOn(child, parent) },
  },
  fields: {
    name: writable('string'),
    description: writable('string'),
    labels: writable('map'),
    apiProxy: writable('string'),
    memory: writable('int'),
    milliCpu: writable('int'),
    localStorageMb: writable('int'),
    hostname: readOnly('string'),
    agentId: readOnly('string'),
    agentState: readOnly('string'),
    agentIpAddress: readOnly('string'),
    physicalHostId: readOnly('string'),
    publicEndpoints: readOnly('array'),
    info: readOnly('map'),
    driver: readOnly('string'),
    dockerVersion: readOnly('string'),
    stackId: readOnly('string'),
  },
  work: {
    activating: async () => ({ to: 'active', change: { fields: { agentState: 'active' } } }),
    deactivating: async (row) => ({
      to: row.hidden['isAbandoned'] === true ? 'removing' : 'inactive',
    }),
    removing: revokeAgent,
  },
  actions: {
    evacuate: evacuateAction,
    dockersocket: {
      states: ['active'],
      handle: async (_row, _input, call) => ({
        type: 'hostAccess',
        links: {},
        actions: {},
        token: 'not served by the double',
        url: `${call.request.baseUrl.replace(/^http/, 'ws')}/v1/dockersocket/`,
      }),
    },
  },
  view: hostFields,
};

function runsOn(container: Row, parent: Row): boolean {
  return container.fields['hostId'] === `1h${parent.number}`;
}

/** In v2-beta an active host shows its agent's state; /v1 keeps the two apart. */
async function hostFields(row: Row, call: Call): Promise<Fields> {
  const agentState = asText(row.fields['agentState']);
  const isOneState = call.request.version === 'v2-beta' && row.state === 'active' && agentState;
  const instances = (await call.world.store.list('instance')).filter(
    (one) => one.removed === null && runsOn(one, row),
  );
  return {
    instanceIds: instances.map((one) => `1i${one.number}`),
    ...(isOneState ? { state: agentState } : {}),
  };
}

/** The host's keys stop working; its agent and containers stay on the machine. */
async function revokeAgent(row: Row, world: World): Promise<StepOutcome> {
  const number = Number(row.hidden['registration']);
  const registration = await world.store.get({ table: 'register', number });
  if (registration?.state === 'active') await world.lifecycle.enter(registration, 'removing');
  return { to: 'removed', change: { fields: { agentState: null } } };
}
