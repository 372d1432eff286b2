/** What people get wrong: each with the place, the code frame, a hint and the right exit code, before a host is touched where that can be. */
import { describe, expect, it } from 'vitest';
import { type PlaybookRun, runPlaybook } from '../../support/runPlaybook.ts';

const PLAY = '- hosts: all\n  gather_facts: false\n';
const TWO_HOSTS = { 'hosts.ini': '[web]\nweb1\nweb2\n' };

/** Wrong content of `site.yml` and the files beside it. */
interface Wrong {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly playbook?: string;
  /** All of standard error, but for the scratch folder. */
  readonly says: string;
}

const BEFORE_ANY_HOST: readonly Wrong[] = [
  {
    what: 'an unknown module',
    files: {
      'site.yml': `${PLAY}  tasks:\n    - command: 'true'\n    - coppy: {src: a, dest: b}\n`,
    },
    says: `site.yml:5:7: ERROR! unknown module "coppy"
  5 |     - coppy: {src: a, dest: b}
    |       ^^^^^
  hint: did you mean "copy"?     [DROVER_UNKNOWN_MODULE]
`,
  },
  {
    what: 'unknown arguments, all of them at once',
    files: {
      'site.yml': `${PLAY}  tasks:
    - copy:
        dest: /tmp/x
        content: hi
        ownr: root
    - file: path=/tmp/q stat=directory
`,
    },
    says: `site.yml:7:9: ERROR! unknown argument "ownr" for module "copy"
  7 |         ownr: root
    |         ^^^^
  hint: did you mean "owner"?     [DROVER_UNKNOWN_ARGUMENT]

site.yml:8:25: ERROR! unknown argument "stat" for module "file"
  8 |     - file: path=/tmp/q stat=directory
    |                         ^^^^
  hint: did you mean "state"?     [DROVER_UNKNOWN_ARGUMENT]
`,
  },
  {
    what: 'an unknown keyword of a task',
    files: { 'site.yml': `${PLAY}  tasks:\n    - command: 'true'\n      whan: true\n` },
    says: `site.yml:5:7: ERROR! unknown keyword "whan" for a task
  5 |       whan: true
    |       ^^^^
  hint: did you mean "when"?     [DROVER_UNKNOWN_KEYWORD]
`,
  },
  {
    what: 'an unknown keyword of a play',
    files: { 'site.yml': '- hosts: all\n  gather_fact: false\n  tasks: []\n' },
    says: `site.yml:2:3: ERROR! unknown keyword "gather_fact" for a play
  2 |   gather_fact: false
    |   ^^^^^^^^^^^
  hint: did you mean "gather_facts"?     [DROVER_UNKNOWN_KEYWORD]
`,
  },
  {
    what: 'a missing role',
    files: {
      'site.yml': `${PLAY}  roles:\n    - role: webb\n`,
      'roles/web/tasks/main.yml': '[]\n',
    },
    says: `site.yml:4:13: ERROR! no role "webb"
  4 |     - role: webb
    |             ^^^^
  hint: did you mean "web"?     [DROVER_ROLE_NOT_FOUND]
`,
  },
  {
    what: 'a missing file to import',
    files: { 'site.yml': `${PLAY}  tasks:\n    - import_tasks: nope.yml\n` },
    says: `site.yml:4:21: ERROR! no file "nope.yml" to import
  4 |     - import_tasks: nope.yml
    |                     ^^^^^^^^
  hint: looked for FOLDER/nope.yml     [DROVER_FILE_NOT_FOUND]
`,
  },
  {
    what: 'a missing file of variables',
    files: {
      'site.yml': `${PLAY}  vars_files:\n    - vars/prot.yml\n  tasks:\n    - command: touch touched\n`,
      'vars/prod.yml': 'a: 1\n',
    },
    says: `site.yml:4:7: ERROR! no file "vars/prot.yml"
  4 |     - vars/prot.yml
    |       ^^^^
  hint: did you mean "prod.yml"? (looked for FOLDER/vars/prot.yml)     [DROVER_FILE_NOT_FOUND]
`,
  },
  {
    what: 'a quote that is never closed',
    files: { 'site.yml': `${PLAY}  tasks:\n    - debug:\n        msg: 'it works\n    - debug:\n` },
    says: `site.yml:5:14: ERROR! YAML syntax: missing closing 'quote
  5 |         msg: 'it works
    |              ^
  hint: a quote is opened here and never closed     [DROVER_YAML_SYNTAX]
`,
  },
  {
    what: 'a tab in the indentation',
    files: { 'site.yml': `${PLAY}  tasks:\n    - debug:\n\tmsg: x\n` },
    says: `site.yml:5:1: ERROR! YAML syntax: tabs are not allowed as indentation
  5 |  msg: x
    | ^
  hint: indent with spaces, not with tabs     [DROVER_YAML_SYNTAX]
`,
  },
  {
    what: 'a host pattern that is none',
    files: { 'site.yml': '- hosts: ~web[\n  gather_facts: false\n  tasks: [{ping: }]\n' },
    says: `site.yml:1:10: ERROR! "~web[" is no regular expression
  1 | - hosts: ~web[
    |          ^
  hint: is a bracket left open, or closed that was not opened?     [DROVER_HOST_PATTERN]
`,
  },
  {
    what: 'a slice outside its group',
    files: { 'site.yml': '- hosts: all[9]\n  gather_facts: false\n  tasks: [{ping: }]\n' },
    says: `site.yml:1:10: ERROR! "all[9]" names no host: there are 2, counted from 0
  1 | - hosts: all[9]
    |          ^^^
  hint: the last one is "all[-1]"     [DROVER_HOST_PATTERN]
`,
  },
  {
    what: 'a limit that is no pattern',
    files: { 'site.yml': `${PLAY}  tasks: [{ping: }]\n` },
    args: ['--limit', 'web['],
    says: `ERROR! "web[" is no host pattern
  hint: is a bracket left open, or closed that was not opened?     [DROVER_HOST_PATTERN]
`,
  },
  {
    what: 'a limit that leaves nobody',
    files: { 'site.yml': `${PLAY}  tasks: [{ping: }]\n` },
    args: ['--limit', 'wbe'],
    says: `[WARNING]: no host or group is called "wbe"
  hint: did you mean "web"?
ERROR! --limit wbe leaves no host
  hint: run with --list-hosts and without --limit to see the hosts there are     [DROVER_NO_HOSTS]
`,
  },
  {
    what: 'an inventory that is not there',
    files: { 'site.yml': `${PLAY}  tasks: [{ping: }]\n` },
    args: ['-i', 'host.ini'],
    says: `ERROR! no inventory "host.ini"
  hint: did you mean "hosts.ini"? (for a host of that name write "host.ini," with a comma)     [DROVER_INVENTORY_NOT_FOUND]
`,
  },
  {
    what: 'a playbook that is not there',
    files: {},
    playbook: 'sit.yml',
    says: `ERROR! there is no file "FOLDER/sit.yml"
  hint: paths are relative to the directory that drover runs in     [DROVER_FILE_NOT_FOUND]
`,
  },
  {
    what: 'variables in a file that is not there',
    files: { 'site.yml': `${PLAY}  tasks: [{ping: }]\n` },
    args: ['-e', '@nope.yml'],
    says: `ERROR! there is no file "FOLDER/nope.yml"
  hint: paths are relative to the directory that drover runs in     [DROVER_FILE_NOT_FOUND]
`,
  },
];

