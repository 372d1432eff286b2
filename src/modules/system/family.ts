/** The modules for accounts, services and what else a system is made of. */
import { type ListedModule, listed } from '../listed.ts';

export const systemModules: readonly ListedModule[] = [
  listed(
    'community.general.alternatives',
    async () => (await import('./alternatives.ts')).alternatives,
    ['ansible.builtin.alternatives'],
  ),
  listed('ansible.builtin.getent', async () => (await import('./getent.ts')).getent),
  listed('ansible.builtin.group', async () => (await import('./group.ts')).group),
  listed('ansible.builtin.reboot', async () => (await import('./reboot.ts')).reboot),
  listed('ansible.builtin.service', async () => (await import('./service.ts')).service),
  listed(
    'ansible.builtin.service_facts',
    async () => (await import('./serviceFacts.ts')).serviceFacts,
  ),
  listed('ansible.builtin.systemd', async () => (await import('./systemd.ts')).systemd, [
    'systemd_service',
  ]),
  listed('ansible.builtin.sysvinit', async () => (await import('./sysvinit.ts')).sysvinit),
  listed('ansible.builtin.user', async () => (await import('./user.ts')).user),
];
