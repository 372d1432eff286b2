/**
 * Fifty hosts for measurements: one container with Python (for Ansible's sake), reached at fifty addresses of its own, so that every
 * tool opens fifty connections. What the container spends is the targets' CPU time.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fleet, fleetDown, fleetMissing, fleetUp, stateIn } from '../fleet/fleet.ts';

export interface BenchHosts {
  readonly addresses: readonly string[];
  readonly privateKeyFile: string;
  /** Writes an inventory of `count` hosts and gives its file; beyond fifty they share addresses. */
  inventory(count: number): string;
  /** CPU time of all targets so far. */
  cpuSeconds(): number;
  /** A shell command on the targets' common file system. */
  sh(command: string): string;
  down(): Promise<void>;
}

const COUNT = 50;
/** Beyond the addresses that a fleet gives its hosts. */
const FIRST_ADDRESS = 150;

/** @throws when the machine cannot carry a fleet; the message says why. */
export async function benchHosts(): Promise<BenchHosts> {
  const missing = fleetMissing();
  if (missing.length > 0) throw new Error(`no bench on this machine: ${missing.join('; ')}`);
  const options = { python: true, hosts: 1, state: stateIn(join(tmpdir(), 'drover-bench')) };
  const fleet = await fleetUp(options);
  const addresses = prepare(fleet);
  const container = containerOf(fleet);
  return {
    addresses,
    privateKeyFile: fleet.privateKeyFile,
    inventory: (count) =>
      written(options.state.folder, cycled(addresses, count), fleet.privateKeyFile),
    cpuSeconds: () => cpuSeconds(container),
    sh: (command) => inContainer(container, command),
    down: () => fleetDown(options),
  };
}

function cycled(addresses: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, n) => addresses[n % addresses.length] ?? '');
}

function containerOf({ hosts: [host] }: Fleet): string {
  if (host === undefined) throw new Error('the fleet has no host');
  return host.container;
}

/** Gives the container its addresses, and its sshd room for all of them to log in at once. */
function prepare(fleet: Fleet): string[] {
  const prefix = fleet.hosts[0]?.containerIp.split('.').slice(0, 3).join('.');
  const addresses = Array.from({ length: COUNT }, (_, n) => `${prefix}.${FIRST_ADDRESS + n}`);
  const add = addresses.map((address) => `ip addr replace ${address}/24 dev eth0`).join('; ');
  const room = `printf 'MaxStartups 500\\nMaxSessions 100\\n' >/etc/ssh/sshd_config.d/bench.conf`;
  inContainer(containerOf(fleet), `${add}; ${room}; systemctl reload-or-restart ssh`);
  return addresses;
}

function inContainer(container: string, command: string): string {
  return execFileSync('docker', ['exec', container, 'sh', '-c', command], { encoding: 'utf8' });
}

function cpuSeconds(container: string): number {
  // Nanoseconds with the first version of cgroups, microseconds with the second.
  const said = inContainer(
    container,
    'sed s/^/ns:/ /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null || sed -n "s/usage_usec /us:/p" /sys/fs/cgroup/cpu.stat',
  );
  const [unit, value] = said.trim().split(':');
  return Number(value) / (unit === 'ns' ? 1e9 : 1e6);
}

function written(folder: string, addresses: readonly string[], privateKeyFile: string): string {
  const lines = addresses.map((address, n) => `h${n + 1} ansible_host=${address}`);
  const login = `ansible_user=root ansible_ssh_private_key_file=${privateKeyFile}`;
  const file = join(folder, `hosts-${addresses.length}.ini`);
  const python = 'ansible_python_interpreter=/usr/bin/python3';
  writeFileSync(
    file,
    `${lines.join('\n')}\n[all:vars]\n${`${login} ${python}`.replaceAll(' ', '\n')}\n`,
  );
  return file;
}
