/** The kernel: its parameters and its modules. */
import { type ListedModule, listed } from '../listed.ts';

export const kernelModules: readonly ListedModule[] = [
  listed('community.general.modprobe', async () => (await import('./modprobe.ts')).modprobe, [
    'ansible.builtin.modprobe',
  ]),
  listed('ansible.posix.sysctl', async () => (await import('./sysctl.ts')).sysctl, [
    'ansible.builtin.sysctl',
  ]),
];
