/**
 * `npm run bench:language [-- NAME…]`: what the language itself costs, without hosts: loading a large project, many hosts with
 * many variables, includes in long loops. Each theme is written to a scratch folder and run as a process of its own, so that its
 * time and its peak memory are its own. Prints seconds, megabytes and budgets; a theme over its budget fails the command.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Theme {
  readonly shows: string;
  /** Contents by relative path. */
  readonly files: () => Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly budgetSeconds: number;
  readonly budgetMegabytes: number;
}

const ROOT = resolve(import.meta.dirname, '../..');
const DROVER = join(ROOT, 'dist/main.cjs');

const THEMES: Readonly<Record<string, Theme>> = {
  load: {
    shows: 'loading 200 roles with 5,000 tasks',
    files: manyRoles,
    args: ['--syntax-check'],
    budgetSeconds: 1.5,
    budgetMegabytes: 500,
  },
  hosts: {
    shows:
      '1,000 hosts × 50 debug and set_fact tasks, group_vars of 200 variables with nested templates',
    files: manyHosts,
    args: [],
    budgetSeconds: 10,
    budgetMegabytes: 500,
  },
  includes: {
    shows: 'include_tasks of 3 tasks in a loop of 5,000 on 10 hosts',
    files: manyIncludes,
    args: [],
    budgetSeconds: 60,
    budgetMegabytes: 1_000,
  },
};

const names = process.argv.slice(2);
const chosen = Object.entries(THEMES).filter(
  ([name]) => names.length === 0 || names.includes(name),
);
for (const [name, theme] of chosen) await measure(name, theme);

async function measure(name: string, theme: Theme): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-language-'));
  try {
    for (const [path, text] of Object.entries(theme.files())) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { code, seconds, megabytes } = await run(theme.args, folder);
    const isOver = seconds > theme.budgetSeconds || megabytes > theme.budgetMegabytes;
    if (code !== 0 || isOver) process.exitCode = 1;
    process.stdout.write(
      `${name}: ${theme.shows}: ${seconds.toFixed(2)} s of ${theme.budgetSeconds}, ` +
        `${Math.round(megabytes)} MB of ${theme.budgetMegabytes}, exit ${code}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Cost {
  readonly code: number | null;
  readonly seconds: number;
  readonly megabytes: number;
}

/** The process tells its own peak memory as it exits. */
function run(args: readonly string[], cwd: string): Promise<Cost> {
  const report = `process.on('exit', () => process.stderr.write('\\nPEAK ' + process.resourceUsage().maxRSS))`;
  const preload = `data:text/javascript,${encodeURIComponent(report)}`;
  const argv = [
    '--import',
    preload,
    DROVER,
    'run',
    '-i',
    'hosts.ini',
    '-c',
    'local',
    ...args,
    'site.yml',
  ];
  const startedAt = performance.now();
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, argv, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      stderr = (stderr + more).slice(-4_000);
    });
    child.on('error', fail);
    child.on('close', (code) => {
      const seconds = (performance.now() - startedAt) / 1000;
      const kilobytes = Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? 'NaN');
      if (code !== 0) process.stderr.write(stderr);
      done({ code, seconds, megabytes: kilobytes / 1024 });
    });
  });
}

function manyRoles(): Record<string, string> {
  const files: Record<string, string> = { 'hosts.ini': 'a\n' };
  for (let role = 0; role < 200; role += 1) {
    const tasks = counted(25, (task) => [
      `- name: "role ${role} task ${task} for {{ inventory_hostname }}"`,
      `  ansible.builtin.template: {src: t.j2, dest: "/etc/app/{{ app_${role} }}/${task}.conf", mode: "0644"}`,
      `  when: enabled_${role} | default(true) and ansible_facts.os_family | default('') == 'Debian'`,
      `  notify: restart ${role}`,
      `  tags: [t${role}, config]`,
    ]);
    files[`roles/r${role}/tasks/main.yml`] = `${tasks.join('\n')}\n`;
    files[`roles/r${role}/defaults/main.yml`] =
      `app_${role}: app\nenabled_${role}: true\nlist_${role}: [1, "{{ app_${role} }}"]\n`;
    files[`roles/r${role}/handlers/main.yml`] =
      `- name: restart ${role}\n  service: {name: "{{ app_${role} }}", state: restarted}\n`;
    files[`roles/r${role}/templates/t.j2`] = `# {{ app_${role} }}\n`;
  }
  const roles = counted(200, (role) => [`    - r${role}`]).join('\n');
  files['site.yml'] = `- hosts: all\n  gather_facts: false\n  roles:\n${roles}\n`;
  return files;
}

function manyHosts(): Record<string, string> {
  const variables = counted(200, (index) => [
    index % 4 === 3
      ? `v${index}: "{{ v${index - 1} }} {{ v${index - 2} | upper }} {{ inventory_hostname }}"`
      : `v${index}: "value ${index} of {{ base }}"`,
  ]);
  const tasks = counted(25, (index) => [
    `    - debug: {msg: "{{ v${index * 8 + 3} }} {{ f${Math.max(0, index - 1)} | default('none') }}"}`,
    `    - set_fact: {f${index}: "{{ v${index * 8 + 7} }}-${index}"}`,
  ]);
  return {
    'hosts.ini': '[all]\nhost[0001:1000]\n',
    'group_vars/all.yml': `base: "{{ group_names | join(',') }}"\n${variables.join('\n')}\n`,
    'site.yml': `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.join('\n')}\n`,
  };
}

function manyIncludes(): Record<string, string> {
  return {
    'hosts.ini': 'host[01:10]\n',
    'inner.yml':
      '- debug: {msg: "{{ item }} {{ twice }}"}\n- set_fact: {last: "{{ item }}"}\n- debug: {msg: "{{ last }}"}\n  when: item is divisibleby 2\n',
    'site.yml':
      '- hosts: all\n  gather_facts: false\n  tasks:\n    - include_tasks: inner.yml\n      loop: "{{ range(5000) | list }}"\n      vars: {twice: "{{ item * 2 }}"}\n    - debug: {msg: "{{ last }}"}\n',
  };
}

/** The lines of each of `count` things. */
function counted(count: number, lines: (index: number) => readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => lines(index)).flat();
}
