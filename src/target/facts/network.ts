import { type FactFamily, lines, type Sections } from './family.ts';
import {
  ATTRIBUTES,
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
  echo "interface $path"
  also ATTRIBUTES
  [ -d "$path/device" ] && echo "pciid $(cd -P "$path/device" && echo "\${PWD##*/}")"
  [ -d "$path/device/driver/module" ] && echo "module $(cd -P "$path/device/driver/module" && echo "\${PWD##*/}")"
  for port in "$path"/brif/*; do [ -e "$port" ] && echo "port \${port##*/}"; done
done
command -v ip >/dev/null 2>&1 || return
all=$(ip -o -force -batch - 2>/dev/null <<'all'
addr show
route get 8.8.8.8
route get 2404:6800:400a:800::1012
all
)
if [ "$all" ]; then at all; printf '%s\n' "$all"; return; fi
at addresses; ip -o addr show
at route4; ip -4 route get 8.8.8.8 2>/dev/null
at route6; ip -6 route get 2404:6800:400a:800::1012 2>/dev/null`
    .replaceAll('\\$', '$')
    .replace('ATTRIBUTES', ATTRIBUTES.map((attribute) => `"$path/${attribute}"`).join(' ')),
  parse(section) {
    const answers = answersOf(section);
    const found = interfaceFacts(section, answers('addresses'));
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
      default_ipv4: defaultRoute(answers('route4'), found, (one) => one.ipv4),
      default_ipv6: defaultRoute(answers('route6'), found, (one, source) =>
        one.ipv6?.find(({ address }) => address === source),
      ),
    };
  },
};

/** How each line of an answer of `ip` begins that answers everything at once, as iproute2's does and busybox's does not. */
const BEGINNINGS = { addresses: /^\d+: /, route4: /^8\.8\.8\.8 /, route6: /^2404:/ };

/** What `ip` said, asked at once or one by one. */
function answersOf(section: Sections): (name: keyof typeof BEGINNINGS) => string {
  const all = lines(section('all'));
  if (all.length === 0) return section;
  return (name) => all.filter((line) => BEGINNINGS[name].test(line)).join('\n');
}

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
