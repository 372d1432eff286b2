/** The modules for jobs that run on while the play goes on. */
import { type ListedModule, listed } from '../listed.ts';

export const jobsModules: readonly ListedModule[] = [
  listed(
    'ansible.builtin.async_status',
    async () => (await import('./asyncStatus.ts')).asyncStatus,
  ),
];
