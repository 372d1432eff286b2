/** Filters on addresses: `ipaddr` and its kin (ansible.utils), on the library ip-address. */
import { Address4, Address6 } from 'ip-address';
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { type Internal, isInteger, isList } from '../python/types.ts';
import { type Network, parseNetwork } from './ipNetwork.ts';
import { queryNetwork } from './ipQuery.ts';

type Version = 4 | 6 | undefined;

/** The filter for one value or each of a list; what is no address is left out of lists and false alone. */
function ipFilter(version: Version): Filter {
  return (value, args) => {
    const [query] = bind('ipaddr', args, 'query', 'version', 'alias');
    const wanted = query === undefined || query === null ? '' : query;
    if (!isList(value)) return answer(value, wanted, version) ?? false;
    return value.map((item) => answer(item, wanted, version)).filter((item) => item !== undefined);
  };
}

function answer(value: Internal, query: Internal, version: Version): Internal | undefined {
  if (typeof value === 'boolean' || value === null) return undefined;
  const network = parseNetwork(isInteger(value) ? value : str(value));
  if (network === undefined || (version !== undefined && network.version !== version))
    return undefined;
  const found = queryNetwork(network, query);
  return found === false ? undefined : found;
}

export const networkFilters = table<Filter>({
  ipaddr: ipFilter(undefined),
  ipv4: ipFilter(4),
  ipv6: ipFilter(6),
  ipwrap: (value) => (isList(value) ? value.map(wrapped) : wrapped(value)),
  ipsubnet: (value, args) => subnet(value, args.positional),
  ipmath: (value, { positional: [amount = 0] }) => {
    const network = needed(value);
    return network.text(network.address + BigInt(str(amount)));
  },
  next_nth_usable: (value, { positional: [offset = 1] }) => {
    const network = needed(value);
    const next = network.address + BigInt(str(offset));
    return next >= network.first && next <= network.last ? network.text(next) : null;
  },
  network_in_network: (value, { positional: [other = null] }) =>
    contains(needed(value), needed(other)),
  network_in_usable: (value, { positional: [other = null] }) => {
    const [outer, inner] = [needed(value), needed(other)];
    return (
      contains(outer, inner) && inner.first >= outer.firstUsable && inner.last <= outer.lastUsable
    );
  },
  cidr_merge: (value, { positional: [action = 'merge'] }) => merged(value, str(action)),
  hwaddr: (value, { positional: [style = ''] }) => hardwareAddress(str(value), str(style)),
  macaddr: (value, { positional: [style = ''] }) => hardwareAddress(str(value), str(style)),
});

function needed(value: Internal): Network {
  const network = parseNetwork(isInteger(value) ? value : str(value));
  if (network === undefined) throw usageError(`"${str(value)}" is no address or network`);
  return network;
}

function contains(outer: Network, inner: Network): boolean {
  return outer.version === inner.version && inner.first >= outer.first && inner.last <= outer.last;
}

function wrapped(value: Internal): Internal {
  if (typeof value !== 'string') return value;
  const [address = '', prefix] = value.split('/');
  if (!Address6.isValid(address) || Address4.isValid(address)) return value;
  return prefix === undefined ? `[${address}]` : `[${address}]/${prefix}`;
}

/** `ipsubnet(prefix, index)`: how many subnets of that size, or which one. */
function subnet(value: Internal, [size, index]: readonly Internal[]): Internal {
  const network = parseNetwork(str(value));
  if (network === undefined) return false;
  if (size === undefined) return network.text(network.first, network.prefix);
  const prefix = Number(str(size));
  if (!Number.isInteger(prefix)) return false;
  if (index === undefined)
    return prefix < network.prefix ? false : String(1n << BigInt(prefix - network.prefix));
  if (prefix < network.prefix) return false;
  const step = 1n << BigInt(network.bits - prefix);
  const at = BigInt(str(index));
  const start = at < 0n ? network.last + 1n + at * step : network.first + at * step;
  return start < network.first || start > network.last ? false : network.text(start, prefix);
}

/** Networks joined where they touch (`merge`), or the one that spans all (`span`). */
function merged(value: Internal, action: string): Internal {
  const networks = (isList(value) ? value : [value]).map(needed);
  if (action === 'span') return spanning(networks);
  if (action !== 'merge') throw usageError(`cidr_merge: invalid action "${action}"`);
  const result: Network[] = [];
  for (const network of [...networks].sort(byPlace)) {
    const last = result.at(-1);
    if (last !== undefined && contains(last, network)) continue;
    result.push(network);
    joinTail(result);
  }
  return result.map((network) => network.text(network.first, network.prefix));
}

function byPlace(a: Network, b: Network): number {
  if (a.version !== b.version) return a.version - b.version;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.prefix - b.prefix;
}

/** While the last two are the halves of one network, they become it. */
function joinTail(networks: Network[]): void {
  for (;;) {
    const [a, b] = networks.slice(-2);
    if (a === undefined || b === undefined || a.prefix !== b.prefix || a.version !== b.version)
      return;
    const whole = parseNetwork(a.text(a.first, a.prefix - 1));
    if (whole === undefined || whole.first !== a.first || whole.last !== b.last) return;
    networks.splice(-2, 2, whole);
  }
}

function spanning(networks: readonly Network[]): Internal {
  const [first] = networks;
  if (first === undefined) return null;
  let whole = first;
  while (!networks.every((network) => contains(whole, network))) {
    const wider = parseNetwork(whole.text(whole.first, whole.prefix - 1));
    if (wider === undefined) throw usageError('cidr_merge: the networks have no common one');
    whole = wider;
  }
  return whole.text(whole.first, whole.prefix);
}

function hardwareAddress(text: string, style: string): Internal {
  const digits = text.replaceAll(/[.:-]/g, '').toLowerCase();
  if (!/^[0-9a-f]{12}$/.test(digits)) return false;
  const groups = (width: number, separator: string): string =>
    digits.match(new RegExp(`.{${width}}`, 'g'))?.join(separator) ?? '';
  switch (style) {
    case '':
    case 'bool':
      return style === '' ? text : true;
    case 'linux':
    case 'unix':
      return groups(2, ':');
    case 'win':
    case 'eui48':
      return groups(2, '-').toUpperCase();
    case 'cisco':
      return groups(4, '.');
    case 'bare':
      return digits.toUpperCase();
    case 'pgsql':
      return `${digits.slice(0, 6)}:${digits.slice(6)}`;
    default:
      throw usageError(`hwaddr: unknown style "${style}"`);
  }
}
