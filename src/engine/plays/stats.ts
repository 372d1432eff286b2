import type { HostStats } from '../../core/events.ts';

export type Counter = keyof HostStats;

const NOTHING: HostStats = {
  ok: 0,
  changed: 0,
  unreachable: 0,
  failed: 0,
  skipped: 0,
  rescued: 0,
  ignored: 0,
};

/** Counts for the recap, and what `set_stats` collected. */
export class RunStats {
  readonly #hosts = new Map<string, Record<Counter, number>>();
  readonly #custom = new Map<string, Record<string, unknown>>();

  count(host: string, ...counters: readonly Counter[]): void {
    const stats = this.#hosts.get(host) ?? { ...NOTHING };
    for (const counter of counters) stats[counter] += 1;
    this.#hosts.set(host, stats);
  }

  /** A failure that turned out to be rescued or ignored is not counted as one. */
  get hosts(): Readonly<Record<string, HostStats>> {
    return Object.fromEntries(this.#hosts);
  }

  /** @param host `_run` for what belongs to the whole run. */
  setCustom(host: string, stats: ReadonlyMap<string, unknown>, aggregate: boolean): void {
    const known = this.#custom.get(host) ?? {};
    for (const [name, value] of stats) {
      known[name] = aggregate ? aggregated(known[name], value) : value;
    }
    this.#custom.set(host, known);
  }

  get custom(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#custom);
  }
}

/** Numbers add up, texts and lists grow, dicts merge; values of different kinds are replaced. */
function aggregated(before: unknown, added: unknown): unknown {
  if (typeof before === 'number' && typeof added === 'number') return before + added;
  if (typeof before === 'string' && typeof added === 'string') return before + added;
  if (Array.isArray(before) && Array.isArray(added)) return [...before, ...added];
  if (before instanceof Map && added instanceof Map) return new Map([...before, ...added]);
  return added;
}