describe('found before any host is touched', () => {
  it.each(BEFORE_ANY_HOST)('$what', async ({ files, says, args = [], playbook }) => {
    const options = { text: true, args, ...(playbook !== undefined && { playbook }) };
    const run = await runPlaybook({ ...TWO_HOSTS, ...files }, options);
    expect(withoutFolder(run, run.stderr)).toBe(says);
    expect(run.stdout).not.toContain('TASK [');
    expect(run.stdout).not.toContain('RECAP');
    expect(run.code).toBe(says.includes('[DROVER_YAML_') ? 4 : 1);
  });

  it('only warns of a pattern that matches nobody, as the group may be empty today', async () => {
    const files = { 'site.yml': '- hosts: wbe\n  tasks: [{ping: }]\n', ...TWO_HOSTS };
    const run = await runPlaybook(files, { text: true });
    expect(run.stderr).toBe(`site.yml:1:10: [WARNING]: no host or group is called "wbe"
  1 | - hosts: wbe
    |          ^^^
  hint: did you mean "web"?
`);
    expect(run.stdout).toContain('skipping: no hosts matched');
    expect(run.code).toBe(0);
  });
});

/** A task that fails on web1 alone; web2 goes on. */
interface Failing {
  readonly what: string;
  /** Of a task that `when: inventory_hostname == 'web1'` is added to; or a whole task in `{ }`. */
  readonly task: string;
  readonly files?: Readonly<Record<string, string>>;
  /** What stands below the failure, indented as the terminal has it. */
  readonly says: string;
  /** What is said of it before the run, as the condition may spare it. */
  readonly warns?: string;
}

