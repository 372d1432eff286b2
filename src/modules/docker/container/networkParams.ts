/** How a container is reached and what it reaches: ports, networks, names. */
import type * as z from 'zod';
import { boolean, dict, integer, list, object, text } from '../../params.ts';

const network = object({
  name: text().describe('Network to connect to.'),
  ipv4_address: text().optional().describe('Its IPv4 address there.'),
  ipv6_address: text().optional().describe('Its IPv6 address there.'),
  aliases: list(text()).optional().describe('Further names of the container there.'),
  links: list(text()).optional().describe('Other containers: `container[:alias]`.'),
  mac_address: text().optional().describe('Its MAC address there.'),
  driver_opts: dict(text()).optional().describe("The network driver's options."),
  gw_priority: integer().optional().describe('The highest gives the default route.'),
});

export type NetworkParams = z.output<typeof network>;

export const networkParams = {
  published_ports: list(text())
    .optional()
    .describe('`[[ip:]port:]port[/udp]`, ranges too; `all` is `publish_all_ports: true`.')
    .meta({ aliases: ['ports'] }),
  publish_all_ports: boolean().optional().describe('Publish all exposed ports on random ports.'),
  default_host_ip: text()
    .optional()
    .describe('Address for published ports that name none; empty for the choice of the Engine.'),
  exposed_ports: list(text())
    .optional()
    .describe('Ports that it listens on, not published by this.')
    .meta({ aliases: ['exposed', 'expose'] }),
  networks: list(network).optional().describe('Networks it is connected to.'),
  network_mode: text()
    .optional()
    .describe('bridge, host, none, default, container:<name> or a network.'),
  networks_cli_compatible: boolean()
    .default(true)
    .describe('A new container is not connected to the default network when `networks` are given.'),
  purge_networks: boolean()
    .default(false)
    .describe('Disconnect it from networks that `networks` does not name.'),
  links: list(text()).optional().describe('Other containers: `container[:alias]`.'),
  etc_hosts: dict(text()).optional().describe('Names and addresses for /etc/hosts.'),
  dns_servers: list(text()).optional().describe('DNS servers.'),
  dns_opts: list(text()).optional().describe('Options of the resolver.'),
  dns_search_domains: list(text()).optional().describe('Domains that names are searched in.'),
  mac_address: text().optional().describe('Its MAC address.'),
} satisfies z.ZodRawShape;
