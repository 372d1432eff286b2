/** Evacuating a host: its containers go, and their services make new ones elsewhere (rancher.md B6). */
import { numberOf } from '../model/ids.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { retire, serviceIdOf } from './container.ts';

export async function evacuate(host: Row, world: World): Promise<void> {
  const containers = (await world.store.list('instance')).filter(
    (row) => row.removed === null && row.fields['hostId'] === `1h${host.number}`,
  );
  for (const row of containers) await retire(row, world);
  for (const id of new Set(containers.map(serviceIdOf))) await convergeService(id, world);
}

async function convergeService(id: string | undefined, world: World): Promise<void> {
  const number = id === undefined ? undefined : numberOf(world.types.get('service'), id);
  if (number === undefined) return;
  const service = await world.store.get({ table: 'service', number });
  if (service?.state === 'active') await world.lifecycle.enter(service, 'updating-active');
}
