/**
 * The containers of a service. A unit is one numbered set: a container of the primary launch config and one of each
 * sidekick. Everything here looks at what exists and does the next thing, so that a restarted server just goes on.
 */
import { randomUUID } from 'node:crypto';
import { numberOf } from '../model/ids.ts';
import { asFields, asList, asNumber, asText, asTextMap, type Fields } from '../model/json.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { retire } from './container.ts';
import { usableHosts } from './scheduler.ts';

const primaryLaunch = 'io.rancher.service.primary.launch.config';
const globalLabel = 'io.rancher.scheduler.global';

/** One launch config of a service. `version` changes with each upgrade of it. */
export interface Launch {
  readonly name: string;
  readonly version: string;
  readonly config: Fields;
}

/** One container of a service. */
export interface Member {
  readonly row: Row;
  readonly unit: number;
  readonly launch: string;
  readonly version: string;
}

export function launches(service: Row): readonly Launch[] {
  const primary = asFields(service.fields['launchConfig']) ?? {};
  const secondary = asList(service.fields['secondaryLaunchConfigs']).map(
    (one) => asFields(one) ?? {},
  );
  return [
    launch(primaryLaunch, primary),
    ...secondary.map((one) => launch(String(one['name']), one)),
  ];
}

function launch(name: string, config: Fields): Launch {
  return { name, config, version: asText(config['version']) ?? '0' };
}

/** A launch config with a version of its own. */
export function versioned(config: Fields): Fields {
  return { ...config, version: randomUUID() };
}

/** The living containers of a service. */
export async function members(service: Row, world: World): Promise<readonly Member[]> {
  const rows = await world.store.list('instance');
  return rows
    .filter((row) => row.removed === null && row.hidden['serviceId'] === `1s${service.number}`)
    .map((row) => ({
      row,
      unit: asNumber(row.hidden['unit']) ?? 0,
      launch: String(row.hidden['launch']),
      version: String(row.hidden['version']),
    }));
}

export function isSettled(all: readonly Member[]): boolean {
  return all.every(({ row }) => row.transitioning !== 'yes');
}

export function isCurrent(member: Member, wanted: readonly Launch[]): boolean {
  return wanted.some(({ name, version }) => name === member.launch && version === member.version);
}

/** Where a unit has to be: its number, and its host when the service runs once on each. */
interface Place {
  readonly unit: number;
  readonly hostId?: string;
}

async function places(service: Row, world: World): Promise<readonly Place[]> {
  const labels = asTextMap(asFields(service.fields['launchConfig'])?.['labels']);
  if (labels[globalLabel] === 'true') {
    const hosts = await usableHosts(service.accountId, world);
    return hosts.map((host, index) => ({ unit: index + 1, hostId: `1h${host.number}` }));
  }
  const scale = asNumber(service.fields['scale']) ?? 1;
  return Array.from({ length: scale }, (_, index) => ({ unit: index + 1 }));
}

/** Brings a service to its scale. @returns whether it is there: all units up, nothing too many */
export async function converge(service: Row, world: World): Promise<boolean> {
  const all = await members(service, world);
  if (!isSettled(all)) return false;
  const wanted = await places(service, world);
  const surplus = all.filter(({ unit }) => !wanted.some((place) => place.unit === unit));
  for (const { row } of surplus) await retire(row, world);
  let isComplete = surplus.length === 0;
  for (const place of wanted) {
    if (await bringUp(service, place, launches(service), world)) isComplete = false;
  }
  return isComplete;
}

/** Starts or makes what a unit lacks of these launch configs. @returns whether there was anything to do */
export async function bringUp(
  service: Row,
  place: Place,
  wanted: readonly Launch[],
  world: World,
): Promise<boolean> {
  const own = (await members(service, world)).filter(({ unit }) => unit === place.unit);
  let hasActed = false;
  for (const one of wanted.filter(({ config }) => config['imageUuid'] !== undefined)) {
    const found = own.find(
      ({ launch: name, version }) => name === one.name && version === one.version,
    );
    if (found?.row.state === 'running') continue;
    hasActed = true;
    if (found === undefined) await makeMember(service, place, one, world);
    else await revive(found.row, world);
  }
  return hasActed;
}

/** A stopped container starts; one that found no host tries again. */
async function revive(row: Row, world: World): Promise<void> {
  if (row.state === 'stopped') await world.lifecycle.enter(row, 'starting');
  if (row.state === 'error') await world.lifecycle.enter(row, 'creating');
}

async function makeMember(service: Row, { unit, hostId }: Place, one: Launch, world: World) {
  const stack = await stackName(service, world);
  const uuid = randomUUID();
  await world.lifecycle.create({
    table: 'instance',
    type: 'container',
    uuid,
    accountId: service.accountId,
    state: 'creating',
    transitioning: 'no',
    transitioningMessage: null,
    created: world.clock.now(),
    removed: null,
    fields: {
      ...one.config,
      name: containerName(stack, String(service.fields['name']), one.name, unit),
      labels: { ...asTextMap(one.config['labels']), ...memberLabels(stack, service, one, uuid) },
      serviceIds: [`1s${service.number}`],
      ...(hostId === undefined ? {} : { requestedHostId: hostId }),
    },
    hidden: { serviceId: `1s${service.number}`, unit, launch: one.name, version: one.version },
  });
}

async function stackName(service: Row, world: World): Promise<string> {
  const number = numberOf(world.types.get('stack'), asText(service.fields['stackId']) ?? '');
  const row = number === undefined ? undefined : await world.store.get({ table: 'stack', number });
  return String(row?.fields['name'] ?? '');
}

function containerName(stack: string, service: string, launchName: string, unit: number): string {
  const sidekick = launchName === primaryLaunch ? [] : [launchName];
  return [stack, service, ...sidekick, String(unit)].join('-');
}

function memberLabels(stack: string, service: Row, one: Launch, uuid: string) {
  const name = String(service.fields['name']);
  return {
    'io.rancher.stack.name': stack,
    'io.rancher.stack_service.name': `${stack}/${name}`,
    'io.rancher.project.name': stack,
    'io.rancher.project_service.name': `${stack}/${name}`,
    'io.rancher.service.launch.config': one.name,
    'io.rancher.service.deployment.unit': randomUUID(),
    'io.rancher.container.uuid': uuid,
  };
}