const ON_ONE_HOST: readonly Failing[] = [
  {
    what: 'an undefined variable',
    task: 'debug: {msg: "port {{ app_prt }}"}',
    says: `  site.yml:6:29: 'app_prt' is undefined
    6 |     - debug: {msg: "port {{ app_prt }}"}
      |                             ^^^^^^^
    hint: did you mean "app_port"?     [DROVER_UNDEFINED]
`,
    warns: `site.yml:6:29: [WARNING]: nothing defines the variable "app_prt"
  6 |     - debug: {msg: "port {{ app_prt }}"}
    |                             ^^^^^^^
  hint: did you mean "app_port"?
`,
  },
  {
    what: 'an undefined variable that is like no other',
    task: 'debug: {msg: "{{ colour }}"}',
    says: `  site.yml:6:24: 'colour' is undefined
    6 |     - debug: {msg: "{{ colour }}"}
      |                        ^^^^^^
    hint: define it, or say what holds without it: colour | default(…)     [DROVER_UNDEFINED]
`,
    warns: `site.yml:6:24: [WARNING]: nothing defines the variable "colour"
  6 |     - debug: {msg: "{{ colour }}"}
    |                        ^^^^^^
  hint: give it with -e or in the inventory, or write a default
`,
  },
  {
    what: 'an undefined variable in a template file',
    task: 'template: {src: a.j2, dest: "{{ playbook_dir }}/out"}',
    files: { 'templates/a.j2': 'one\nport {{ app_prt }}\n' },
    says: `  templates/a.j2:2:9: 'app_prt' is undefined
    2 | port {{ app_prt }}
      |         ^^^^^^^
    hint: did you mean "app_port"?     [DROVER_UNDEFINED]
`,
  },
  {
    what: 'a missing file to copy',
    task: 'copy: {src: nothere.conf, dest: /tmp/x}',
    files: { 'files/nothre.conf': '' },
    says: `  site.yml:6:19: no file "nothere.conf" on the controller
    6 |     - copy: {src: nothere.conf, dest: /tmp/x}
      |                   ^^^^^^^^^^^^
    hint: did you mean "nothre.conf"? (looked for FOLDER/files/nothere.conf, FOLDER/nothere.conf)     [DROVER_FILE_NOT_FOUND]
`,
  },
  {
    what: 'a missing template',
    task: 'template: src=nothere.j2 dest=/tmp/x',
    says: `  site.yml:6:21: no template "nothere.j2" on the controller
    6 |     - template: src=nothere.j2 dest=/tmp/x
      |                     ^^^^^^^^^^
    hint: put it into the templates/ folder of the role or beside the playbook (looked for FOLDER/templates/nothere.j2, FOLDER/nothere.j2)     [DROVER_FILE_NOT_FOUND]
`,
  },
  {
    what: 'a missing file to include',
    task: 'include_tasks: nope.yml',
    says: `  site.yml:6:22: ERROR! no file "nope.yml" to include
    6 |     - include_tasks: nope.yml
      |                      ^^^^^^^^
    hint: looked for FOLDER/nope.yml     [DROVER_FILE_NOT_FOUND]
`,
    warns: `site.yml:6:22: [WARNING]: no file "nope.yml" to include
  6 |     - include_tasks: nope.yml
    |                      ^^^^^^^^
  hint: looked for FOLDER/nope.yml
`,
  },
  {
    what: 'a missing file of variables to include',
    task: 'include_vars: nope.yml',
    says: `  site.yml:6:21: no file of variables "nope.yml" on the controller
    6 |     - include_vars: nope.yml
      |                     ^^^^^^^^
    hint: put it into the vars/ folder of the role or beside the playbook (looked for FOLDER/vars/nope.yml, FOLDER/nope.yml)     [DROVER_FILE_NOT_FOUND]
`,
  },
  {
    what: 'a missing role to include',
    task: 'include_role: {name: webb}',
    files: { 'roles/web/tasks/main.yml': '[]\n' },
    says: `  site.yml:6:28: ERROR! no role "webb"
    6 |     - include_role: {name: webb}
      |                            ^^^^
    hint: did you mean "web"?     [DROVER_ROLE_NOT_FOUND]
`,
    warns: `site.yml:6:28: [WARNING]: no role "webb"
  6 |     - include_role: {name: webb}
    |                            ^^^^
  hint: did you mean "web"?
`,
  },
  {
    what: 'a mistake in an included file',
    task: 'include_tasks: more.yml',
    files: { 'more.yml': '- debug:\n- coppy: a\n' },
    says: `  more.yml:2:3: ERROR! unknown module "coppy"
    2 | - coppy: a
      |   ^^^^^
    hint: did you mean "copy"?     [DROVER_UNKNOWN_MODULE]
`,
    warns: `more.yml:2:3: [WARNING]: unknown module "coppy"
  2 | - coppy: a
    |   ^^^^^
  hint: did you mean "copy"?
`,
  },
  {
    what: 'a handler that is not there',
    task: 'command: echo 1\n      notify: "no {{ mistaken }}"',
    says: `  site.yml:7:15: ERROR! The requested handler 'no dir' was not found in either the main handlers list nor in the listening handlers list
    7 |       notify: "no {{ mistaken }}"
      |               ^
    hint: names of handlers are compared exactly     [DROVER_UNKNOWN_HANDLER]
`,
  },
  {
    what: 'an argument whose value is none',
    task: 'file: {path: /tmp/x, state: "{{ mistaken }}"}',
    says: `  site.yml:6:28: module "file": argument "state" must be one of absent, directory, file, hard, link, touch
    6 |     - file: {path: /tmp/x, state: "{{ mistaken }}"}
      |                            ^^^^^
    [DROVER_INVALID_ARGUMENT]
`,
  },
];

describe('found on one host, and the others go on', () => {
  it.each(ON_ONE_HOST)('$what', async ({ task, files = {}, says, warns = '' }) => {
    const run = await runPlaybook(
      {
        ...TWO_HOSTS,
        'site.yml': `${PLAY}  vars: {app_port: 80, mistaken: dir}
  tasks:
    - ping:
    - ${task}
      when: inventory_hostname == 'web1'
    - name: after
      command: echo still here
`,
        ...files,
      },
      { text: true },
    );
    expect(withoutFolder(run, run.stdout)).toContain(`\n${says}`);
    expect(run.stdout).toContain('changed: [web2]');
    expect(run.stdout).toMatch(/^web1 .* ok=1 .* failed=1 /m);
    expect(run.stdout).toMatch(/^web2 .* failed=0 /m);
    expect(withoutFolder(run, run.stderr)).toBe(warns);
    expect(run.code).toBe(2);
  });
});

function withoutFolder({ folder }: PlaybookRun, text: string): string {
  return text.replaceAll(folder, 'FOLDER');
}
