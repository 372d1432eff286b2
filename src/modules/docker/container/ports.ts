/** Published ports as playbooks write them: `[[ip:][host port]:]container port[/protocol]`, ranges on both sides. */
import { ModuleError } from '../../../core/errors.ts';

export interface PortBinding {
  readonly HostIp: string;
  /** Empty for a port that the Engine picks; `8000-8010` for one that it picks of a range. */
  readonly HostPort: string;
}

/** By container port, e.g. `80/tcp`. */
export type PortBindings = Readonly<Record<string, readonly PortBinding[]>>;

/** @throws ModuleError when one of them cannot be read. */
export function parsePorts(entries: readonly string[], defaultIp: string): PortBindings {
  const bindings = entries
    .filter((entry) => entry !== 'all')
    .flatMap((entry) => parsePort(entry, defaultIp));
  const byPort: Record<string, PortBinding[]> = {};
  for (const { port, binding } of bindings) byPort[port] = [...(byPort[port] ?? []), binding];
  return byPort;
}

function parsePort(entry: string, defaultIp: string) {
  const [address = '', protocol = 'tcp'] = entry.trim().split('/');
  const match = /^(?:(?:(\[[\da-fA-F:.]+\]|[^:]*):)?([\d-]*):)?([\d-]+)$/.exec(address);
  if (match === null) throw unreadable(entry);
  const [, ip, host = '', container = ''] = match;
  const ports = portRange(container, entry);
  const hostPorts = hostPortsFor(host, ports.length, entry);
  const HostIp = (ip === undefined || ip === '' ? defaultIp : ip).replace(/[[\]]/g, '');
  return ports.map((port, index) => ({
    port: `${port}/${protocol.toLowerCase()}`,
    binding: { HostIp, HostPort: hostPorts[index] ?? '' },
  }));
}

/** A range for one container port stays a range: the Engine picks one of it. */
function hostPortsFor(host: string, count: number, entry: string): readonly string[] {
  if (host === '') return [];
  if (count === 1) {
    portRange(host, entry);
    return [host];
  }
  const ports = portRange(host, entry);
  if (ports.length === count) return ports.map(String);
  throw new ModuleError(
    `published_ports: "${entry}" has ${ports.length} ports of the host for ${count} of the container`,
  );
}

/** `80` or `8000-8010`, both ends included. */
export function portRange(text: string, entry: string): readonly number[] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (match === null || first > last || last > 65535) throw unreadable(entry);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function unreadable(entry: string): ModuleError {
  return new ModuleError(`published_ports: "${entry}" is no port`, {
    hint: 'write e.g. 8080:80, 127.0.0.1:8080:80/tcp or 8000-8010:8000-8010',
  });
}

/** `80`, `9000-9002/udp` as the keys that the Engine uses. */
export function exposedPorts(entries: readonly string[]): readonly string[] {
  return entries.flatMap((entry) => {
    const [range = '', protocol = 'tcp'] = entry.trim().split('/');
    return portRange(range, entry).map((port) => `${port}/${protocol.toLowerCase()}`);
  });
}
