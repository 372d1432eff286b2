/** Linux' table of TCP connections (`/proc/net/tcp`, `/proc/net/tcp6`; proc(5)). */

/** In the kernel's order: the hexadecimal state `01` is the first. */
export const TCP_STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
] as const;

export type TcpState = (typeof TCP_STATES)[number];

export interface ConnectionQuery {
  readonly port: number;
  readonly states: readonly string[];
  /** Local addresses that count; with `0.0.0.0` or `::` among them every one does. */
  readonly hosts: readonly string[];
  /** Peers that do not count. */
  readonly excluded: readonly string[];
}

/** How many connections to a local port are in one of the states. */
export function activeConnections(
  table: string,
  { port, states, hosts, excluded }: ConnectionQuery,
): number {
  const anyHost = hosts.some((host) => ['0.0.0.0', '::'].includes(host));
  return table
    .split('\n')
    .map((line) =>
      /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):[0-9A-F]{4} ([0-9A-F]{2})/i.exec(line),
    )
    .filter((row) => row !== null)
    .filter(([, , localPort = '', , state = '']) => {
      const name = TCP_STATES[Number.parseInt(state, 16) - 1] ?? '';
      return Number.parseInt(localPort, 16) === port && states.includes(name);
    })
    .filter(([, local = '', , peer = '']) => {
      const counts = anyHost || hosts.includes(addressOf(local)) || addressOf(local) === '0.0.0.0';
      return counts && !excluded.includes(addressOf(peer));
    }).length;
}

/** `0100007F` is 127.0.0.1: 32-bit words in the order of the (little-endian) machine. IPv4 in IPv6 counts as IPv4. */
export function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    [...Buffer.from(word, 'hex')].reverse(),
  );
  if (bytes.length === 4) return bytes.join('.');
  const mapped =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => {
    return (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16);
  });
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** The `address<TAB>…` lines. */
export function addressesOf(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.startsWith('address\t'));
  return [...new Set(lines.map((line) => line.slice('address\t'.length)))];
}
