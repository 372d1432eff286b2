/**
 * Replaces the containers of a service batch by batch: an upgrade brings in new ones and stops the old, a rollback
 * starts the old ones again and removes the new (rancher.md B8). Each tick does the next step; progress is in the row.
 */
import { asFields, asList, asNumber, type Fields } from '../model/json.ts';
import type { StepOutcome } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { retire } from './container.ts';
import { bringUp, isCurrent, isSettled, launches, type Member, members } from './units.ts';

export interface RolloutPlan {
  readonly batchSize: number;
  readonly intervalMillis: number;
  readonly startFirst: boolean;
  /** What happens to a container that goes out. */
  readonly takeOut: (row: Row, world: World) => Promise<void>;
  /** Whether such a container still has to go. */
  readonly isStillIn: (row: Row) => boolean;
}

/** The strategy of the service's last upgrade. */
export function strategyOf(service: Row): Fields {
  return asFields(asFields(service.fields['upgrade'])?.['inServiceStrategy']) ?? {};
}

function pace(strategy: Fields) {
  return {
    batchSize: asNumber(strategy['batchSize']) ?? 1,
    intervalMillis: asNumber(strategy['intervalMillis']) ?? 2000,
    startFirst: strategy['startFirst'] === true,
  };
}

export function upgradePlan(service: Row): RolloutPlan {
  return {
    ...pace(strategyOf(service)),
    takeOut: async (row, world) => {
      await world.lifecycle.enter(row, 'stopping');
    },
    isStillIn: (row) => row.state === 'running',
  };
}

export function rollbackPlan(service: Row): RolloutPlan {
  return { ...pace(strategyOf(service)), takeOut: retire, isStillIn: () => true };
}

/** One step. Reaches `done` when no container of another version is in. */
export async function rolloutTick(
  service: Row,
  plan: RolloutPlan,
  done: StepOutcome,
  world: World,
): Promise<StepOutcome> {
  const all = await members(service, world);
  if (!isSettled(all)) return { againInMs: world.pace.stepMs };
  const batch = currentBatch(service) ?? nextBatch(service, all, plan);
  if (batch.length === 0) return done;
  const isBusy = await stepBatch(service, batch, plan, world);
  return isBusy
    ? { againInMs: world.pace.stepMs, change: { hidden: { batch } } }
    : { againInMs: plan.intervalMillis, change: { hidden: { batch: null } } };
}

function currentBatch(service: Row): readonly number[] | undefined {
  const units = asList(service.hidden['batch']).filter((unit) => typeof unit === 'number');
  return units.length === 0 ? undefined : units;
}

function nextBatch(service: Row, all: readonly Member[], plan: RolloutPlan): readonly number[] {
  const units = outgoing(service, all, plan).map(({ unit }) => unit);
  return [...new Set(units)].sort((a, b) => a - b).slice(0, plan.batchSize);
}

function outgoing(service: Row, all: readonly Member[], plan: RolloutPlan): readonly Member[] {
  const wanted = launches(service);
  return all.filter((member) => !isCurrent(member, wanted) && plan.isStillIn(member.row));
}

/** In the plan's order: the second half waits until the first has settled. @returns whether anything was done */
async function stepBatch(service: Row, batch: readonly number[], plan: RolloutPlan, world: World) {
  const up = () => bringUpAll(service, batch, world);
  const out = () => takeOutAll(service, batch, plan, world);
  const [first, second] = plan.startFirst ? [up, out] : [out, up];
  return (await first()) || (await second());
}

async function bringUpAll(service: Row, batch: readonly number[], world: World): Promise<boolean> {
  const acted = [];
  for (const unit of batch) acted.push(await bringUp(service, { unit }, launches(service), world));
  return acted.includes(true);
}

async function takeOutAll(service: Row, batch: readonly number[], plan: RolloutPlan, world: World) {
  const all = await members(service, world);
  const leaving = outgoing(service, all, plan).filter(({ unit }) => batch.includes(unit));
  for (const { row } of leaving) await plan.takeOut(row, world);
  return leaving.length > 0;
}

/** The containers an upgrade has replaced: stopped, and kept for a rollback until it is finished. */
export async function replaced(service: Row, world: World): Promise<readonly Member[]> {
  const wanted = launches(service);
  return (await members(service, world)).filter((member) => !isCurrent(member, wanted));
}
