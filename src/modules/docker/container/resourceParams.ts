/** What a container may use: memory, processors, devices. */
import type * as z from 'zod';
import { boolean, dict, float, integer, list, object, plain, text } from '../../params.ts';

function deviceRates<T extends z.ZodType>(rate: T) {
  return list(
    object({ path: text().describe('Device on the host.'), rate: rate.describe('Limit.') }),
  );
}

export const resourceParams = {
  memory: text().optional().describe('Memory limit, e.g. 512M; 0 is unlimited.'),
  memory_reservation: text().optional().describe('Memory soft limit.'),
  memory_swap: text()
    .optional()
    .describe('Memory and swap together; -1 or unlimited for no limit.'),
  memory_swappiness: integer()
    .optional()
    .describe('How readily its pages are swapped out, 0 to 100.'),
  kernel_memory: text().optional().describe('Kernel memory limit. Newer Engines ignore it.'),
  shm_size: text().optional().describe('Size of /dev/shm.'),
  oom_killer: boolean()
    .optional()
    .describe('With `true` the out-of-memory killer is switched off for it.'),
  oom_score_adj: integer().optional().describe('Added to its score for the out-of-memory killer.'),
  pids_limit: integer().optional().describe('Most processes; -1 for no limit.'),
  cpus: float().optional().describe('Processors it may use, e.g. 1.5.'),
  cpu_period: integer().optional().describe('CFS period in microseconds.'),
  cpu_quota: integer().optional().describe('CFS quota in microseconds.'),
  cpu_shares: integer().optional().describe('Relative weight.'),
  cpuset_cpus: text().optional().describe('Processors it may run on, e.g. 0-3.'),
  cpuset_mems: text().optional().describe('Memory nodes it may use.'),
  blkio_weight: integer().optional().describe('Relative weight of its disk traffic, 10 to 1000.'),
  device_read_bps: deviceRates(text()).optional().describe('Read limits in bytes a second.'),
  device_write_bps: deviceRates(text()).optional().describe('Write limits in bytes a second.'),
  device_read_iops: deviceRates(integer())
    .optional()
    .describe('Read limits in operations a second.'),
  device_write_iops: deviceRates(integer())
    .optional()
    .describe('Write limits in operations a second.'),
  devices: list(text())
    .optional()
    .describe('Devices of the host: `/dev/host[:/dev/container[:rwm]]`.'),
  device_requests: list(
    object({
      driver: text().optional().describe('Driver that serves the request.'),
      count: integer().optional().describe('How many; -1 for all.'),
      device_ids: list(text()).optional().describe('Which ones.'),
      capabilities: plain().optional().describe('Alternatives of capabilities: a list of lists.'),
      options: dict(text()).optional().describe("The driver's options."),
    }),
  )
    .optional()
    .describe('Devices by what they can do, e.g. GPUs.'),
  device_cgroup_rules: list(text())
    .optional()
    .describe('Rules for the device cgroup, e.g. "c 42:* rmw".'),
} satisfies z.ZodRawShape;
