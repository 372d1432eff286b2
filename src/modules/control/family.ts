/** The modules for the flow of a play: variables, conditions, hosts. */
import { type ListedModule, listed } from '../listed.ts';

export const controlModules: readonly ListedModule[] = [
  listed('ansible.builtin.add_host', async () => (await import('./addHost.ts')).addHost),
  listed('ansible.builtin.assert', async () => (await import('./assert.ts')).assert),
  listed('ansible.builtin.debug', async () => (await import('./debug.ts')).debug),
  listed('ansible.builtin.fail', async () => (await import('./fail.ts')).fail),
  listed(
    'ansible.builtin.gather_facts',
    async () => (await import('./gatherFacts.ts')).gatherFacts,
  ),
  listed('ansible.builtin.group_by', async () => (await import('./groupBy.ts')).groupBy),
  listed(
    'ansible.builtin.include_vars',
    async () => (await import('./includeVars.ts')).includeVars,
  ),
  listed('ansible.builtin.meta', async () => (await import('./meta.ts')).meta),
  listed('ansible.builtin.pause', async () => (await import('./pause.ts')).pause),
  listed('ansible.builtin.ping', async () => (await import('./ping.ts')).ping),
  listed('ansible.builtin.set_fact', async () => (await import('./setFact.ts')).setFact),
  listed('ansible.builtin.set_stats', async () => (await import('./setStats.ts')).setStats),
  listed('ansible.builtin.setup', async () => (await import('./setup.ts')).setup),
  listed(
    'ansible.builtin.validate_argument_spec',
    async () => (await import('./validateArgumentSpec.ts')).validateArgumentSpec,
  ),
  listed(
    'ansible.builtin.wait_for_connection',
    async () => (await import('./waitForConnection.ts')).waitForConnection,
  ),
];
