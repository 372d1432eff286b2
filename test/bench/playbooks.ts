/** What the tools are given to do, by file name. */

const head = (gather = false): string => `- hosts: all\n  gather_facts: ${gather}\n  tasks:\n`;

const repeated = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => `    - ${line(n)}\n`).join('');

/** Twenty tasks on files, each a change at first and none after. */
const FILES = [
  repeated(5, (n) => `file: {path: "/srv/bench/{{ inventory_hostname }}/d${n}", state: directory}`),
  repeated(
    5,
    (n) => `copy: {content: "text ${n}\\n", dest: "/srv/bench/{{ inventory_hostname }}/c${n}"}`,
  ),
  repeated(
    5,
    (n) => `template: {src: files.j2, dest: "/srv/bench/{{ inventory_hostname }}/t${n}"}`,
  ),
  repeated(
    5,
    (n) =>
      `lineinfile: {path: "/srv/bench/{{ inventory_hostname }}/l${n}", line: one, create: true}`,
  ),
].join('');

const LOOP = `    - file: {path: "/srv/bench/loop/{{ item }}", state: directory}\n      loop: "{{ range(100) | list }}"\n`;

export const PLAYBOOKS: Readonly<Record<string, string>> = {
  'commands10.yml': head() + repeated(10, () => 'command: /bin/true'),
  'commands20.yml': head() + repeated(20, () => 'command: /bin/true'),
  'commands60.yml': head() + repeated(60, () => 'command: /bin/true'),
  'files.yml': head() + FILES,
  'loop.yml': head() + LOOP,
  'facts.yml': head(true) + repeated(1, () => 'debug: {msg: "{{ ansible_facts.hostname }}"}'),
  'copy.yml': head() + repeated(1, () => 'copy: {src: large, dest: /srv/bench/large}'),
  'debug.yml': head() + repeated(1, () => 'debug: {msg: hello}'),
  'files.j2': 'host {{ inventory_hostname }}\n{% for n in range(5) %}line {{ n }}\n{% endfor %}',
};
