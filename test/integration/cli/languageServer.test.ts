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
