import { ModuleError } from '../../../../core/errors.ts';
import { bytes } from '../../units.ts';
import { type Field, hostField, type Wanted } from '../field.ts';
import type { Params } from '../params.ts';

const updatable = { isUpdatable: true };

export const resourceFields: readonly Field[] = [
  hostField('memory', 'Memory', 'value', size('memory'), updatable),
  hostField(
    'memory_reservation',
    'MemoryReservation',
    'value',
    size('memory_reservation'),
    updatable,
  ),
  hostField('memory_swap', 'MemorySwap', 'value', size('memory_swap'), updatable),
  hostField('memory_swappiness', 'MemorySwappiness', 'value'),
  hostField('kernel_memory', 'KernelMemory', 'value', size('kernel_memory'), {
    ...updatable,
    // Engines since 23 drop it; a difference there can never be mended.
    actual: ({ HostConfig }) => HostConfig['KernelMemory'],
    mode: 'ignore',
  }),
  hostField('shm_size', 'ShmSize', 'value', size('shm_size')),
  hostField('oom_killer', 'OomKillDisable', 'value'),
  hostField('oom_score_adj', 'OomScoreAdj', 'value'),
  hostField('pids_limit', 'PidsLimit', 'value', undefined, {
    ...updatable,
    normalise: (limit) => (limit === -1 ? 0 : limit),
  }),
  hostField('cpus', 'NanoCpus', 'value', nanoCpus, updatable),
  hostField('cpu_period', 'CpuPeriod', 'value', undefined, updatable),
  hostField('cpu_quota', 'CpuQuota', 'value', undefined, updatable),
  hostField('cpu_shares', 'CpuShares', 'value', undefined, updatable),
  hostField('cpuset_cpus', 'CpusetCpus', 'value', undefined, updatable),
  hostField('cpuset_mems', 'CpusetMems', 'value', undefined, updatable),
  hostField('blkio_weight', 'BlkioWeight', 'value', undefined, updatable),
  hostField('device_read_bps', 'BlkioDeviceReadBps', 'set', byteRates('device_read_bps')),
  hostField('device_write_bps', 'BlkioDeviceWriteBps', 'set', byteRates('device_write_bps')),
  hostField('device_read_iops', 'BlkioDeviceReadIOps', 'set', rates('device_read_iops')),
  hostField('device_write_iops', 'BlkioDeviceWriteIOps', 'set', rates('device_write_iops')),
  hostField('devices', 'Devices', 'set', ({ params }) => params.devices?.map(device)),
  hostField('device_requests', 'DeviceRequests', 'set', deviceRequests),
  hostField('device_cgroup_rules', 'DeviceCgroupRules', 'set'),
];

type SizeOption = 'memory' | 'memory_reservation' | 'memory_swap' | 'kernel_memory' | 'shm_size';

function size(option: SizeOption): (wanted: Wanted) => number | undefined {
  return ({ params }) => {
    const text = params[option];
    if (text === undefined) return undefined;
    const isUnlimited = option === 'memory_swap' && ['unlimited', '-1'].includes(text);
    return isUnlimited ? -1 : bytes(text, option);
  };
}

function nanoCpus({ params: { cpus } }: Wanted): number | undefined {
  return cpus === undefined ? undefined : Math.round(cpus * 1e9);
}

function byteRates(option: 'device_read_bps' | 'device_write_bps'): Field['value'] {
  return ({ params }) =>
    params[option]?.map(({ path, rate }) => ({ Path: path, Rate: bytes(rate, option) }));
}

function rates(option: 'device_read_iops' | 'device_write_iops'): Field['value'] {
  return ({ params }) => params[option]?.map(({ path, rate }) => ({ Path: path, Rate: rate }));
}

/** `/dev/host[:/dev/container[:rwm]]` */
function device(text: string) {
  const [host = '', second, third] = text.split(':');
  const isPermission = second !== undefined && !second.startsWith('/');
  if (!host.startsWith('/') || (isPermission && third !== undefined)) {
    throw new ModuleError(`devices: "${text}" is no device`, {
      hint: 'write /dev/host:/dev/container:rwm',
    });
  }
  return {
    PathOnHost: host,
    PathInContainer: second === undefined || isPermission ? host : second,
    CgroupPermissions: (isPermission ? second : third) ?? 'rwm',
  };
}

function deviceRequests({ params }: Pick<Wanted, 'params'>): unknown {
  return params.device_requests?.map(deviceRequest);
}

function deviceRequest(request: NonNullable<Params['device_requests']>[number]) {
  const { driver, count, device_ids, capabilities, options } = request;
  return {
    Driver: driver ?? '',
    Count: count ?? 0,
    DeviceIDs: device_ids ?? null,
    Capabilities: capabilities ?? null,
    Options: options ?? {},
  };
}
