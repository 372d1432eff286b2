/** Disks and file systems. */
import { type ListedModule, listed } from '../listed.ts';

export const storageModules: readonly ListedModule[] = [
  listed('ansible.posix.mount', async () => (await import('./mount.ts')).mount, [
    'ansible.builtin.mount',
  ]),
];
