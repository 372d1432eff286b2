/** What a stack does with its services while it is activating, upgrading, or on its way out (rancher.md B7). */
import { randomUUID } from 'node:crypto';
import { isGone } from '../api/references.ts';
import { asFields, asText, type Fields } from '../model/json.ts';
import type { StepOutcome } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { type ComposeService, composeServices } from './compose.ts';
import { versioned } from './units.ts';

/** The stack's services, of all kinds, that are not gone. */
export async function stackServices(stack: Row, world: World): Promise<readonly Row[]> {
  const rows = await world.store.list('service');
  return rows.filter(
    (row) => row.fields['stackId'] === `1st${stack.number}` && row.removed === null,
  );
}

/** A bad compose file leaves the stack where it is, in error, with the reason. */
export async function createServices(stack: Row, world: World): Promise<StepOutcome> {
  const wanted = described(stack);
  if ('failed' in wanted) return wanted;
  const existing = await stackServices(stack, world);
  const names = new Set(existing.map((row) => row.fields['name']));
  for (const one of wanted.services.filter(({ name }) => !names.has(name))) {
    await createService(stack, one, world);
  }
  return isQuiet(await stackServices(stack, world)) ? { to: 'active' } : again(world);
}

function described(stack: Row): { services: readonly ComposeService[] } | { failed: string } {
  const text = (name: string, file: string) =>
    asText(stack.fields[name]) ?? asText(asFields(stack.fields['templates'])?.[file]) ?? '';
  const answers = {
    ...asFields(stack.fields['environment']),
    ...asFields(stack.fields['answers']),
  };
  try {
    const docker = text('dockerCompose', 'docker-compose.yml');
    const rancher = text('rancherCompose', 'rancher-compose.yml');
    return { services: composeServices(docker, rancher, answers) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

async function createService(stack: Row, one: ComposeService, world: World): Promise<void> {
  const fields: Fields = {
    name: one.name,
    stackId: `1st${stack.number}`,
    scale: one.scale,
    launchConfig: versioned(one.launchConfig),
    secondaryLaunchConfigs: one.secondaryLaunchConfigs.map(versioned),
    startOnCreate: stack.fields['startOnCreate'] === true,
    linkedServices: {},
    system: false,
  };
  await world.lifecycle.create({
    table: 'service',
    type: 'service',
    uuid: randomUUID(),
    accountId: stack.accountId,
    state: 'registering',
    transitioning: 'no',
    transitioningMessage: null,
    created: world.clock.now(),
    removed: null,
    fields,
    hidden: {},
  });
}

function isQuiet(services: readonly Row[]): boolean {
  return services.every(({ transitioning }) => transitioning !== 'yes');
}

function again(world: World): StepOutcome {
  return { againInMs: world.pace.stepMs };
}

/** New services are made; those whose files changed are upgraded in place. */
export async function upgradeServices(stack: Row, world: World): Promise<StepOutcome> {
  const wanted = described(stack);
  if ('failed' in wanted) return wanted;
  const existing = await stackServices(stack, world);
  if (!isQuiet(existing)) return again(world);
  let isDone = true;
  for (const one of wanted.services) {
    const row = existing.find(({ fields }) => fields['name'] === one.name);
    if (row !== undefined && !differs(row, one)) continue;
    isDone = false;
    if (row === undefined) await createService(stack, one, world);
    else await upgradeService(row, one, world);
  }
  return isDone ? { to: 'upgraded' } : again(world);
}

function differs(row: Row, one: ComposeService): boolean {
  const { version: _version, ...current } = asFields(row.fields['launchConfig']) ?? {};
  return JSON.stringify(current) !== JSON.stringify(one.launchConfig);
}

async function upgradeService(row: Row, one: ComposeService, world: World): Promise<void> {
  const inServiceStrategy: Fields = {
    batchSize: 1,
    intervalMillis: 2000,
    startFirst: one.startFirst,
    launchConfig: one.launchConfig,
    previousLaunchConfig: row.fields['launchConfig'] ?? null,
    previousSecondaryLaunchConfigs: row.fields['secondaryLaunchConfigs'] ?? [],
  };
  const fields = {
    launchConfig: versioned(one.launchConfig),
    upgrade: { inServiceStrategy, toServiceStrategy: null },
  };
  await world.lifecycle.enter(row, 'upgrading', { fields, hidden: { batch: null } });
}

export function finishServices(stack: Row, world: World): Promise<StepOutcome> {
  return moveUpgraded(stack, 'finishing-upgrade', () => ({}), world);
}

export function rollBackServices(stack: Row, world: World): Promise<StepOutcome> {
  return moveUpgraded(stack, 'rolling-back', previousConfigs, world);
}

function previousConfigs(row: Row): Fields {
  const strategy = asFields(asFields(row.fields['upgrade'])?.['inServiceStrategy']);
  return {
    launchConfig: strategy?.['previousLaunchConfig'] ?? null,
    secondaryLaunchConfigs: strategy?.['previousSecondaryLaunchConfigs'] ?? [],
  };
}

async function moveUpgraded(stack: Row, state: string, change: (row: Row) => Fields, world: World) {
  const services = await stackServices(stack, world);
  const upgraded = services.filter((row) => row.state === 'upgraded');
  for (const row of upgraded) {
    await world.lifecycle.enter(row, state, { fields: change(row), hidden: { batch: null } });
  }
  const isDone = upgraded.length === 0 && isQuiet(services);
  return isDone ? { to: 'active' } : again(world);
}

export async function removeServices(stack: Row, world: World): Promise<StepOutcome> {
  const services = await stackServices(stack, world);
  for (const row of services.filter((one) => !isGone(one)))
    await world.lifecycle.enter(row, 'removing');
  return services.length > 0 ? again(world) : { to: 'removed' };
}
