/** What an editor makes of the schemas of `drover schema`. */
import { expect, it } from 'vitest';
import { Scratch } from '../../support/drover.ts';
import { LanguageServer } from '../../support/languageServer.ts';

const PLAYBOOK = `- hosts: all
  tsaks: []
  tasks:
    - copy:
        dest: /x
        ownr: root
    - file: { path: /x, state: dir }
    - lineinfile:
        pa
    - package: { name: "{{ x }}", state: present }
      becom: yes
      when: x is defined
`;

it('an editor finds what is wrong in a playbook, and completes modules, parameters and keywords', async () => {
  using scratch = new Scratch();
  await scratch.drover(['schema', 'playbook', '--output', 'playbook.json']);
  using server = new LanguageServer({ [scratch.path('playbook.json')]: 'site.yml' });
  await server.start();
  const uri = `file://${scratch.path('site.yml')}`;
  const problems = await server.open(uri, PLAYBOOK);
  expect(problems.map(({ line, message }) => `${line}: ${message}`).sort()).toEqual([
    '11: Property becom is not allowed.',
    '2: Property tsaks is not allowed.',
    '6: Property ownr is not allowed.',
    '7: Value is not accepted. Valid values: "absent", "directory", "file", "hard", "link", "touch".',
    expect.stringMatching(/^9: /),
  ]);
  expect(await server.completions(uri, 8, 10)).toEqual(
    expect.arrayContaining(['path', 'regexp', 'line']),
  );
  expect(await server.completions(uri, 10, 11)).toEqual(
    expect.arrayContaining(['become', 'become_user', 'register']),
  );
});

const OTHERS = {
  'role-tasks': ['tasks.yml', '- copy: { dest: /x, ownr: root }\n- apt:\n    nam\n'],
  inventory: ['hosts.yml', 'all:\n  hosts: { web1: }\n  chidren: {}\n  \n'],
  requirements: ['requirements.yml', '- src: https://example.org/a.git\n  scm: bzr\n  \n'],
} as const;

it('an editor does so in tasks of roles, inventories and requirements', async () => {
  using scratch = new Scratch();
  await scratch.drover(['schema', '--output', '.']);
  const files = Object.entries(OTHERS).map(([kind, [name]]) => [
    scratch.path(`${kind}.json`),
    name,
  ]);
  using server = new LanguageServer(Object.fromEntries(files));
  await server.start();
  const uriOf = (name: string) => `file://${scratch.path(name)}`;
  const found = [];
  for (const [name, text] of Object.values(OTHERS)) {
    const problems = await server.open(uriOf(name), text);
    found.push(...problems.map(({ line, message }) => `${name}:${line}: ${message}`));
  }
  expect(found).toEqual([
    'tasks.yml:1: Property ownr is not allowed.',
    expect.stringMatching(/^tasks.yml:3: /),
    'hosts.yml:3: Property chidren is not allowed.',
    'requirements.yml:2: Value is not accepted. Valid values: "git", "hg".',
  ]);
  expect(await server.completions(uriOf('tasks.yml'), 2, 7)).toContain('name');
  expect(await server.completions(uriOf('hosts.yml'), 3, 2)).toContain('children');
  expect(await server.completions(uriOf('requirements.yml'), 2, 2)).toContain('version');
});
