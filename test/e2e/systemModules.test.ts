/** The modules for what a Debian host is made of, over SSH with sudo, and beside the real Ansible where that has them. */
import { testHostScenarios } from '../support/scenarios/suite.ts';
import { accountScenarios } from './scenarios/accounts.ts';
import { keyScenarios } from './scenarios/aptKey.ts';
import { certificateScenarios } from './scenarios/certificates.ts';
import { cronScenarios } from './scenarios/cron.ts';
import { firewallScenarios } from './scenarios/firewall.ts';
import { identityScenarios } from './scenarios/identity.ts';
import { initScenarios } from './scenarios/initScripts.ts';
import { kernelScenarios } from './scenarios/kernel.ts';
import { sshKeyScenarios } from './scenarios/keys.ts';
import { packageScenarios, repositoryScenarios } from './scenarios/packages.ts';
import { securityScenarios } from './scenarios/security.ts';
import { serviceScenarios } from './scenarios/services.ts';
import { sshScenarios } from './scenarios/ssh.ts';
import { storageScenarios } from './scenarios/storage.ts';
import { systemScenarios } from './scenarios/system.ts';
import { webScenarios } from './scenarios/web.ts';

testHostScenarios({
  title: 'modules on a Debian host',
  name: 'system',
  scenarios: [
    ...packageScenarios,
    ...repositoryScenarios,
    ...serviceScenarios,
    ...accountScenarios,
    ...cronScenarios,
    ...firewallScenarios,
    ...identityScenarios,
    ...kernelScenarios,
    ...securityScenarios,
    ...sshScenarios,
    ...storageScenarios,
    ...systemScenarios,
    ...initScenarios,
    ...keyScenarios,
    ...sshKeyScenarios,
    ...certificateScenarios,
    ...webScenarios,
  ],
});
