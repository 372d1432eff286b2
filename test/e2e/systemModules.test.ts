/** The modules for a host's everyday settings on a real Debian host, and beside the real Ansible where that has them. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { fleetDown, fleetMissing, fleetUp } from '../fleet/fleet.ts';
import { stateFor } from '../fleet/state.ts';
import { hasAnsible } from '../support/ansible.ts';
import {
  runBesideAnsible,
  runScenario,
  type Scenario,
  type ScenarioHost,
  scenarioHost,
} from '../support/hostScenarios.ts';
import { cronScenarios } from './scenarios/cron.ts';
import { firewallScenarios } from './scenarios/firewall.ts';
import { identityScenarios } from './scenarios/identity.ts';
import { kernelScenarios } from './scenarios/kernel.ts';
import { securityScenarios } from './scenarios/security.ts';
import { sshScenarios } from './scenarios/ssh.ts';
import { storageScenarios } from './scenarios/storage.ts';
import { systemScenarios } from './scenarios/system.ts';

const SCENARIOS: readonly Scenario[] = [
  ...cronScenarios,
  ...firewallScenarios,
  ...identityScenarios,
  ...kernelScenarios,
  ...securityScenarios,
  ...sshScenarios,
  ...storageScenarios,
  ...systemScenarios,
];

const missing = fleetMissing();
if (missing.length > 0) process.stderr.write(`no fleet on this machine:\n${missing.join('\n')}\n`);
const skips = missing.length > 0 && process.env['CI'] === undefined;
if (!hasAnsible()) process.stderr.write('no ansible-playbook here: modules run without it\n');

describe.skipIf(skips)('modules for everyday settings', () => {
  const state = stateFor('system');
  let on: ScenarioHost;

  beforeAll(async () => {
    on = scenarioHost(await fleetUp({ state, hosts: 1 }));
  });
  afterAll(async () => {
    await on?.close();
    await fleetDown({ state });
  });

  it.each(SCENARIOS)('$module $args', (scenario) => runScenario(scenario, on));
});

describe.skipIf(skips || !hasAnsible())('the same by Ansible', () => {
  const state = stateFor('system');
  let on: ScenarioHost;

  beforeAll(async () => {
    on = scenarioHost(await fleetUp({ state, hosts: 1, python: true }));
  });
  afterAll(async () => {
    await on?.close();
    await fleetDown({ state });
  });

  const comparable = SCENARIOS.filter(({ unlikeAnsible }) => unlikeAnsible === undefined);
  it.each(comparable)('$module $args', (scenario) => runBesideAnsible(scenario, on));
});
