/** `dnf`, `yum` and the work of `package` on roots of their own, beside Ansible's. */
import { hasPrograms } from '../../support/onThisMachine.ts';
import { sampled, testLocalScenarios } from './localScenarios.ts';
import { useRpmArchive } from './rpmArchive.ts';
import { dnfSuites } from './scenarios/dnf.ts';

if (hasPrograms('dnf', 'rpmbuild', 'rpmsign', 'createrepo_c', 'gpg')) {
  const suites = dnfSuites(useRpmArchive());
  testLocalScenarios(
    ...suites.map(({ module, scenarios }) => ({ module, scenarios: sampled(scenarios, 12) })),
  );
}
