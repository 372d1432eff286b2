/** `npm` with a registry of this test, beside Ansible's. */
import { hasPrograms } from '../../support/onThisMachine.ts';
import { sampled, testLocalScenarios } from './localScenarios.ts';
import { useNpmRegistry } from './npmRegistry.ts';
import { npmSuite } from './scenarios/npm.ts';

if (hasPrograms('npm')) {
  const { module, scenarios } = npmSuite(await useNpmRegistry());
  testLocalScenarios({ module, scenarios: sampled(scenarios, 6) });
}
