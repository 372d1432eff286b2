/** The modules for HTTP and ports. */
import { type ListedModule, listed } from '../listed.ts';

export const netModules: readonly ListedModule[] = [
  listed('ansible.builtin.get_url', async () => (await import('./getUrl.ts')).getUrl),
  listed('ansible.builtin.uri', async () => (await import('./uri.ts')).uri),
  listed('ansible.builtin.wait_for', async () => (await import('./waitFor.ts')).waitFor),
];
