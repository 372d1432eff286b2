/** Packet filters. */
import { type ListedModule, listed } from '../listed.ts';

export const firewallModules: readonly ListedModule[] = [
  listed('ansible.posix.firewalld', async () => (await import('./firewalld.ts')).firewalld, [
    'ansible.builtin.firewalld',
  ]),
  listed('ansible.builtin.iptables', async () => (await import('./iptables.ts')).iptables),
  listed('community.general.ufw', async () => (await import('./ufw.ts')).ufw, [
    'ansible.builtin.ufw',
  ]),
];
