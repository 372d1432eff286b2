import { posix } from 'node:path';
import { lines, type Sections } from './family.ts';

export interface Ipv4 {
  readonly address: string;
  readonly broadcast: string;
  readonly netmask: string;
  readonly network: string;
  readonly prefix: string;
}

export interface Ipv6 {
  readonly address: string;
  readonly prefix: string;
  readonly scope: string;
}

/** What `ansible_<interface>` holds. */
export interface NetworkInterface {
  readonly device: string;
  readonly macaddress?: string;
  readonly mtu: number;
  readonly active: boolean;
  readonly type: string;
  readonly promisc: boolean;
  readonly speed?: number;
  readonly pciid?: string;
  readonly module?: string;
  readonly interfaces?: readonly string[];
  readonly id?: string;
  readonly stp?: boolean;
  readonly mode?: string;
  readonly slaves?: readonly string[];
  readonly ipv4?: Ipv4;
  readonly ipv4_secondaries?: readonly Ipv4[];
  readonly ipv6?: readonly Ipv6[];
}

/** ARP hardware types of the kernel's `if_arp.h`. */
const TYPES: Readonly<Record<string, string>> = {
  1: 'ether',
  32: 'infiniband',
  512: 'ppp',
  768: 'tunnel',
  772: 'loopback',
  65534: 'tunnel',
};

const IFF_PROMISC = 0x100;

/** Files that an interface's folder in /sys may have (sysfs-class-net of the kernel's documentation). */
export const ATTRIBUTES: readonly string[] = [
  'address',
  'mtu',
  'operstate',
  'type',
  'speed',
  'flags',
  'bridge/bridge_id',
  'bridge/stp_state',
  'bonding/mode',
  'bonding/slaves',
];

/** @param section has the `interface` blocks of the network script and the attributes; @param addresses `ip -o addr show` (iproute2). */
export function interfaceFacts(section: Sections, addresses: string): NetworkInterface[] {
  const byDevice = addressesByDevice(addresses);
  return section('links')
    .split(/^interface /m)
    .slice(1)
    .map((block) => interfaceOf(block, section, byDevice));
}

function interfaceOf(
  block: string,
  section: Sections,
  byDevice: ReadonlyMap<string, Addresses>,
): NetworkInterface {
  const [path = '', ...rest] = lines(block);
  const device = posix.basename(path);
  const attributes = ATTRIBUTES.map((name) => [name, section(`${path}/${name}`)] as const);
  const links = rest.map((line) => {
    const [key = '', ...words] = line.split(' ');
    return [key, words.join(' ')] as const;
  });
  const values = new Map(
    [...attributes, ...links]
      .filter(([, text]) => text !== '')
      .map(([name, text]) => [name, text.trim()]),
  );
  const ports = rest.flatMap((line) => line.match(/^port (.+)$/)?.[1] ?? []);
  return {
    device,
    ...macOf(values),
    mtu: Number(values.get('mtu')),
    active: values.get('operstate') !== 'down',
    type: typeOf(values),
    promisc: (Number(values.get('flags')) & IFF_PROMISC) !== 0,
    ...speedOf(values.get('speed')),
    ...textOf('pciid', values.get('pciid')),
    ...textOf('module', values.get('module')),
    ...bridgeOf(values, ports),
    ...bondOf(values),
    ...byDevice.get(device),
  };
}

function macOf(values: ReadonlyMap<string, string>): { macaddress?: string } {
  const address = values.get('address') ?? '';
  return address === '' || address === '00:00:00:00:00:00' ? {} : { macaddress: address };
}

function typeOf(values: ReadonlyMap<string, string>): string {
  if (values.has('bridge/bridge_id')) return 'bridge';
  if (values.has('bonding/mode')) return 'bonding';
  return TYPES[values.get('type') ?? ''] ?? 'unknown';
}

function speedOf(speed: string | undefined): { speed?: number } {
  return speed === undefined || speed === '' ? {} : { speed: Number(speed) };
}

function textOf(
  key: 'pciid' | 'module',
  value: string | undefined,
): { pciid?: string; module?: string } {
  return value === undefined || value === '' ? {} : { [key]: value };
}

function bridgeOf(
  values: ReadonlyMap<string, string>,
  interfaces: string[],
): { id?: string; interfaces?: string[]; stp?: boolean } {
  const id = values.get('bridge/bridge_id');
  return id === undefined ? {} : { id, interfaces, stp: values.get('bridge/stp_state') === '1' };
}

function bondOf(values: ReadonlyMap<string, string>): { mode?: string; slaves?: string[] } {
  const mode = values.get('bonding/mode')?.split(' ')[0];
  if (mode === undefined) return {};
  return {
    mode,
    slaves: (values.get('bonding/slaves') ?? '').split(' ').filter((name) => name !== ''),
  };
}

interface Addresses {
  ipv4?: Ipv4;
  ipv4_secondaries?: Ipv4[];
  ipv6?: Ipv6[];
}

/** `2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\ …` */
function addressesByDevice(text: string): Map<string, Addresses> {
  const found = new Map<string, Addresses>();
  for (const line of lines(text)) {
    const [, device, family, address, prefix, rest = ''] =
      line.match(
        /^\d+:\s+(\S+?)(?:@\S+)?\s+(inet6?)\s+([\w.:]+)(?:\s+peer\s+[\w.:]+)?(?:\/(\d+))?(.*)$/,
      ) ?? [];
    if (device === undefined || address === undefined) continue;
    const known = found.get(device) ?? {};
    found.set(device, known);
    if (family === 'inet6') {
      const scope = rest.match(/scope (\S+)/)?.[1] ?? '';
      known.ipv6 = [...(known.ipv6 ?? []), { address, prefix: prefix ?? '128', scope }];
    } else addIpv4(known, ipv4(address, prefix ?? '32', rest));
  }
  return found;
}

function addIpv4(known: Addresses, address: Ipv4): void {
  if (!known.ipv4) known.ipv4 = address;
  else known.ipv4_secondaries = [...(known.ipv4_secondaries ?? []), address];
}

function ipv4(address: string, prefix: string, rest: string): Ipv4 {
  const mask = maskOf(Number(prefix));
  return {
    address,
    broadcast: rest.match(/brd (\S+)/)?.[1] ?? '',
    netmask: dotted(mask),
    network: dotted((number(address) & mask) >>> 0),
    prefix,
  };
}

function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

function number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
