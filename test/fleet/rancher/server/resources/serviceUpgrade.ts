/** Upgrade, finish, cancel, roll back and restart of a service (rancher.md B8, "Upgrade"). */
import { invalid } from '../api/errors.ts';
import type { Field } from '../model/field.ts';
import { asFields, asList, asText, type Fields } from '../model/json.ts';
import type { Action, RowChange, StepOutcome } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { retire } from './container.ts';
import { launchConfigFields } from './launchConfig.ts';
import { replaced, rollbackPlan, rolloutTick, strategyOf, upgradePlan } from './rollout.ts';
import { converge, isSettled, members, versioned } from './units.ts';

const batchFields = {
  batchSize: { type: 'int', default: 1, min: 1 },
  intervalMillis: { type: 'int', default: 2000, min: 100 },
} satisfies Record<string, Field>;

const inServiceStrategy: Field = {
  type: 'object',
  nullable: true,
  fields: {
    ...batchFields,
    startFirst: { type: 'boolean', default: false },
    launchConfig: { type: 'object', nullable: true, fields: launchConfigFields },
    secondaryLaunchConfigs: { type: 'array', nullable: true },
  },
};

const rollingRestartStrategy: Field = { type: 'object', nullable: true, fields: batchFields };

export const upgradeActions: Readonly<Record<string, Action>> = {
  upgrade: { input: { inServiceStrategy }, prepare: prepareUpgrade },
  rollback: { prepare: async (row) => restored(row) },
  restart: {
    input: { rollingRestartStrategy },
    prepare: async (_row, input) => ({
      hidden: { restart: input['rollingRestartStrategy'] ?? {}, restarted: [] },
    }),
  },
};

/** The new launch configs replace the old whole; the old ones stay in the strategy for a rollback. */
async function prepareUpgrade(row: Row, input: Fields): Promise<RowChange> {
  const strategy = asFields(input['inServiceStrategy']);
  if (strategy === undefined) throw invalid('MissingRequired', 'inServiceStrategy');
  const primary = asFields(strategy['launchConfig']);
  const secondary = asList(strategy['secondaryLaunchConfigs']).map((one) => asFields(one) ?? {});
  checkStrategy(row, strategy, primary, secondary);
  const previous = {
    previousLaunchConfig: row.fields['launchConfig'] ?? null,
    previousSecondaryLaunchConfigs: row.fields['secondaryLaunchConfigs'] ?? [],
  };
  const fields = {
    upgrade: { inServiceStrategy: { ...strategy, ...previous }, toServiceStrategy: null },
    secondaryLaunchConfigs: mergedSidekicks(row, secondary),
    ...(primary === undefined ? {} : { launchConfig: versioned(primary) }),
  };
  return { fields, hidden: { batch: null } };
}

function checkStrategy(
  row: Row,
  strategy: Fields,
  primary: Fields | undefined,
  secondary: readonly Fields[],
) {
  const isLoadBalancer = row.type === 'loadBalancerService';
  if (primary === undefined && (secondary.length === 0 || isLoadBalancer)) {
    throw invalid('InvalidOption', 'launchConfig');
  }
  if (strategy['startFirst'] === true && row.fields['retainIp'] === true) {
    throw invalid('InvalidOption', 'startFirst');
  }
}

/** Sidekicks by name: given ones are replaced or added, and `rancher/none` takes one away. */
function mergedSidekicks(row: Row, given: readonly Fields[]): readonly Fields[] {
  const kept = asList(row.fields['secondaryLaunchConfigs']).map((one) => asFields(one) ?? {});
  const byName = new Map(kept.map((one) => [asText(one['name']), one]));
  for (const one of given) byName.set(asText(one['name']), versioned(one));
  return [...byName.values()].filter((one) => !isNone(one));
}

function isNone(config: Fields): boolean {
  return /^(docker:)?rancher\/none/.test(asText(config['imageUuid']) ?? '');
}

function restored(row: Row): RowChange {
  const { previousLaunchConfig, previousSecondaryLaunchConfigs } = strategyOf(row);
  const fields = {
    launchConfig: previousLaunchConfig ?? null,
    secondaryLaunchConfigs: previousSecondaryLaunchConfigs ?? [],
  };
  return { fields, hidden: { batch: null } };
}

export function upgrading(row: Row, world: World): Promise<StepOutcome> {
  return rolloutTick(row, upgradePlan(row), { to: 'upgraded' }, world);
}

/** Ends with a look at the scale: a cancelled upgrade may have left a unit between two containers. */
export async function rollBack(row: Row, world: World): Promise<StepOutcome> {
  const outcome = await rolloutTick(row, rollbackPlan(row), { to: 'active' }, world);
  return 'to' in outcome ? activeAtScale(row, world) : outcome;
}

export async function finishUpgrade(row: Row, world: World): Promise<StepOutcome> {
  const rest = await replaced(row, world);
  for (const member of rest) await retire(member.row, world);
  return rest.length > 0 ? { againInMs: world.pace.stepMs } : activeAtScale(row, world);
}

async function activeAtScale(row: Row, world: World): Promise<StepOutcome> {
  return (await converge(row, world)) ? { to: 'active' } : { againInMs: world.pace.stepMs };
}

/** Restarts the containers batch by batch. */
export async function restarting(row: Row, world: World): Promise<StepOutcome> {
  const all = await members(row, world);
  if (!isSettled(all)) return { againInMs: world.pace.stepMs };
  const strategy = asFields(row.hidden['restart']) ?? {};
  const done = asList(row.hidden['restarted']);
  const left = all.filter((one) => one.row.state === 'running' && !done.includes(one.row.number));
  const batch = left.slice(0, Number(strategy['batchSize'] ?? 1));
  if (batch.length === 0) return { to: 'active' };
  for (const one of batch) await world.lifecycle.enter(one.row, 'restarting');
  const restarted = [...done, ...batch.map((one) => one.row.number)];
  return {
    againInMs: Number(strategy['intervalMillis'] ?? 2000),
    change: { hidden: { restarted } },
  };
}
