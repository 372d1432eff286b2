import { type FactFamily, lines } from './family.ts';
import {
  type Ipv4,
  type Ipv6,
  interfaceFacts,
  type NetworkInterface,
} from './networkInterfaces.ts';

/**
 * Interfaces with their addresses, and those that the default routes use. The kernel is asked for the route to a public
 * address, as Ansible does, which sends nothing.
 */
export const network: FactFamily = {
  name: 'network',
  aliases: [
    'interfaces',
    'default_ipv4',
    'default_ipv6',
    'all_ipv4_addresses',
    'all_ipv6_addresses',
  ],
  requires: ['platform', 'distribution'],
  script: String.raw`
at links
for path in /sys/class/net/*; do
  [ -d "$path" ] || continue
  echo "interface \${path##*/}"
  for attribute in address mtu operstate type speed flags bridge/bridge_id bridge/stp_state bonding/mode bonding/slaves; do
    { IFS= read -r value <"$path/$attribute"; } 2>/dev/null && echo "$attribute $value"
  done
  [ -d "$path/device" ] && echo "pciid $(cd -P "$path/device" && echo "\${PWD##*/}")"
  [ -d "$path/device/driver/module" ] && echo "module $(cd -P "$path/device/driver/module" && echo "\${PWD##*/}")"
  for port in "$path"/brif/*; do [ -e "$port" ] && echo "port \${port##*/}"; done
done
command -v ip >/dev/null 2>&1 || exit 0
at addresses; ip -o addr show
at route4; ip -4 route get 8.8.8.8 2>/dev/null
at route6; ip -6 route get 2404:6800:400a:800::1012 2>/dev/null`.replaceAll('\\$', '$'),
  parse(section) {
    const found = interfaceFacts(section('links'), section('addresses'));
    const ipv4 = found
      .flatMap((one) => [one.ipv4, ...(one.ipv4_secondaries ?? [])])
      .filter(isPresent);
    const ipv6 = found.flatMap((one) => one.ipv6 ?? []);
    const isOutside = ({ address }: Ipv4 | Ipv6): boolean => !/^(127\.|::1$)/.test(address);
    return {
      interfaces: found.map(({ device }) => device),
      ...Object.fromEntries(found.map((one) => [factName(one.device), one])),
      all_ipv4_addresses: ipv4.filter(isOutside).map(({ address }) => address),
      all_ipv6_addresses: ipv6.filter(isOutside).map(({ address }) => address),
      default_ipv4: defaultRoute(section('route4'), found, (one) => one.ipv4),
      default_ipv6: defaultRoute(section('route6'), found, (one, source) =>
        one.ipv6?.find(({ address }) => address === source),
      ),
    };
  },
};

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** A variable's name cannot hold `-`, `.` or `:`. */
function factName(device: string): string {
  return device.replace(/[-.:]/g, '_');
}

/** `8.8.8.8 via 192.0.2.1 dev eth0 src 192.0.2.2` (iproute2 5 and 6). */
function defaultRoute(
  route: string,
  interfaces: readonly NetworkInterface[],
  addressOf: (one: NetworkInterface, source: string) => Ipv4 | Ipv6 | undefined,
): object {
  const words = (lines(route)[0] ?? '').split(/\s+/);
  const after = (word: string): string | undefined =>
    words.includes(word) ? words[words.indexOf(word) + 1] : undefined;
  const [device, source, gateway] = [after('dev'), after('src'), after('via')];
  const used = interfaces.find((one) => one.device === device);
  if (device === undefined || source === undefined || !used || device === 'lo') return {};
  return {
    ...(gateway !== undefined && { gateway }),
    interface: device,
    ...addressOf(used, source),
    address: source,
    ...(used.macaddress !== undefined && { macaddress: used.macaddress }),
    mtu: used.mtu,
    type: used.type,
    ...(addressOf === undefined || source.includes(':') ? {} : { alias: device }),
  };
}
