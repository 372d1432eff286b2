/** Which host a container goes to: active, with its agent there, fitting its labels, least loaded first. */
import { asText, asTextMap, type Fields } from '../model/json.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';

const affinityLabel = 'io.rancher.scheduler.affinity:host_label';

/** The host's id; undefined when none fits. */
export async function pickHost(container: Row, world: World): Promise<string | undefined> {
  const hosts = (await usableHosts(container.accountId, world)).filter((host) =>
    fits(host, container.fields),
  );
  const load = await containersPerHost(world);
  const count = (host: Row) => load.get(`1h${host.number}`) ?? 0;
  const [best] = hosts.toSorted((a, b) => count(a) - count(b) || a.number - b.number);
  return best === undefined ? undefined : `1h${best.number}`;
}

export async function usableHosts(accountId: number | null, world: World): Promise<readonly Row[]> {
  const hosts = await world.store.list('host');
  return hosts.filter(
    (host) =>
      host.accountId === accountId &&
      host.state === 'active' &&
      host.fields['agentState'] === 'active',
  );
}

function fits(host: Row, fields: Fields): boolean {
  const requested = asText(fields['requestedHostId']);
  if (requested !== undefined && requested !== `1h${host.number}`) return false;
  const labels = asTextMap(host.fields['labels']);
  const wanted = asTextMap(fields['labels'])[affinityLabel];
  const avoided = asTextMap(fields['labels'])[`${affinityLabel}_ne`];
  return hasAll(labels, wanted) && (avoided === undefined || !hasAll(labels, avoided));
}

/** `a=b,c=d`: all must hold. */
function hasAll(labels: Record<string, string>, wanted: string | undefined): boolean {
  const pairs = wanted?.split(',').filter(Boolean) ?? [];
  return pairs.every((pair) => {
    const [key = '', value = ''] = pair.split('=');
    return labels[key.trim()] === value.trim();
  });
}

async function containersPerHost(world: World): Promise<ReadonlyMap<string, number>> {
  const load = new Map<string, number>();
  for (const { removed, fields } of await world.store.list('instance')) {
    const hostId = asText(fields['hostId']);
    if (removed === null && hostId !== undefined) load.set(hostId, (load.get(hostId) ?? 0) + 1);
  }
  return load;
}
