/** Who may log in over SSH, and which hosts are known. */
import { type ListedModule, listed } from '../listed.ts';

export const sshModules: readonly ListedModule[] = [
  listed(
    'ansible.posix.authorized_key',
    async () => (await import('./authorizedKey.ts')).authorizedKey,
    ['ansible.builtin.authorized_key'],
  ),
  listed('ansible.builtin.known_hosts', async () => (await import('./knownHosts.ts')).knownHosts),
];
