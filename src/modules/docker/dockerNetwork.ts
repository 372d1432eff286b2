/** `docker_network`: networks and who is connected. A network's settings cannot be changed, so a difference makes a new one. */
import type { Change } from '../../core/results.ts';
import { defineResource } from '../module.ts';
import { askEngine, type Engine, withEngine } from './client.ts';
import { matches } from './container/compare.ts';
import { NetworkInspect, type Params, params } from './networkShape.ts';

type NetworkOperation =
  | { readonly type: 'create' | 'recreate' | 'remove' }
  | { readonly type: 'connect' | 'disconnect'; readonly container: string };
type NetworkChange = Change<NetworkOperation>;

export const dockerNetwork = defineResource({
  name: 'docker_network',
  collection: 'community.docker',
  aliases: ['community.general.docker_network', 'ansible.builtin.docker_network'],
  summary: 'Create and remove networks and connect containers to them',
  params,
  examples: [
    '- docker_network: { name: backend, ipam_config: [{ subnet: 172.20.0.0/16 }] }',
    '- docker_network: { name: backend, connected: [web], appends: true }',
    '- docker_network: { name: backend, state: absent }',
  ],
  returns: { network: 'The network as the Engine shows it.' },
  observe: () => ({}),
  async observeWith(target, input, _state, context) {
    const ask = (engine: Engine) => inspectNetwork(engine, input.name);
    return { network: await askEngine(target, input, context, ask, undefined) };
  },
  plan: (input, { network }) => planNetwork(input, network),
  apply: (changes, target, input, { signal }) =>
    withEngine(target, input, signal, async (engine) => {
      const operations = changes.map(({ operation }) => operation);
      for (const operation of onceRecreated(operations)) await applyOne(engine, input, operation);
      const network = await inspectNetwork(engine, input.name);
      return { network: network ?? {} };
    }),
  result: (_input, { network }) => ({ network: network ?? {} }),
});

async function inspectNetwork(engine: Engine, name: string): Promise<NetworkInspect | undefined> {
  const path = `/networks/${encodeURIComponent(name)}`;
  const answer = await engine.find({ method: 'GET', path, doing: `inspect network ${name}` });
  return answer === undefined ? undefined : NetworkInspect.parse(answer);
}

export function planNetwork(
  input: Params,
  network: NetworkInspect | undefined,
): readonly NetworkChange[] {
  const what = `network ${input.name}`;
  const isWanted = input.state === 'present';
  if (network === undefined) {
    if (!isWanted) return [];
    const creation: NetworkChange = {
      what,
      before: 'absent',
      after: wantedBody(input),
      operation: { type: 'create' },
    };
    return [creation, ...connections(input, [])];
  }
  if (!isWanted)
    return [{ what, before: 'present', after: 'absent', operation: { type: 'remove' } }];
  const connected = Object.values(network.Containers ?? {}).map(({ Name }) => Name);
  const differing = rows(input, network).filter(({ isSame }) => !isSame);
  if (differing.length === 0 && !input.force) return connections(input, connected);
  return [
    ...recreations(input, differing),
    ...connections(input, input.appends ? connected : [], connected),
  ];
}

function recreations({ name }: Params, differing: readonly Row[]): readonly NetworkChange[] {
  const operation: NetworkOperation = { type: 'recreate' };
  if (differing.length === 0) {
    return [{ what: `network ${name}`, before: 'present', after: 'recreated', operation }];
  }
  return differing.map(({ option, actual, desired }) => ({
    what: `network ${name}: ${option}`,
    before: actual,
    after: desired,
    operation,
  }));
}

/** @param lost containers that a recreation disconnects and that are connected again with `appends`. */
function connections(
  { name, connected: wanted, appends }: Params,
  connected: readonly string[],
  lost: readonly string[] = [],
): readonly NetworkChange[] {
  const again = appends ? lost : [];
  const missing = [...new Set([...wanted, ...again])].filter(
    (container) => lost.length > 0 || !connected.includes(container),
  );
  const surplus = appends ? [] : connected.filter((container) => !wanted.includes(container));
  const change = (container: string, type: 'connect' | 'disconnect'): NetworkChange => ({
    what: `network ${name}: container ${container}`,
    before: type === 'connect' ? 'not connected' : 'connected',
    after: type === 'connect' ? 'connected' : 'not connected',
    operation: { type, container },
  });
  return [
    ...surplus.map((container) => change(container, 'disconnect')),
    ...missing.map((container) => change(container, 'connect')),
  ];
}

interface Row {
  readonly option: string;
  readonly desired: unknown;
  readonly actual: unknown;
  readonly isSame: boolean;
}

