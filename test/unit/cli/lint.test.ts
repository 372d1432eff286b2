import { describe, expect, it } from 'vitest';
// Loaded here, so that loading is not part of the first test.
import '../../../src/cli/lint.ts';
import { type CommandRun, Scratch } from '../../support/drover.ts';

interface Finding {
  readonly level: string;
  readonly code?: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

const PLAY = '- hosts: all\n  tasks:\n';

async function lint(
  files: Readonly<Record<string, string>>,
  argv: readonly string[] = [],
): Promise<CommandRun & { findings: readonly Finding[]; places: readonly string[] }> {
  using scratch = new Scratch(files);
  const run = await scratch.drover(['lint', '--output', 'jsonl', ...argv]);
  const findings = run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding);
  const places = findings.map(({ file, line, message }) => `${file}:${line} ${message}`);
  return { ...run, findings, places };
}

describe('drover lint', () => {
  it('tells all that is wrong in a project, with places', async () => {
    const { code, places } = await lint({
      'site.yml': `${PLAY}    - copy: { dest: /x, contnet: a }\n    - nosuch: {}\n`,
      'playbooks/more.yml': `${PLAY}    - debug: { msg: "{{ x | nofilter }}" }\n`,
      'roles/one/tasks/main.yml': '- debug: { msg: "{{ 1 + }}" }\n',
      'roles/one/defaults/main.yml': 'a: [\n',
      'group_vars/all.yml': 'a: 1\nb: "\n',
      'README.md': 'nothing',
    });
    expect(code).toBe(1);
    expect(places).toEqual(
      expect.arrayContaining([
        expect.stringContaining('site.yml:3 unknown argument "contnet" for module "copy"'),
        expect.stringContaining('site.yml:4 unknown module "nosuch"'),
        expect.stringMatching(/playbooks\/more\.yml:3 .*nofilter/),
        expect.stringMatching(/roles\/one\/tasks\/main\.yml:1 /),
        expect.stringMatching(/roles\/one\/defaults\/main\.yml:\d /),
        expect.stringMatching(/group_vars\/all\.yml:\d /),
      ]),
    );
  });

  it('goes into folders of projects, and says when there is nothing', async () => {
    const { places, code } = await lint({
      'shop/site.yml': `${PLAY}    - nosuch: {}\n`,
      'blog/deploy/roles/one/tasks/main.yml': '- neither: {}\n',
      'node_modules/x/site.yml': `${PLAY}    - not_looked_at: {}\n`,
    });
    expect(code).toBe(1);
    expect(places.toSorted()).toEqual([
      'blog/deploy/roles/one/tasks/main.yml:1 unknown module "neither"',
      'shop/site.yml:3 unknown module "nosuch"',
    ]);
    const empty = await lint({ 'README.md': 'nothing' });
    expect(empty.code).toBe(1);
    expect(empty.stderr).toContain('nothing to check');
  });

  it('tells what other collections and other roles of a play may have, and finds no mistake in it', async () => {
    const { places, code } = await lint({
      'tasks/main.yml':
        '- debug: { msg: "{{ [1] | ns.coll.shuffled }}" }\n  notify: restart web\n- include_role: { name: two, apply: { tags: [x] } }\n  when: wanted | d(false)\n',
      'defaults/main.yml': 'never_read: "{{ a b }}"\n',
      'roles/two/tasks/main.yml': "- shell: ps --format='{{ '{{ .Image }}' }}'\n",
    });
    expect(code).toBe(0);
    expect(places).toEqual(
      expect.arrayContaining([
        'tasks/main.yml:1 drover does not have the filter "ns.coll.shuffled" of ns.coll',
        expect.stringMatching(/^defaults\/main\.yml:1 expected token 'end of print statement'/),
      ]),
    );
  });

  it('finds nothing wrong in what is right', async () => {
    const files = {
      'site.yml': `- hosts: web\n  roles: [one]\n  tasks:\n    - debug: { var: from_group }\n`,
      'group_vars/web.yml': 'from_group: 1\n',
      'roles/one/tasks/main.yml': '- include_tasks: "{{ kind }}.yml"\n',
      'roles/one/tasks/dynamic.yml': '- debug: { msg: "{{ only_known_there }}" }\n',
      'roles/one/defaults/main.yml': 'kind: dynamic\n',
      'roles/one/templates/a.j2': '{% if x %}{{ y }}{% endif %}',
      'docker-compose.yml': 'services: {}\n',
    };
    expect(await lint(files)).toMatchObject({ code: 0, findings: [] });
  });

  it('looks into files of a role that only a run could choose', async () => {
    const { places } = await lint({
      'tasks/main.yml': '- include_tasks: "{{ x }}.yml"\n',
      'tasks/deep/other.yml': '- debug: { mgs: x }\n',
      'handlers/other.yml': '- nosuch: {}\n',
      'vars/Debian.yml': 'a: b: c\n',
      'templates/a.j2': '{% if x %}',
      'meta/main.yml': 'dependencies: []\n',
    });
    expect(places.filter((place) => !place.includes('nothing defines'))).toEqual([
      expect.stringMatching(/^tasks\/deep\/other\.yml:1 unknown argument "mgs"/),
      expect.stringMatching(/^handlers\/other\.yml:1 unknown module "nosuch"/),
      expect.stringMatching(/^vars\/Debian\.yml:1 /),
      expect.stringMatching(/^templates\/a\.j2:1 /),
    ]);
  });

  it('warns of variables that nothing defines, which fails only with --strict', async () => {
    const files = { 'site.yml': `${PLAY}    - debug: { msg: "{{ prot }}" }\n` };
    const { code, findings } = await lint(files);
    expect(code).toBe(0);
    expect(findings).toEqual([
      expect.objectContaining({ level: 'warning', file: 'site.yml', line: 3 }),
    ]);
    expect((await lint(files, ['--strict'])).code).toBe(1);
    expect((await lint(files, ['-e', 'prot=1'])).findings).toEqual([]);
  });

  it('takes a file of tasks, also of a role, and a playbook', async () => {
    const files = {
      'some/tasks.yml': '- nosuch: {}\n',
      'roles/one/tasks/main.yml': '- nosuch2: {}\n',
      'site.yml': `${PLAY}    - nosuch3: {}\n`,
    };
    for (const path of ['some/tasks.yml', 'roles/one/tasks/main.yml', 'roles/one', 'site.yml']) {
      const { places } = await lint(files, [path]);
      expect(places).toEqual([expect.stringContaining('unknown module "nosuch')]);
    }
  });

  it('does not call encrypted files wrong, and decrypts them where it can', async () => {
    using scratch = new Scratch({
      'site.yml': `- hosts: all\n  vars_files: [secret.yml]\n  tasks:\n    - debug: { msg: "{{ key }}" }\n`,
      'secret.yml': 'key: 1\n',
      password: 'pw\n',
    });
    const password = ['--vault-password-file', 'password'];
    await scratch.drover(['vault', 'encrypt', ...password, 'secret.yml']);
    const blind = await scratch.drover(['lint']);
    expect(blind).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('secret.yml: not looked into'),
    });
    const seeing = await scratch.drover(['lint', ...password]);
    expect(seeing.stdout).toMatch(/^0 errors, 0 warnings in \d files\n$/);
  });

  it('says so when there is nothing to look at', async () => {
    const { code, stderr } = await lint({}, ['missing']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no file or folder')]);
  });
});
