/** `pacman` on roots of their own, beside Ansible's. */
import { hasPrograms } from '../../support/onThisMachine.ts';
import { sampled, testLocalScenarios } from './localScenarios.ts';
import { usePacmanArchive } from './pacmanArchive.ts';
import { pacmanSuite } from './scenarios/pacman.ts';

if (hasPrograms('pacman', 'repo-add', 'bsdtar')) {
  const { module, scenarios } = pacmanSuite(usePacmanArchive());
  testLocalScenarios({ module, scenarios: sampled(scenarios, 8) });
}