/** What is asked beside what is there; what is not given counts as the same. */
function rows(input: Params, network: NetworkInspect): readonly Row[] {
  const value = (option: keyof Params & string, actual: unknown): Row => {
    const desired = input[option];
    const isSame = desired === undefined || matches('value', 'strict', desired, actual);
    return { option, desired, actual, isSame };
  };
  const dictionary = (option: keyof Params & string, actual: unknown): Row => ({
    option,
    desired: input[option],
    actual,
    isSame: matches('dict', 'allow_more_present', input[option], actual),
  });
  const { IPAM: ipam } = network;
  const ranges = input.ipam_config?.map(rangeBody);
  return [
    value('config_only', network.ConfigOnly),
    value('config_from', network.ConfigFrom?.Network),
    ...(input.config_only === true ? [] : [value('driver', network.Driver)]),
    dictionary('driver_options', network.Options),
    value('ipam_driver', ipam?.Driver),
    dictionary('ipam_driver_options', ipam?.Options),
    {
      option: 'ipam_config',
      desired: ranges,
      actual: ipam?.Config,
      isSame: matches('set', 'allow_more_present', ranges, ipam?.Config),
    },
    value('internal', network.Internal),
    value('attachable', network.Attachable),
    value('enable_ipv4', network.EnableIPv4),
    value('enable_ipv6', network.EnableIPv6),
    value('ingress', network.Ingress),
    value('scope', network.Scope),
    dictionary('labels', network.Labels),
  ];
}

type Range = NonNullable<Params['ipam_config']>[number];

function rangeBody({ subnet, iprange, gateway, aux_addresses }: Range) {
  return {
    ...(subnet !== undefined && { Subnet: subnet }),
    ...(iprange !== undefined && { IPRange: iprange }),
    ...(gateway !== undefined && { Gateway: gateway }),
    ...(aux_addresses !== undefined && { AuxiliaryAddresses: aux_addresses }),
  };
}

function wantedBody(input: Params): Readonly<Record<string, unknown>> {
  const { ipam_config, ipam_driver, ipam_driver_options } = input;
  const hasIpam = ipam_config ?? ipam_driver ?? ipam_driver_options;
  const body = {
    ConfigOnly: input.config_only,
    ConfigFrom: input.config_from && { Network: input.config_from },
    Driver: input.config_only === true ? undefined : input.driver,
    Options: input.driver_options,
    Internal: input.internal,
    Attachable: input.attachable,
    EnableIPv4: input.enable_ipv4,
    EnableIPv6: input.enable_ipv6,
    Ingress: input.ingress,
    Scope: input.scope,
    Labels: input.labels,
    IPAM: hasIpam && {
      Driver: ipam_driver ?? 'default',
      Options: ipam_driver_options,
      Config: ipam_config?.map(rangeBody),
    },
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** Each differing setting is a change; the network is made anew once. */
function onceRecreated(operations: readonly NetworkOperation[]): readonly NetworkOperation[] {
  const first = operations.findIndex(({ type }) => type === 'recreate');
  return operations.filter(({ type }, index) => type !== 'recreate' || index === first);
}

async function applyOne(engine: Engine, input: Params, operation: NetworkOperation): Promise<void> {
  const { name } = input;
  switch (operation.type) {
    case 'create':
      return create(engine, input);
    case 'recreate':
      await remove(engine, name);
      return create(engine, input);
    case 'remove':
      return remove(engine, name);
    case 'connect':
    case 'disconnect':
      return connect(engine, name, operation.type, operation.container);
    default:
      return operation satisfies never;
  }
}

async function create(engine: Engine, input: Params): Promise<void> {
  const body = { Name: input.name, CheckDuplicate: true, ...wantedBody(input) };
  await engine.call({
    method: 'POST',
    path: '/networks/create',
    body,
    doing: `create network ${input.name}`,
  });
}

/** Disconnects whoever is connected, as a network in use cannot be removed. */
async function remove(engine: Engine, name: string): Promise<void> {
  const network = await inspectNetwork(engine, name);
  if (network === undefined) return;
  for (const { Name } of Object.values(network.Containers ?? {})) {
    await connect(engine, name, 'disconnect', Name);
  }
  await engine.call({
    method: 'DELETE',
    path: `/networks/${network.Id}`,
    doing: `remove network ${name}`,
  });
}

async function connect(
  engine: Engine,
  name: string,
  action: 'connect' | 'disconnect',
  container: string,
): Promise<void> {
  const body = { Container: container, ...(action === 'disconnect' && { Force: true }) };
  const path = `/networks/${encodeURIComponent(name)}/${action}`;
  await engine.call({
    method: 'POST',
    path,
    body,
    doing: `${action} container ${container} and network ${name}`,
  });
}
