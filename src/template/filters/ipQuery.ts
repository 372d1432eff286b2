/** What `ipaddr('query')` asks of an address. */
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { type Internal, isInteger } from '../python/types.ts';
import { type Network, parseNetwork } from './ipNetwork.ts';

/** The answer, or false when the address does not have what is asked. */
export function queryNetwork(network: Network, query: Internal): Internal {
  if (isInteger(query)) return nth(network, BigInt(query));
  const name = str(query);
  if (/^-?\d+$/.test(name)) return nth(network, BigInt(name));
  const named = QUERIES.get(name);
  if (named !== undefined) return named(network);
  const outer = parseNetwork(name);
  if (outer === undefined) throw usageError(`ipaddr: unknown filter type: ${name}`);
  const isInside =
    outer.version === network.version && network.first >= outer.first && network.last <= outer.last;
  return isInside ? whole(network) : false;
}

type Query = (network: Network) => Internal;

function whole(network: Network): string {
  return network.text(network.address, network.hasPrefix ? network.prefix : undefined);
}

/** The n-th address of the network, from its end when negative. */
function nth(network: Network, index: bigint): Internal {
  if (!network.hasPrefix) return false;
  const address = index < 0n ? network.last + 1n + index : network.first + index;
  return address < network.first || address > network.last
    ? false
    : network.text(address, network.prefix);
}

function mask(network: Network): bigint {
  return (1n << BigInt(network.bits)) - (1n << BigInt(network.bits - network.prefix));
}

function size(network: Network): number {
  return Number(network.last - network.first + 1n);
}

const isNetworkAddress = (network: Network): boolean => network.address === network.first;
const isSingle = (network: Network): boolean => network.prefix === network.bits;

const netmask: Query = (network) => network.text(mask(network));
const wildcard: Query = (network) => network.text(network.last - network.first);
const broadcast: Query = (network) =>
  network.last - network.first > 1n ? network.text(network.last) : '';
const address: Query = (network) => {
  if (!network.hasPrefix || isSingle(network)) return network.text(network.address);
  return isNetworkAddress(network) && network.prefix < network.bits - 1
    ? false
    : network.text(network.address);
};
const subnet: Query = (network) => network.text(network.first, network.prefix);
const hostPrefix: Query = (network) =>
  isNetworkAddress(network) && !isSingle(network) && network.prefix < network.bits - 1
    ? false
    : network.text(network.address, network.prefix);
const version: (wanted: 4 | 6) => Query = (wanted) => (network) =>
  network.version === wanted ? whole(network) : false;

function within(...ranges: readonly string[]): Query {
  return (network) => {
    const isInside = ranges.some((range) => {
      const outer = parseNetwork(range);
      return (
        outer?.version === network.version &&
        network.address >= outer.first &&
        network.address <= outer.last
      );
    });
    return isInside ? whole(network) : false;
  };
}

const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fe80::/10',
];
const MULTICAST = ['224.0.0.0/4', 'ff00::/8'];
const SPECIAL = [
  ...PRIVATE,
  ...MULTICAST,
  '240.0.0.0/4',
  '0.0.0.0/8',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
];

const loopback = within('127.0.0.0/8', '::1/128');
const usableRange: Query = (network) =>
  `${network.text(network.firstUsable)}-${network.text(network.lastUsable)}`;

const QUERIES: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['', whole],
  ['bool', () => true],
  ['address', address],
  ['ip', address],
  [
    'host',
    (network) =>
      network.hasPrefix ? hostPrefix(network) : network.text(network.address, network.bits),
  ],
  ['host/prefix', hostPrefix],
  ['hostnet', hostPrefix],
  ['router', hostPrefix],
  ['address/prefix', hostPrefix],
  ['gateway', hostPrefix],
  ['gw', hostPrefix],
  ['network', (network) => network.text(network.first)],
  ['network_id', (network) => network.text(network.first)],
  ['network/prefix', subnet],
  ['subnet', subnet],
  ['net', (network) => (isNetworkAddress(network) && size(network) > 1 ? subnet(network) : false)],
  ['network_netmask', (network) => `${network.text(network.first)} ${network.text(mask(network))}`],
  ['network_wildcard', (network) => `${network.text(network.first)} ${str(wildcard(network))}`],
  ['ip_netmask', (network) => `${network.text(network.address)} ${network.text(mask(network))}`],
  ['ip_wildcard', (network) => `${network.text(network.address)} ${str(wildcard(network))}`],
  ['netmask', netmask],
  ['hostmask', wildcard],
  ['wildcard', wildcard],
  ['prefix', (network) => network.prefix],
  ['cidr', whole],
  ['cidr_lookup', whole],
  ['broadcast', broadcast],
  ['size', size],
  ['first_usable', (network) => network.text(network.firstUsable)],
  ['last_usable', (network) => network.text(network.lastUsable)],
  ['range_usable', usableRange],
  ['size_usable', (network) => Number(network.lastUsable - network.firstUsable + 1n)],
  [
    'next_usable',
    (network) => (network.address < network.lastUsable ? network.text(network.address + 1n) : null),
  ],
  [
    'previous_usable',
    (network) =>
      network.address > network.firstUsable ? network.text(network.address - 1n) : null,
  ],
  [
    'int',
    (network) =>
      isSingle(network) ? Number(network.address) : `${network.address}/${network.prefix}`,
  ],
  ['version', (network) => network.version],
  ['type', (network) => (isNetworkAddress(network) && !isSingle(network) ? 'network' : 'address')],
  ['revdns', (network) => reverseName(network)],
  ['v4', version(4)],
  ['ipv4', version(4)],
  ['v6', version(6)],
  ['ipv6', version(6)],
  ['private', within(...PRIVATE.slice(0, 4))],
  ['public', (network) => (within(...SPECIAL)(network) === false ? whole(network) : false)],
  ['unicast', (network) => (within(...MULTICAST)(network) === false ? whole(network) : false)],
  ['multicast', within(...MULTICAST)],
  ['link-local', within('169.254.0.0/16', 'fe80::/10')],
  ['loopback', loopback],
  ['lo', loopback],
]);

function reverseName(network: Network): string {
  if (network.version === 4)
    return `${network.text(network.address).split('.').reverse().join('.')}.in-addr.arpa.`;
  const digits = network.address.toString(16).padStart(32, '0');
  return `${[...digits].reverse().join('.')}.ip6.arpa.`;
}
