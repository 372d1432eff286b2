/** The real Ansible, where this machine has it: what it does is what drover is measured by. */
import { spawnSync } from 'node:child_process';

export function hasAnsible(): boolean {
  return spawnSync('ansible-playbook', ['--version']).status === 0;
}

/** The results of all tasks of a playbook on localhost, in order. @throws Error with what was printed. */
export function ansibleResults(file: string, cwd: string): Record<string, unknown>[] {
  const settings = {
    ANSIBLE_STDOUT_CALLBACK: 'json',
    ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    ANSIBLE_LOCALHOST_WARNING: 'false',
    ANSIBLE_INVENTORY_UNPARSED_WARNING: 'false',
  };
  const env = { ...process.env, ...settings };
  const options = { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout, stderr } = spawnSync('ansible-playbook', [file], options);
  try {
    const said = JSON.parse(stdout.slice(stdout.indexOf('{'))) as AnsibleRun;
    return said.plays.flatMap(({ tasks }) => tasks.map(({ hosts }) => hosts['localhost'] ?? {}));
  } catch (error) {
    throw new Error(`ansible-playbook: ${stdout}${stderr}`, { cause: error });
  }
}

interface AnsibleRun {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly hosts: Readonly<Record<string, Record<string, unknown>>>;
    }[];
  }[];
}
