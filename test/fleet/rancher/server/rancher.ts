/** The running server behind the door: its world, its periodic work, its answers. */
import { dispatch } from './api/dispatch.ts';
import type { RawRequest } from './api/request.ts';
import type { ApiResponse } from './api/response.ts';
import { openCatalog } from './catalog/catalog.ts';
import { Lifecycle } from './lifecycle/lifecycle.ts';
import type { Clock, Timer } from './model/clock.ts';
import { TypeTable } from './model/typeTable.ts';
import type { World } from './model/world.ts';
import type { Pace } from './options.ts';
import { AgentPresence } from './resources/agentPresence.ts';
import { joinAlone } from './resources/clusterMembership.ts';
import { loadProjectTemplates } from './resources/projectTemplate.ts';
import { Settings } from './resources/settings.ts';
import { resourceTypes } from './resources/types.ts';
import { seed } from './seed.ts';
import type { Store } from './store/store.ts';

export interface RancherParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Read for settings only. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** The server's own IP. */
  readonly address: string;
  readonly catalogDirectory: string | undefined;
  readonly log: (line: string) => void;
}

export interface Rancher {
  answer(raw: RawRequest): Promise<ApiResponse>;
  /** Ends all timed work; the store stays open. */
  stop(): void;
}

/** Fills a new database, or takes up where the last server on this one stopped. */
export async function startRancher(parts: RancherParts): Promise<Rancher> {
  const world = createWorld(parts);
  await seed(world.store, world.clock.now());
  await world.lifecycle.resume();
  await world.presence.start();
  const heartbeat = await joinAlone(world, parts.address);
  const templates = world.clock.after(world.pace.templatesMs, () => loadProjectTemplates(world));
  return { answer: (raw) => dispatch(raw, world), stop: stopper(world, [heartbeat, templates]) };
}

function createWorld(parts: RancherParts): World {
  const { store, clock, pace, environment, version, log } = parts;
  const world: World = {
    store,
    clock,
    pace,
    log,
    types: new TypeTable(resourceTypes),
    settings: new Settings(store, environment, version),
    catalog: openCatalog(parts.catalogDirectory),
    lifecycle: new Lifecycle(() => world),
    presence: new AgentPresence(() => world),
  };
  return world;
}

function stopper(world: World, timers: readonly Timer[]): () => void {
  return () => {
    for (const timer of timers) timer.cancel();
    world.presence.stop();
    world.lifecycle.stop();
  };
}
