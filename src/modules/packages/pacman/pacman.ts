/** `pacman`: packages of Arch Linux. `pacman --print` says what would be done. */
import { defineResource } from '../../module.ts';
import { applyCommands, managerProbe } from '../managerWork.ts';
import { pacmanParams } from './pacmanParams.ts';
import { observeArguments, type PacmanInput, pacmanResult, planPacman } from './pacmanPlan.ts';
import { PACMAN_OBSERVE } from './pacmanScripts.ts';

export const pacman = defineResource({
  name: 'pacman',
  collection: 'community.general',
  summary: 'Install, upgrade and remove packages on Arch Linux',
  description:
    'With `update_cache` check mode fetches the databases into a copy, so that its prediction is exact and the host keeps its own.',
  params: pacmanParams,
  examples: [
    '- pacman: { name: [nginx, git], state: present, update_cache: true }',
    '- pacman: { name: nginx, state: absent, extra_args: --recursive }',
    '- community.general.pacman: { upgrade: true, update_cache: true }',
  ],
  returns: {
    packages: 'Names of the packages that change; with `state: absent` also their versions.',
    cache_updated: 'Whether the refresh brought something new.',
    stdout: "pacman's output.",
    stderr: "pacman's error output.",
  },
  prepare: (params, { checkMode }): PacmanInput => ({ ...params, checkMode }),
  observe: (input) => ({ pacman: managerProbe(PACMAN_OBSERVE, observeArguments(input)) }),
  plan: (input, { pacman: state }) => planPacman(input, state),
  apply: (changes, target) => applyCommands(changes, target, 'pacman'),
  result: (input, { pacman: state }, changes) => pacmanResult(input, state, changes),
});
