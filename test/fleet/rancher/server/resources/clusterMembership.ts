/** The servers on this database. A single server is one row, not clustered (rancher.md A7). */
import { randomUUID } from 'node:crypto';
import { restingMachine } from '../lifecycle/machines.ts';
import { every, type Timer } from '../model/clock.ts';
import { readOnly } from '../model/field.ts';
import type { ResourceType } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';

const heartbeatMs = 5000;

export const clusterMembership: ResourceType = {
  id: 'clusterMembership',
  plural: 'clusterMemberships',
  table: 'clusterMembership',
  prefix: 'cm',
  methods: { admin: { collection: 'GET', resource: 'GET' } },
  machine: restingMachine,
  fields: {
    name: readOnly('string'),
    heartbeat: readOnly('int'),
    clustered: readOnly('boolean'),
    config: readOnly('string'),
  },
};

/** Replaces the rows of earlier boots by this server's and keeps its heartbeat moving. */
export async function joinAlone(world: World, address: string): Promise<Timer> {
  for (const row of await world.store.list('clusterMembership')) await world.store.delete(row);
  const config = { advertiseAddress: `${address}:9345`, httpPort: 8080, clustered: false };
  const row = await world.lifecycle.create({
    table: 'clusterMembership',
    type: 'clusterMembership',
    uuid: randomUUID(),
    accountId: null,
    state: 'active',
    transitioning: 'no',
    transitioningMessage: null,
    created: world.clock.now(),
    removed: null,
    fields: {
      name: null,
      heartbeat: world.clock.now(),
      clustered: false,
      config: JSON.stringify(config),
    },
    hidden: {},
  });
  return every(world.clock, heartbeatMs, async () => {
    await world.lifecycle.patch(row, { fields: { heartbeat: world.clock.now() } });
  });
}
