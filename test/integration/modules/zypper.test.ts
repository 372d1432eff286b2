/** `zypper` on roots of their own, beside Ansible's. */
import { hasPrograms } from '../../support/onThisMachine.ts';
import { sampled, testLocalScenarios } from './localScenarios.ts';
import { useRpmArchive } from './rpmArchive.ts';
import { zypperSuite } from './scenarios/zypper.ts';

if (hasPrograms('zypper', 'rpmbuild', 'rpmsign', 'createrepo_c', 'gpg')) {
  const { module, scenarios } = zypperSuite(useRpmArchive());
  testLocalScenarios({ module, scenarios: sampled(scenarios, 8) });
}
