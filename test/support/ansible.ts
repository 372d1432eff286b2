/** The real Ansible, where this machine has it: what it does is what drover is measured by. */
import { spawnSync } from 'node:child_process';

export function hasAnsible(): boolean {
  return spawnSync('ansible-playbook', ['--version']).status === 0;
}
