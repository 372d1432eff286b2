/** What `docker_network` takes, and what the Engine shows of a network. */
import * as z from 'zod';
import { boolean, dict, list, object, text } from '../params.ts';
import { engineParams } from './engineParams.ts';

export const params = z.strictObject({
  name: text()
    .describe('Name of the network.')
    .meta({ aliases: ['network_name'] }),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall exist.'),
  config_from: text()
    .optional()
    .describe('Network made with `config_only` whose settings this one takes.'),
  config_only: boolean()
    .optional()
    .describe('It only holds settings for others, which name it in `config_from`.'),
  driver: text().default('bridge').describe('Driver; a network with `config_only` has none.'),
  driver_options: dict(text()).optional().describe("The driver's options."),
  ipam_driver: text().optional().describe('Driver that gives addresses.'),
  ipam_driver_options: dict(text()).optional().describe("That driver's options."),
  ipam_config: list(
    object({
      subnet: text().optional().describe('Addresses, e.g. 172.20.0.0/16.'),
      iprange: text().optional().describe('Part of them to give out.'),
      gateway: text().optional().describe('Gateway.'),
      aux_addresses: dict(text()).optional().describe('Addresses by host that are taken.'),
    }),
  )
    .optional()
    .describe('Address ranges.'),
  internal: boolean().optional().describe('No way out of it.'),
  attachable: boolean()
    .optional()
    .describe('Containers may connect themselves to a swarm network.'),
  enable_ipv4: boolean()
    .optional()
    .describe('IPv4, which is there unless this says no. Engine 28.'),
  enable_ipv6: boolean().optional().describe('IPv6 too.'),
  ingress: boolean().optional().describe('Route what comes to any node of a swarm.'),
  scope: z.enum(['local', 'global', 'swarm']).optional().describe('Scope.'),
  labels: dict(text()).optional().describe('Labels.'),
  connected: list(text())
    .default([])
    .describe('Containers that are connected; others are disconnected unless `appends`.')
    .meta({ aliases: ['containers'] }),
  appends: boolean()
    .default(false)
    .describe('Leave containers connected that `connected` does not name.')
    .meta({ aliases: ['incremental'] }),
  force: boolean().default(false).describe('Make it anew even if nothing differs.'),
  ...engineParams,
});
export type Params = z.output<typeof params>;

export const NetworkInspect = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string(),
  Scope: z.string().nullish(),
  Internal: z.boolean().nullish(),
  Attachable: z.boolean().nullish(),
  EnableIPv4: z.boolean().nullish(),
  EnableIPv6: z.boolean().nullish(),
  Ingress: z.boolean().nullish(),
  ConfigOnly: z.boolean().nullish(),
  ConfigFrom: z.looseObject({ Network: z.string().nullish() }).nullish(),
  Options: z.record(z.string(), z.string()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  IPAM: z
    .looseObject({
      Driver: z.string().nullish(),
      Options: z.record(z.string(), z.string()).nullish(),
      Config: z
        .array(
          z.looseObject({
            Subnet: z.string().nullish(),
            IPRange: z.string().nullish(),
            Gateway: z.string().nullish(),
            AuxiliaryAddresses: z.record(z.string(), z.string()).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
  Containers: z.record(z.string(), z.looseObject({ Name: z.string() })).nullish(),
});
export type NetworkInspect = z.output<typeof NetworkInspect>;
