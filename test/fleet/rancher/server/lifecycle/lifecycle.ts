/**
 * Moves rows through their states. A row in a passing state has one timer; when it fires, the type's work decides
 * where the row goes, or the machine does. After a restart `resume` sets the timers again from what the store holds.
 */

import type { Timer } from '../model/clock.ts';
import type { Fields } from '../model/json.ts';
import type { RowChange, StepOutcome } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { NewRow, Row, RowKey } from '../store/store.ts';

export class Lifecycle {
  readonly #world: () => World;
  readonly #timers = new Map<string, Timer>();

  constructor(world: () => World) {
    this.#world = world;
  }

  /** Keeps a new row in its first state and starts its life. */
  async create(row: NewRow): Promise<Row> {
    const kept = await this.#world().store.insert({ ...row, ...this.#stateFields(row, row.state) });
    this.#schedule(kept);
    return kept;
  }

  /** Puts a row into a state, with new values, and starts that state's step. */
  async enter(key: RowKey, state: string, change: RowChange = {}): Promise<Row> {
    const row = await this.#world().store.update(key, (current) => ({
      ...merged(current, change),
      ...this.#stateFields(current, state),
    }));
    this.#schedule(row);
    return row;
  }

  /** Changes values without touching the state. */
  async patch(key: RowKey, change: RowChange): Promise<Row> {
    return this.#world().store.update(key, (row) => merged(row, change));
  }

  /** Sets the timers of all rows that a stopped server left in passing states. */
  async resume(): Promise<void> {
    const { store } = this.#world();
    for (const table of await store.tables()) {
      for (const row of await store.list(table)) this.#schedule(row);
    }
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #schedule(row: Row, delayMs = this.#world().pace.stepMs): void {
    const name = `${row.table}/${row.number}`;
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
    if (!this.#isPassing(row, row.state)) return;
    this.#timers.set(
      name,
      this.#world().clock.after(delayMs, () => this.#advance(row)),
    );
  }

  async #advance(scheduled: Row): Promise<void> {
    const world = this.#world();
    const row = await world.store.get(scheduled);
    if (row === undefined || row.state !== scheduled.state) return;
    const outcome = await this.#outcome(row);
    const current = await world.store.get(row);
    if (current?.state === row.state) await this.#apply(current, outcome);
  }

  async #outcome(row: Row): Promise<StepOutcome> {
    const world = this.#world();
    const type = world.types.of(row);
    const work = type.work?.[row.state];
    if (work !== undefined) return work(row, world);
    return { to: type.machine.steps[row.state] ?? row.state };
  }

  async #apply(row: Row, outcome: StepOutcome): Promise<void> {
    if ('failed' in outcome) return this.#fail(row, outcome.failed, outcome.to);
    if ('to' in outcome) {
      await this.enter(row, outcome.to, outcome.change);
      return;
    }
    if (outcome.change !== undefined) await this.patch(row, outcome.change);
    this.#schedule(row, outcome.againInMs);
  }

  async #fail(row: Row, message: string, state = row.state): Promise<void> {
    await this.#world().store.update(row, (current) => ({
      ...current,
      state,
      transitioning: 'error',
      transitioningMessage: message,
    }));
  }

  #stateFields(row: Pick<Row, 'type' | 'removed'>, state: string) {
    const isPassing = this.#isPassing(row, state);
    return {
      state,
      transitioning: isPassing ? ('yes' as const) : ('no' as const),
      transitioningMessage: isPassing ? 'In Progress' : null,
      removed: state === 'removed' ? this.#world().clock.now() : row.removed,
    };
  }

  #isPassing(row: Pick<Row, 'type'>, state: string): boolean {
    return this.#world().types.of(row).machine.steps[state] !== undefined;
  }
}

function merged(row: Row, change: RowChange): Row {
  const over = (base: Fields, top: Fields | undefined) => ({ ...base, ...top });
  return {
    ...row,
    fields: over(row.fields, change.fields),
    hidden: over(row.hidden, change.hidden),
  };
}
