import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Fleet, FleetHost } from './fleet.ts';

/** Writes a YAML inventory of the fleet, with the groups that `playbooks/rancher.yml` names: `rancher` serves Rancher, the
 *  others are its agents; the database goes on the first of them and WordPress on the last. */
export async function writeInventory(fleet: Fleet, file: string): Promise<void> {
  const agents = fleet.hosts.filter(({ name }) => name !== 'rancher');
  const inventory = {
    all: {
      vars: sharedVariables(fleet),
      hosts: Object.fromEntries(fleet.hosts.map((host) => [host.name, hostVariables(host)])),
      children: {
        rancher_server: group(fleet.hosts.slice(0, 1)),
        rancher_agents: group(agents),
        mysql: group(agents.slice(0, 1)),
        wordpress: group(agents.slice(-1)),
      },
    },
  };
  await writeFile(file, stringify(inventory));
}

const sharedVariables = ({ privateKeyFile, knownHostsFile, registry }: Fleet): object => ({
  ansible_user: 'deploy',
  ansible_ssh_private_key_file: privateKeyFile,
  ansible_ssh_common_args: `-o UserKnownHostsFile="${knownHostsFile}"`,
  docker_registry_mirrors: [registry.mirror],
});

/** `fleet_address` is where the other hosts reach it: `ansible_host` is this machine's side of a published port. */
const hostVariables = ({ address, sshPort, containerIp }: FleetHost): object => ({
  ansible_host: address,
  ansible_port: sshPort,
  fleet_address: containerIp,
});

const group = (hosts: readonly FleetHost[]): object => ({
  hosts: Object.fromEntries(hosts.map(({ name }) => [name, null])),
});
