/** Jobs that run at certain times. */
import { type ListedModule, listed } from '../listed.ts';

export const cronModules: readonly ListedModule[] = [
  listed('ansible.builtin.cron', async () => (await import('./cron.ts')).cron),
];
