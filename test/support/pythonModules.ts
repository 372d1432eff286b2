/** What the Python of this machine can import: some modules of the real Ansible need more than the standard library. */
import { spawnSync } from 'node:child_process';

export function hasPythonModule(name: string): boolean {
  return spawnSync('/usr/bin/python3', ['-c', `import ${name}`]).status === 0;
}
