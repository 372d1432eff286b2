/**
 * What `systemModules.test.ts` has no time for: every parameter of the modules that are used most, `npm run modules:matrix`.
 * Each theme has hosts of its own: `npm run modules:matrix -- -t 'packet filters'` runs one alone.
 */
import type { Scenario } from '../support/scenarios/scenario.ts';
import { testHostScenarios } from '../support/scenarios/suite.ts';
import { accountMatrix } from './scenarios/accounts.ts';
import { aptMatrix } from './scenarios/apt.ts';
import { keyMatrix } from './scenarios/aptKey.ts';
import { certificateMatrix } from './scenarios/certificates.ts';
import { cronMatrix, cronScenarios } from './scenarios/cron.ts';
import { deb822Matrix } from './scenarios/deb822.ts';
import { firewallMatrix, firewallScenarios } from './scenarios/firewall.ts';
import { initMatrix } from './scenarios/initScripts.ts';
import { kernelMatrix, kernelScenarios } from './scenarios/kernel.ts';
import { primesMatrix, privateKeyMatrix, sshKeyMatrix } from './scenarios/keys.ts';
import { repositoryMatrix, repositoryScenarios } from './scenarios/packages.ts';
import { pipMatrix } from './scenarios/pip.ts';
import { securityMatrix } from './scenarios/security.ts';
import { serviceMatrix } from './scenarios/services.ts';
import { sshMatrix, sshScenarios } from './scenarios/ssh.ts';
import { storageMatrix } from './scenarios/storage.ts';
import { systemMatrix } from './scenarios/system.ts';
import { webMatrix } from './scenarios/web.ts';

/** Each theme is a list on fresh hosts that know the archive's packages. */
const THEMES: Readonly<Record<string, readonly Scenario[]>> = {
  'services and jobs': [...serviceMatrix, ...cronScenarios, ...cronMatrix, ...initMatrix],
  accounts: accountMatrix,
  'packet filters': [...firewallScenarios, ...firewallMatrix],
  'kernel, ssh, mounts and alternatives': [
    ...kernelScenarios,
    ...kernelMatrix,
    ...sshScenarios,
    ...sshMatrix,
    ...storageMatrix,
    ...systemMatrix,
    ...securityMatrix,
  ],
  'keys and certificates': [
    ...keyMatrix,
    ...sshKeyMatrix,
    ...privateKeyMatrix,
    ...primesMatrix,
    ...certificateMatrix,
  ],
  web: webMatrix,
  'packages of Python': pipMatrix,
  packages: [...repositoryScenarios, ...repositoryMatrix, ...deb822Matrix, ...aptMatrix],
};

for (const [theme, scenarios] of Object.entries(THEMES)) {
  testHostScenarios({
    title: `every parameter on a Debian host: ${theme}`,
    name: 'matrix',
    prepare: 'apt-get update -qq',
    scenarios,
  });
}
