/** `drover inventory` beside the real `ansible-inventory`, byte for byte. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hasAnsible } from '../../support/ansible.ts';
import { Scratch } from '../../support/drover.ts';

const FILES = {
  'hosts.ini': [
    'mail ansible_port=22',
    '[web]\nw[1:2] a=1 b="two words"\n[db]\nd1 x={{y}}',
    '[prod:children]\nweb\ndb\n[prod:vars]\nenv=prod\nnothing=\n[empty]\n',
  ].join('\n'),
  'group_vars/web.yml':
    'nested: {k: [1, 2.0, null, true], "2": {}}\nraw: !unsafe "{{ x }}"\ntext: "ä\\u2028\\t"\nblock: |\n  a\n  b\n',
  'group_vars/all/main.yml': 'everywhere: 1\n',
  'host_vars/w1.yml': 'own: "{{ nested }}"\n',
  'diamond.yml': `all:
  children:
    left:
      children: {below: {hosts: {h1: {v: 1}, h2: }}}
      vars: {side: left}
    right:
      children: {below: }
      hosts: {h1: {}}
  hosts:
    lone: {secret: !vault "$ANSIBLE_VAULT;1.1;AES256\\n6162\\n", list: [!vault "$ANSIBLE_VAULT;1.1;AES256\\n6162\\n"]}
`,
};

const CASES = ['hosts.ini', 'diamond.yml'].flatMap((inventory) => [
  [inventory, '--list'],
  [inventory, '--list', '--export'],
  [inventory, '--list', '-e', 'given=1', '-e', '{"more": [1, 2]}'],
  [inventory, '--graph'],
]);
const MORE = [
  ['hosts.ini', '--graph', '--vars'],
  ['hosts.ini', '--graph', 'prod'],
  ['hosts.ini', '--host', 'w1'],
  ['hosts.ini', '--host', 'w1', '--yaml'],
  ['diamond.yml', '--list', '--yaml', '--export'],
];

describe.skipIf(!hasAnsible())('inventory beside ansible-inventory', () => {
  const cases = [...CASES, ...MORE].map((argv) => ({ argv, name: argv.join(' ') }));
  it.each(cases)('$name', async ({ argv: [inventory = '', ...flags] }) => {
    using scratch = new Scratch(FILES);
    const argv = ['-i', inventory, ...flags];
    const real = spawnSync('ansible-inventory', argv, { cwd: scratch.folder, encoding: 'utf8' });
    const ours = await scratch.drover(['inventory', ...argv]);
    expect(ours).toMatchObject({ code: real.status, stdout: real.stdout });
  });
});
