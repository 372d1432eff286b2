/** The real Ansible, where this machine has it: what it does is what drover is measured by. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function hasAnsible(): boolean {
  return spawnSync('ansible-playbook', ['--version']).status === 0;
}

/** What `register` would hold after a task. */
export type AnsibleResult = Readonly<Record<string, unknown>>;

export interface AnsiblePlay {
  /** The one host; `localhost` needs no options. */
  readonly host: string;
  readonly tasks: readonly object[];
  /** Where the playbook is written, and where relative paths begin. */
  readonly folder: string;
  readonly options?: readonly string[];
}

/** Plays all tasks in one process, whatever each comes to. @returns their results in order. @throws Error with what it said. */
export async function playByAnsible(play: AnsiblePlay): Promise<AnsibleResult[]> {
  const { tasks, folder } = play;
  const file = join(folder, 'site.yml');
  const tolerant = tasks.map((task) => ({ ...task, ignore_errors: true }));
  writeFileSync(file, JSON.stringify([{ hosts: 'all', gather_facts: false, tasks: tolerant }]));
  return playbookByAnsible({ ...play, file });
}

/** The same for a playbook that is there. */
export async function playbookByAnsible({
  host,
  file,
  folder,
  options = [],
}: Omit<AnsiblePlay, 'tasks'> & { readonly file: string }): Promise<AnsibleResult[]> {
  const said = await ansiblePlaybook(['-i', `${host},`, ...options, file], folder);
  const { plays } = JSON.parse(said.slice(said.indexOf('{'))) as AnsibleRun;
  return plays.flatMap((each) => each.tasks.map(({ hosts }) => hosts[host] ?? {}));
}

interface AnsibleRun {
  readonly plays: readonly {
    readonly tasks: readonly { readonly hosts: Readonly<Record<string, AnsibleResult>> }[];
  }[];
}

const SETTINGS = {
  ANSIBLE_STDOUT_CALLBACK: 'json',
  ANSIBLE_PIPELINING: 'true',
  ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
  ANSIBLE_LOCALHOST_WARNING: 'false',
  ANSIBLE_INVENTORY_UNPARSED_WARNING: 'false',
};

/** Its standard output. @throws Error when that is no JSON, with both outputs. */
function ansiblePlaybook(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...SETTINGS };
    const child = spawn('ansible-playbook', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (more: string) => {
        said[name] += more;
      });
    }
    child.on('error', reject);
    child.on('close', () =>
      said.stdout.includes('"plays"')
        ? resolve(said.stdout)
        : reject(new Error(`ansible-playbook: ${said.stdout}${said.stderr}`)),
    );
  });
}
