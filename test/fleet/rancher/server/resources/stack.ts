/** Stacks, which /v1 calls environments (rancher.md B7). */
import { stringify } from 'yaml';
import { isGone } from '../api/references.ts';
import { stackMachine } from '../lifecycle/machines.ts';
import { createOnly, dnsName, readOnly, writable } from '../model/field.ts';
import { asFields, asList, asText, type Fields } from '../model/json.ts';
import type { Action, Call, ResourceType } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { healthOf } from './service.ts';
import {
  createServices,
  finishServices,
  removeServices,
  rollBackServices,
  stackServices,
  upgradeServices,
} from './stackWork.ts';
import { members } from './units.ts';

const changing = { collection: 'GET POST', resource: 'GET PUT DELETE' };

export const stack: ResourceType = {
  id: 'stack',
  plural: 'stacks',
  table: 'stack',
  prefix: 'st',
  v1: { id: 'environment', plural: 'environments', prefix: 'e' },
  methods: { admin: { ...changing, collection: 'GET' }, project: changing },
  machine: stackMachine,
  filters: ['externalId', 'group', 'healthState', 'system'],
  children: {
    services: {
      type: 'service',
      owns: (parent, child) => child.fields['stackId'] === `1st${parent.number}`,
    },
  },
  fields: {
    name: { ...dnsName, unique: 'project' },
    description: writable('string'),
    group: writable('string'),
    dockerCompose: createOnly('string'),
    rancherCompose: createOnly('string'),
    templates: createOnly('map'),
    environment: createOnly('map'),
    answers: createOnly('map'),
    externalId: writable('string'),
    previousExternalId: writable('string'),
    previousEnvironment: writable('map'),
    startOnCreate: createOnly('boolean', { default: false }),
    outputs: writable('map'),
    system: readOnly('boolean'),
    binding: writable('map'),
  },
  work: {
    activating: createServices,
    upgrading: upgradeServices,
    'finishing-upgrade': finishServices,
    'rolling-back': rollBackServices,
    removing: removeServices,
  },
  actions: {
    upgrade: { prepare: async (row, input) => ({ ...newFiles(row, input) }) },
    rollback: { prepare: async (row) => ({ fields: previousFiles(row) }) },
    activateservices: each('inactive', 'activating'),
    deactivateservices: each('active', 'deactivating'),
    addoutputs: {
      states: ['active'],
      handle: async (row, input, call) => {
        const outputs = { ...asFields(row.fields['outputs']), ...asFields(input['outputs']) };
        await call.world.lifecycle.patch(row, { fields: { outputs } });
        return undefined;
      },
    },
    exportconfig: { states: ['active', 'upgraded'], handle: exportConfig },
  },
  view: stackView,
};

const fileFields = [
  'dockerCompose',
  'rancherCompose',
  'templates',
  'environment',
  'answers',
  'externalId',
];

/** The files of an upgrade; those they replace stay in the row for a rollback. */
function newFiles(row: Row, input: Fields) {
  const pick = (from: Fields) =>
    Object.fromEntries(
      fileFields.flatMap((name) => (from[name] == null ? [] : [[name, from[name]]])),
    );
  const previous = {
    previousExternalId: row.fields['externalId'] ?? null,
    previousEnvironment: row.fields['environment'] ?? null,
  };
  return { fields: { ...pick(input), ...previous }, hidden: { previous: pick(row.fields) } };
}

function previousFiles(row: Row): Fields {
  return asFields(row.hidden['previous']) ?? {};
}

/** Sends the services that are in one state into another. */
function each(from: string, to: string): Action {
  return {
    states: ['active'],
    handle: async (row, _input, call) => {
      const services = (await stackServices(row, call.world)).filter(({ state }) => state === from);
      for (const one of services) await call.world.lifecycle.enter(one, to);
      return undefined;
    },
  };
}

async function exportConfig(row: Row, input: Fields, call: Call): Promise<Fields> {
  const ids = asList(input['serviceIds']);
  const all = await stackServices(row, call.world);
  const chosen = all.filter((one) => ids.length === 0 || ids.includes(`1s${one.number}`));
  const named = (describe: (one: Row) => Fields) =>
    Object.fromEntries(chosen.map((one) => [String(one.fields['name']), describe(one)]));
  return {
    type: 'composeConfig',
    links: {},
    actions: {},
    dockerComposeConfig: stringify({ version: '2', services: named(dockerService) }),
    rancherComposeConfig: stringify({ version: '2', services: named(rancherService) }),
  };
}

function dockerService({ fields }: Row): Fields {
  const config = asFields(fields['launchConfig']) ?? {};
  const optional = {
    command: 'command',
    environment: 'environment',
    ports: 'ports',
    volumes: 'dataVolumes',
    labels: 'labels',
  };
  const given = Object.entries(optional).flatMap(([name, from]) =>
    config[from] == null ? [] : [[name, config[from]]],
  );
  return {
    image: asText(config['imageUuid'])?.replace(/^docker:/, '') ?? null,
    ...Object.fromEntries(given),
  };
}

function rancherService({ fields }: Row): Fields {
  return { scale: fields['scale'] ?? 1, start_on_create: fields['startOnCreate'] ?? false };
}

async function stackView(row: Row, call: Call): Promise<Fields> {
  const services = (await stackServices(row, call.world)).filter((one) => !isGone(one));
  return {
    serviceIds: services.map((one) => `1s${one.number}`),
    healthState: await stackHealth(services, call.world),
  };
}

/** As healthy as its least healthy service. */
async function stackHealth(services: readonly Row[], world: World): Promise<string> {
  const states = await Promise.all(services.map((one) => serviceHealth(one, world)));
  const worstFirst = ['unhealthy', 'degraded', 'initializing'];
  return worstFirst.find((state) => states.includes(state)) ?? 'healthy';
}

async function serviceHealth(one: Row, world: World): Promise<string> {
  const own = await members(one, world);
  return healthOf(one, own.filter(({ row }) => row.state === 'running').length);
}
