/** What users and programs may do: limits, capabilities, SELinux. */
import { type ListedModule, listed } from '../listed.ts';

export const securityModules: readonly ListedModule[] = [
  listed(
    'community.general.capabilities',
    async () => (await import('./capabilities.ts')).capabilities,
    ['ansible.builtin.capabilities'],
  ),
  listed('community.general.pam_limits', async () => (await import('./pamLimits.ts')).pamLimits, [
    'ansible.builtin.pam_limits',
  ]),
  listed('ansible.posix.seboolean', async () => (await import('./seboolean.ts')).seboolean, [
    'ansible.builtin.seboolean',
  ]),
  listed('ansible.posix.selinux', async () => (await import('./selinux.ts')).selinux, [
    'ansible.builtin.selinux',
  ]),
];
