/** The networks of a container: what is missing, what is connected otherwise, what is too much. */
import { asTexts, type Mode, matches } from './compare.ts';
import { link } from './fields/network.ts';
import type { ContainerInspect, Endpoint } from './inspect.ts';
import type { NetworkParams } from './networkParams.ts';

export interface NetworkDifference {
  readonly name: string;
  /** How it shall be connected; undefined when it shall not be. */
  readonly desired: NetworkParams | undefined;
  readonly actual: Readonly<Record<string, unknown>> | undefined;
}

/** @param mode `strict` takes networks away that are not named. */
export function networkDifferences(
  desired: readonly NetworkParams[] | undefined,
  container: ContainerInspect,
  mode: Mode,
): readonly NetworkDifference[] {
  if (desired === undefined || mode === 'ignore') return [];
  const connected = container.NetworkSettings.Networks ?? {};
  const wrong = desired.flatMap((network) => {
    const endpoint = connected[network.name];
    if (endpoint !== undefined && isAsAsked(network, endpoint)) return [];
    return [{ name: network.name, desired: network, actual: endpoint && shown(endpoint) }];
  });
  return mode === 'strict' ? [...wrong, ...surplus(desired, connected)] : wrong;
}

function surplus(
  desired: readonly NetworkParams[],
  connected: Readonly<Record<string, Endpoint>>,
): readonly NetworkDifference[] {
  const names = new Set(desired.map(({ name }) => name));
  const more = Object.entries(connected).filter(([name]) => !names.has(name));
  return more.map(([name, endpoint]) => ({ name, desired: undefined, actual: shown(endpoint) }));
}

function isAsAsked(network: NetworkParams, endpoint: Endpoint): boolean {
  const { IPAMConfig: ipam } = endpoint;
  const same = (asked: string | undefined, actual: string | null | undefined) =>
    asked === undefined || asked.toLowerCase() === actual?.toLowerCase();
  return (
    same(network.ipv4_address, ipam?.IPv4Address) &&
    same(network.ipv6_address, ipam?.IPv6Address) &&
    same(network.mac_address, endpoint.MacAddress) &&
    matches('set', 'allow_more_present', network.aliases, endpoint.Aliases) &&
    matches('set', 'allow_more_present', network.links?.map(link), endpoint.Links) &&
    matches('dict', 'allow_more_present', network.driver_opts, endpoint.DriverOpts) &&
    (network.gw_priority === undefined || network.gw_priority === (endpoint.GwPriority ?? 0))
  );
}

function shown({ IPAMConfig, Aliases, Links }: Endpoint): Readonly<Record<string, unknown>> {
  const entries = {
    ipv4_address: IPAMConfig?.IPv4Address || undefined,
    ipv6_address: IPAMConfig?.IPv6Address || undefined,
    aliases: asTexts(Aliases).length > 0 ? Aliases : undefined,
    links: asTexts(Links).length > 0 ? Links : undefined,
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

/** How the Engine takes it, for a new container and for `connect`. */
export function endpointSettings(network: NetworkParams): Readonly<Record<string, unknown>> {
  const { ipv4_address, ipv6_address, aliases, links, mac_address, driver_opts, gw_priority } =
    network;
  const hasAddress = ipv4_address !== undefined || ipv6_address !== undefined;
  return {
    ...(hasAddress && { IPAMConfig: { IPv4Address: ipv4_address, IPv6Address: ipv6_address } }),
    ...(aliases && { Aliases: aliases }),
    ...(links && { Links: links.map(link) }),
    ...(mac_address && { MacAddress: mac_address }),
    ...(driver_opts && { DriverOpts: driver_opts }),
    ...(gw_priority !== undefined && { GwPriority: gw_priority }),
  };
}
