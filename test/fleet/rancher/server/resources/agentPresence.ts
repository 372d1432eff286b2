/** When each host's agent last pinged, and what follows from its silence (rancher.md B6, E3). */

import { isGone } from '../api/references.ts';
import { every, type Timer } from '../model/clock.ts';
import { asText } from '../model/json.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';

/** Pings missed before a host is `reconnecting`, and before it is `disconnected`. */
const missedUntilReconnecting = 6;
const missedUntilDisconnected = 12;

export class AgentPresence {
  readonly #world: () => World;
  /** Host number → time of the last ping. Not kept: after a restart every agent has to show up again. */
  readonly #lastSeen = new Map<number, number>();
  #startedAt = 0;
  #watch: Timer | undefined;

  constructor(world: () => World) {
    this.#world = world;
  }

  /** Takes every agent for reconnecting until it pings, and starts to watch. */
  async start(): Promise<void> {
    const { clock, pace } = this.#world();
    this.#startedAt = clock.now();
    for (const host of await this.#hosts()) {
      if (asText(host.fields['agentState']) === 'active')
        await this.#setState(host, 'reconnecting');
    }
    this.#watch = every(clock, pace.pingMs, () => this.#look());
  }

  stop(): void {
    this.#watch?.cancel();
  }

  /** A ping came: a host that was missed comes back in two steps. */
  async seen(host: Row): Promise<void> {
    const { clock, pace } = this.#world();
    this.#lastSeen.set(host.number, clock.now());
    const state = asText(host.fields['agentState']);
    if (state === undefined && host.state === 'active') await this.#setState(host, 'active');
    if (state === 'disconnected') await this.#setState(host, 'reconnecting');
    if (state !== 'reconnecting' && state !== 'disconnected') return;
    clock.after(pace.stepMs, () => this.#step(host, 'reconnecting', 'finishing-reconnect'));
    clock.after(2 * pace.stepMs, () => this.#step(host, 'finishing-reconnect', 'active'));
  }

  async #step(host: Row, from: string, to: string): Promise<void> {
    const current = await this.#world().store.get(host);
    if (current?.fields['agentState'] === from) await this.#setState(current, to);
  }

  async #look(): Promise<void> {
    for (const host of await this.#hosts()) await this.#judge(host);
  }

  async #judge(host: Row): Promise<void> {
    const missed = this.#missedPings(host);
    const state = asText(host.fields['agentState']);
    if (state === 'active' && missed >= missedUntilReconnecting) {
      await this.#setState(host, 'reconnecting');
    } else if (state === 'reconnecting' && missed >= missedUntilDisconnected) {
      await this.#setState(host, 'disconnected');
    } else if (state === 'disconnected') {
      await this.#removeAbandoned(host);
    }
  }

  #missedPings(host: Row): number {
    const { clock, pace } = this.#world();
    const seen = this.#lastSeen.get(host.number) ?? this.#startedAt;
    return Math.floor((clock.now() - seen) / pace.pingMs);
  }

  /** Setting `host.remove.delay.seconds`, or the project's own; -1 is never. */
  async #removeAbandoned(host: Row): Promise<void> {
    const { settings, store, lifecycle, pace } = this.#world();
    const project = await store.get({ table: 'account', number: host.accountId ?? 0 });
    const delay =
      project?.fields['hostRemoveDelaySeconds'] ??
      (await settings.value('host.remove.delay.seconds'));
    const delayMs = Number(delay) * 1000;
    const isDue = delayMs >= 0 && this.#missedPings(host) * pace.pingMs >= delayMs;
    if (isDue && host.state === 'active') {
      await lifecycle.enter(host, 'deactivating', { hidden: { isAbandoned: true } });
    }
  }

  async #hosts(): Promise<readonly Row[]> {
    const rows = await this.#world().store.list('host');
    return rows.filter((row) => !isGone(row));
  }

  async #setState(host: Row, agentState: string): Promise<void> {
    await this.#world().lifecycle.patch(host, { fields: { agentState } });
  }
}
