/** `pacman` on roots of their own, beside Ansible's. */
import { hasPrograms } from '../../support/onThisMachine.ts';
import { sampled, testLocalScenarios } from './localScenarios.ts';
import { usePacmanArchive } from './pacmanArchive.ts';
import { pacmanSuite } from './scenarios/pacman.ts';

// repo-add comes with pacman, and what it reads with makepkg.
if (hasPrograms('pacman', 'makepkg', 'bsdtar')) {
  const { module, scenarios } = pacmanSuite(usePacmanArchive());
  testLocalScenarios({ module, scenarios: sampled(scenarios, 8) });
}
