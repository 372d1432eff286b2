/** Services and their kin: what they are made of and how they live (rancher.md B8). */
import { invalid } from '../api/errors.ts';
import { isGone } from '../api/references.ts';
import { serviceMachine } from '../lifecycle/machines.ts';
import { createOnly, dnsName, type FieldSet, readOnly, writable } from '../model/field.ts';
import { asFields, asList, asText, type Fields } from '../model/json.ts';
import type { Call, Creation, ResourceType, StepOutcome, Work } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { retire } from './container.ts';
import { launchConfigFields } from './launchConfig.ts';
import { linkActions } from './serviceLinks.ts';
import {
  finishUpgrade,
  restarting,
  rollBack,
  upgradeActions,
  upgrading,
} from './serviceUpgrade.ts';
import { converge, members, versioned } from './units.ts';

const changing = { collection: 'GET POST', resource: 'GET PUT DELETE' };

const serviceFields: FieldSet = {
  name: dnsName,
  description: writable('string'),
  stackId: createOnly('string', {
    required: true,
    nullable: false,
    reference: 'stack',
    v1Name: 'environmentId',
  }),
  scale: writable('int', { default: 1, min: 0 }),
  scalePolicy: writable('map'),
  launchConfig: createOnly('object', { fields: launchConfigFields }),
  secondaryLaunchConfigs: createOnly('array', { fields: launchConfigFields }),
  startOnCreate: createOnly('boolean', { default: false }),
  retainIp: writable('boolean', { default: false }),
  selectorLink: writable('string'),
  selectorContainer: writable('string'),
  metadata: writable('map'),
  externalId: writable('string'),
  assignServiceIpAddress: createOnly('boolean', { default: false }),
  externalIpAddresses: writable('array'),
  hostname: writable('string'),
  publicEndpoints: readOnly('array'),
  fqdn: readOnly('string'),
  linkedServices: readOnly('map'),
  upgrade: readOnly('map'),
  vip: readOnly('string'),
  createIndex: readOnly('int'),
  system: readOnly('boolean'),
};

export const service: ResourceType = {
  id: 'service',
  plural: 'services',
  table: 'service',
  prefix: 's',
  methods: { admin: { ...changing, collection: 'GET' }, project: changing },
  machine: serviceMachine,
  filters: ['stackId', 'externalId', 'healthState'],
  fields: serviceFields,
  children: { instances: { type: 'container', owns: ownsContainer } },
  prepare: prepareService,
  work: {
    registering: async (row) => ({
      to: row.fields['startOnCreate'] === true ? 'activating' : 'inactive',
    }),
    activating: convergeTo('active'),
    'updating-active': convergeTo('active'),
    deactivating: stopAll,
    upgrading,
    'finishing-upgrade': finishUpgrade,
    'rolling-back': rollBack,
    restarting,
    removing: removeAll,
  },
  actions: { ...upgradeActions, ...linkActions },
  view: serviceView,
};

const portRule: FieldSet = {
  sourcePort: { type: 'int', required: true, min: 1, max: 65535 },
  targetPort: { type: 'int', nullable: true, min: 1, max: 65535 },
  protocol: {
    type: 'string',
    default: 'http',
    options: ['http', 'https', 'tcp', 'tls', 'sni', 'udp'],
  },
};

export const loadBalancerService: ResourceType = {
  ...service,
  id: 'loadBalancerService',
  plural: 'loadBalancerServices',
  fields: {
    ...serviceFields,
    launchConfig: createOnly('object', { required: true, fields: launchConfigFields }),
    lbConfig: writable('object', {
      required: true,
      nullable: false,
      fields: { portRules: { type: 'array', nullable: true, fields: portRule } },
    }),
  },
  prepare: async (input, call) => {
    const rules = asList(asFields(input['lbConfig'])?.['portRules']);
    for (const rule of rules) checkPortRule(asFields(rule));
    return prepareService(input, call);
  },
};

export const dnsService: ResourceType = {
  ...service,
  id: 'dnsService',
  plural: 'dnsServices',
};

export const externalService: ResourceType = {
  ...service,
  id: 'externalService',
  plural: 'externalServices',
};

/** A rule leads to a service and its port, or to what a selector finds: one of the two. */
function checkPortRule(rule: Fields | undefined): void {
  const hasService = asText(rule?.['serviceId']) !== undefined;
  const hasSelector = asText(rule?.['selector']) !== undefined;
  if (hasService && hasSelector) throw invalid('InvalidOption', 'selector');
  if (!hasService && !hasSelector) throw invalid('MissingRequired', 'serviceId');
  if (hasService && rule?.['targetPort'] == null) throw invalid('MissingRequired', 'targetPort');
}

async function prepareService(input: Fields, call: Call): Promise<Creation> {
  await checkName(input, call);
  const secondary = asList(input['secondaryLaunchConfigs']).map((one) => asFields(one) ?? {});
  if (secondary.some((one) => asText(one['name']) === undefined))
    throw invalid('MissingRequired', 'name');
  const primary = asFields(input['launchConfig']);
  return {
    fields: {
      linkedServices: {},
      system: false,
      ...(primary === undefined ? {} : { launchConfig: versioned(primary) }),
      secondaryLaunchConfigs: secondary.map(versioned),
    },
  };
}

/** A name is unlike those of the other services of the stack, of whatever kind. */
async function checkName(input: Fields, call: Call): Promise<void> {
  const rows = (await call.world.store.list('service')).filter((row) => !isGone(row));
  const isTaken = rows.some(
    ({ fields }) => fields['stackId'] === input['stackId'] && fields['name'] === input['name'],
  );
  if (isTaken) throw invalid('NotUnique', 'name');
}

function ownsContainer(parent: Row, child: Row): boolean {
  return child.hidden['serviceId'] === `1s${parent.number}`;
}

function convergeTo(state: string): Work {
  return async (row, world) => {
    if (await converge(row, world)) return { to: state };
    return { againInMs: world.pace.stepMs };
  };
}

async function stopAll(row: Row, world: World): Promise<StepOutcome> {
  const up = (await members(row, world)).filter((member) => member.row.state !== 'stopped');
  const running = up.filter((member) => member.row.state === 'running');
  for (const member of running) await world.lifecycle.enter(member.row, 'stopping');
  const failed = up.filter((member) => member.row.state === 'error');
  return up.length > failed.length ? { againInMs: world.pace.stepMs } : { to: 'inactive' };
}

async function removeAll(row: Row, world: World): Promise<StepOutcome> {
  const rest = await members(row, world);
  for (const member of rest) await retire(member.row, world);
  return rest.length > 0 ? { againInMs: world.pace.stepMs } : { to: 'removed' };
}

async function serviceView(row: Row, call: Call): Promise<Fields> {
  const own = await members(row, call.world);
  const running = own.filter((member) => member.row.state === 'running');
  return {
    currentScale: new Set(running.map(({ unit }) => unit)).size,
    instanceIds: own.map((member) => `1i${member.row.number}`),
    healthState: healthOf(row, running.length),
  };
}

/** Of the words healthy, initializing, degraded and unhealthy. */
export function healthOf(row: Row, running: number): string {
  if (row.state === 'inactive' || row.state === 'registering') return 'unhealthy';
  if (row.state === 'activating') return 'initializing';
  if (row.fields['launchConfig'] === undefined) return 'healthy';
  const scale = Number(row.fields['scale'] ?? 1);
  if (running >= scale) return 'healthy';
  return running > 0 ? 'degraded' : 'unhealthy';
}
