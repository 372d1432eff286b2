// Hosts as containers: making, starting, waiting for and listing them. Docker's own records are the only memory.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { docker, lines } from './command.ts';
import type { Network } from './network.ts';
import { freePort } from './ports.ts';
import type { State, Variant } from './state.ts';

export interface FleetHost {
  readonly name: string;
  /** Where this machine reaches the host's published ports. */
  readonly address: '127.0.0.1';
  readonly sshPort: number;
  /** The host's fixed address among the other hosts. */
  readonly containerIp: string;
  /** Port of the host → port of 127.0.0.1. */
  readonly publishedPorts: Readonly<Record<number, number>>;
  /** Name of the Docker container that is this host. */
  readonly container: string;
  /** The image it was made from. */
  readonly image: string;
  readonly isRunning: boolean;
}

/** The first host is `rancher`, the others are `node1`, `node2` and so on. */
export const hostNames = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => (n === 0 ? 'rancher' : `node${n}`));

const indexOf = (name: string): number => (name === 'rancher' ? 0 : Number(name.slice(4)));

/** From which port of 127.0.0.1 on a host's port is published. */
const firstPort: Readonly<Record<number, number>> = { 22: 2221, 80: 18000, 8080: 18080 };

const variantOffset = (variant: Variant): number => (variant === 'python' ? 100 : 0);

export const hostAddress = (network: Network, variant: Variant, name: string): string =>
  network.address(11 + variantOffset(variant) + indexOf(name));

const Inspected = z.array(
  z.object({
    Name: z.string(),
    State: z.object({ Running: z.boolean() }),
    Config: z.object({ Image: z.string(), Labels: z.record(z.string(), z.string()) }),
    HostConfig: z.object({
      PortBindings: z.record(z.string(), z.array(z.object({ HostPort: z.string() }))),
    }),
    NetworkSettings: z.object({
      Networks: z.record(
        z.string(),
        z.object({ IPAMConfig: z.object({ IPv4Address: z.string() }).nullable() }),
      ),
    }),
  }),
);

type Inspected = z.output<typeof Inspected>[number];

/** The fleet's hosts, running or not, in the order of their names' numbers. */
export async function listHosts(state: State, variant: Variant): Promise<FleetHost[]> {
  const filter = [`label=drover.fleet=${state.id}`, `label=drover.variant=${variant}`];
  const ids = await docker(['ps', '--all', '--quiet', ...filter.flatMap((f) => ['--filter', f])]);
  if (ids.trim() === '') return [];
  const inspected = Inspected.parse(JSON.parse(await docker(['inspect', ...lines(ids)])));
  return inspected
    .map((each) => hostFrom(each, state.id))
    .sort((a, b) => indexOf(a.name) - indexOf(b.name));
}

function hostFrom(inspected: Inspected, network: string): FleetHost {
  const ports = Object.entries(inspected.HostConfig.PortBindings).map(
    ([port, [binding]]) => [Number.parseInt(port, 10), Number(binding?.HostPort)] as const,
  );
  const publishedPorts = Object.fromEntries(ports);
  return {
    name: inspected.Config.Labels['drover.host'] ?? '',
    address: '127.0.0.1',
    sshPort: publishedPorts[22] ?? Number.NaN,
    containerIp: inspected.NetworkSettings.Networks[network]?.IPAMConfig?.IPv4Address ?? '',
    publishedPorts,
    container: inspected.Name.replace('/', ''),
    image: inspected.Config.Image,
    isRunning: inspected.State.Running,
  };
}

/** Ports of 127.0.0.1 for a new host, next to each other with its neighbours' where they are free. */
export async function choosePorts(
  variant: Variant,
  name: string,
  taken: Set<number>,
): Promise<Record<number, number>> {
  const offset = variantOffset(variant) + indexOf(name);
  const chosen: Record<number, number> = {};
  for (const [port, from] of Object.entries(firstPort))
    chosen[Number(port)] = await freePort(from + offset, taken);
  return chosen;
}

/** Files that every host of a variant gets as `/etc/fleet`: who may log in, the other hosts' names, the name server. */
export async function writeSeed(
  state: State,
  variant: Variant,
  seed: { readonly publicKey: string; readonly hosts: string; readonly image: string },
): Promise<string> {
  const folder = join(state.seedFolder, variant);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'authorized_keys'), seed.publicKey);
  await writeFile(join(folder, 'hosts'), seed.hosts);
  await writeFile(join(folder, 'resolv.conf'), await upstreamResolver(seed.image));
  return folder;
}

/** The name server as containers outside user-made networks are told: the machine's own, never a loopback address. */
const upstreamResolver = (image: string): Promise<string> =>
  docker(['run', '--rm', '--network', 'bridge', '--entrypoint', 'cat', image, '/etc/resolv.conf']);

export interface NewHost {
  readonly name: string;
  readonly variant: Variant;
  readonly image: string;
  readonly ports: Readonly<Record<number, number>>;
  readonly seed: string;
}

/** Docker's rights for a container that is to be a machine. `--privileged` would ask for CAP_SYS_RESOURCE, which not every
 *  development machine has to give. */
const machineRights = [
  ...['--cap-add', 'ALL', '--cap-drop', 'SYS_RESOURCE', '--cgroupns', 'private'],
  ...['seccomp', 'apparmor', 'systempaths'].flatMap((s) => ['--security-opt', `${s}=unconfined`]),
  ...['--device-cgroup-rule', 'a *:* rwm', '--tmpfs', '/run', '--tmpfs', '/run/lock'],
  ...['--volume', '/var/lib/docker', '--volume', '/var/lib/containerd'],
];

/** Makes and starts a host. */
export async function createHost(state: State, network: Network, host: NewHost): Promise<void> {
  const container = containerName(state, host.variant, host.name);
  const labels = { fleet: state.id, variant: host.variant, host: host.name };
  await docker([
    ...['create', '--name', container, '--hostname', host.name, '--restart', 'unless-stopped'],
    ...Object.entries(labels).flatMap(([key, value]) => ['--label', `drover.${key}=${value}`]),
    ...['--network', network.name, '--ip', hostAddress(network, host.variant, host.name)],
    ...Object.entries(host.ports).flatMap(([to, from]) => ['--publish', `127.0.0.1:${from}:${to}`]),
    ...machineRights,
    host.image,
  ]);
  await docker(['cp', `${host.seed}/.`, `${container}:/etc/fleet`]);
  await docker(['start', container]);
}

const containerName = (state: State, variant: Variant, name: string): string =>
  variant === 'plain' ? `${state.id}-${name}` : `${state.id}-${variant}-${name}`;

/** Gives a running host new seed files, and lets it act on them. */
export async function reseedHost(host: FleetHost, seed: string): Promise<void> {
  await docker(['cp', `${seed}/.`, `${host.container}:/etc/fleet`]);
  await docker(['exec', host.container, '/usr/local/lib/fleet/boot']);
}

/** Removes a host with everything on it. */
export const removeHost = async (host: FleetHost): Promise<void> =>
  void (await docker(['rm', '--force', '--volumes', host.container]));
