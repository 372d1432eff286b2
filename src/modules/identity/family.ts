/** What a host is called, in which zone it is, and what it speaks. */
import { type ListedModule, listed } from '../listed.ts';

export const identityModules: readonly ListedModule[] = [
  listed('ansible.builtin.hostname', async () => (await import('./hostname.ts')).hostname),
  listed('community.general.locale_gen', async () => (await import('./localeGen.ts')).localeGen, [
    'ansible.builtin.locale_gen',
  ]),
  listed('community.general.timezone', async () => (await import('./timezone.ts')).timezone, [
    'ansible.builtin.timezone',
  ]),
];
