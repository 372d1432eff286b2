/**
 * What is built, on later versions of Node than the tests themselves run on: flags of V8 come and go, and libraries ask for
 * what an older OpenSSL had. `DROVER_TEST_NODES` names the programs, with colons between them; CI fetches them from npm.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scratch } from '../../support/drover.ts';
import { hasSshd, type SshServer, startSshServer } from '../../support/sshServer.ts';

const PROGRAM = resolve(import.meta.dirname, '../../../dist/main.cjs');
const nodes = (process.env['DROVER_TEST_NODES'] ?? '').split(':').filter((path) => path !== '');

if (nodes.length === 0 || !hasSshd)
  process.stderr.write(
    'DROVER_TEST_NODES or sshd is missing: later versions of Node are not tried\n',
  );

const PLAYBOOK = `
- hosts: all
  gather_facts: true
  vars:
    secret: !vault |
VAULTED
    folder: "{{ playbook_dir }}/{{ round }}/{{ inventory_hostname }}"
  tasks:
    - file: {path: "{{ folder }}", state: directory}
    - template: {src: page.j2, dest: "{{ folder }}/page", mode: '0600'}
      notify: told
    - copy: {src: large, dest: "{{ folder }}/large"}
    - command: /bin/echo {{ secret }}
      changed_when: false
      register: said
    - assert: {that: "said.stdout == 'sesame'"}
  handlers:
    - name: told
      debug: {msg: "{{ ansible_facts.system }}"}
`;

describe.skipIf(nodes.length === 0 || !hasSshd)('a later version of Node', () => {
  const scratch = new Scratch();
  let server: SshServer;

  function drover(node: string, ...args: readonly string[]) {
    const env = { ...process.env, HOME: scratch.folder, XDG_CACHE_HOME: scratch.path('caches') };
    return spawnSync(node, [PROGRAM, ...args], { cwd: scratch.folder, env, encoding: 'utf8' });
  }

  beforeAll(async () => {
    server = await startSshServer();
    scratch.write('caches/.keep', '');
    scratch.write('vault-password', 'open\n');
    scratch.write('page.j2', '{{ inventory_hostname | upper }} {{ [1, 2] | sum }}\n');
    scratch.write('large', 'large '.repeat(50_000));
    const vault = ['--vault-password-file', 'vault-password'];
    const { stdout } = drover(process.execPath, 'vault', 'encrypt_string', ...vault, 'sesame');
    const text = stdout.slice(stdout.indexOf('$ANSIBLE_VAULT')).replace(/^\s*/gm, '      ');
    scratch.write('site.yml', PLAYBOOK.replace('VAULTED', text.trimEnd()));
    scratch.write('hosts.ini', inventory(server));
  });
  afterAll(async () => {
    await server.stop();
    scratch[Symbol.dispose]();
  });

  test.each(nodes)('runs playbooks as this one does, and says nothing else: %s', (node) => {
    const version = drover(node, '--version');
    const ours = drover(process.execPath, '--version').stdout;
    expect([version.stdout, version.stderr]).toEqual([ours, '']);
    const round = `round${nodes.indexOf(node)}`;
    const vault = ['--vault-password-file', 'vault-password'];
    const run = () =>
      drover(node, 'run', '-i', 'hosts.ini', '-e', `round=${round}`, ...vault, 'site.yml');
    const first = run();
    expect([first.stderr, first.status], first.stdout).toEqual(['', 0]);
    for (const host of ['here', 'there']) expect(first.stdout).toMatch(recap(host, 7, 3));
    expect(readFileSync(scratch.path(`${round}/there/page`), 'utf8')).toBe('THERE 3\n');
    const second = run();
    expect([second.stderr, second.status], second.stdout).toEqual(['', 0]);
    for (const host of ['here', 'there']) expect(second.stdout).toMatch(recap(host, 6, 0));
  });

  test.each([process.execPath, ...nodes])('keeps what is compiled, once: %s', (node) => {
    scratch.write('debug.yml', '- hosts: localhost\n  tasks:\n    - debug: {msg: here}\n');
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
    const kept = (): object[] =>
      readdirSync(scratch.path('caches/drover'))
        .filter((name) => name.endsWith('.code') && name.includes(`-${version}-`))
        .map((name) => ({ name, inode: statSync(scratch.path(`caches/drover/${name}`)).ino }));
    expect(drover(node, 'run', 'debug.yml').status).toBe(0);
    const first = kept();
    expect(first).toHaveLength(1);
    expect(drover(node, 'run', 'debug.yml').status).toBe(0);
    expect(kept()).toEqual(first);
  });
});

function recap(host: string, ok: number, changed: number): RegExp {
  return new RegExp(`^${host} .*ok=${ok} +changed=${changed} .*failed=0`, 'm');
}

function inventory({ port, keyFile, knownHostsFile }: SshServer): string {
  return `here ansible_connection=local
there ansible_host=127.0.0.1 ansible_port=${port} ansible_user=${userInfo().username}
[all:vars]
ansible_ssh_private_key_file=${keyFile}
ansible_ssh_common_args=-F none -o UserKnownHostsFile=${knownHostsFile}
`;
}
