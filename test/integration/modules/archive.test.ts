/** `archive` of real files, beside Ansible's. */
import { hasPrograms } from '../../support/onThisMachine.ts';
import { sampled, testLocalScenarios } from './localScenarios.ts';
import { archiveSuite, zipSuite } from './scenarios/archive.ts';

if (hasPrograms('tar', 'gzip', 'bzip2', 'xz', 'zip', 'unzip')) {
  const { module } = archiveSuite;
  const scenarios = [...archiveSuite.scenarios, ...zipSuite.scenarios];
  testLocalScenarios({ module, scenarios: sampled(scenarios, 4) });
}
