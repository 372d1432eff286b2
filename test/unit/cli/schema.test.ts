import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  BLOCK_DOCS,
  PLAY_DOCS,
  PLAY_OPTION_DOCS,
  ROLE_DOCS,
  TASK_DOCS,
} from '../../../src/cli/schema/keywords.ts';
import { schemaText } from '../../../src/cli/schema.ts';
import {
  BLOCK_KEYWORDS,
  PLAY_KEYWORDS,
  ROLE_KEYWORDS,
  TASK_KEYWORDS,
} from '../../../src/playbook/keywords.ts';
import { PLAY_KEYS } from '../../../src/playbook/playReader.ts';
import { Scratch } from '../../support/drover.ts';
import { modules } from '../../support/modules.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const ajv = new Ajv({ strict: false, allErrors: true });

async function validator(name: string) {
  const validate = ajv.compile(JSON.parse(await schemaText(name)) as object);
  return (yaml: string): string[] => {
    validate(parse(yaml, { merge: true, logLevel: 'silent' }));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

const playbook = await validator('playbook');
const tasks = await validator('role-tasks');

function filesBelow(folder: string, pattern: RegExp): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
}

describe('drover schema playbook', () => {
  const playbooks = ['examples', 'playbooks'].flatMap((folder) =>
    filesBelow(folder, /^[^/]+(\/site)?\.yml$/),
  );

  it.each(playbooks)('takes %s', (file) => {
    expect(playbook(readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
  });

  it.each([
    ['- hosts: all\n  tsaks: []'],
    ['- tasks: []'],
    ['- hosts: all\n  become: perhaps'],
    ['- hosts: all\n  tasks:\n    - copy: { dst: /x }'],
    ['- hosts: all\n  tasks:\n    - file: { path: /x, state: dir }'],
    ['- hosts: all\n  tasks:\n    - block: [{ ping: }]\n      loop: []'],
    ['hosts: all'],
  ])('refuses %j', (text) => {
    expect(playbook(text)).not.toEqual([]);
  });

  it.each([
    ['- import_playbook: other.yml\n  vars: { a: 1 }'],
    [
      '- hosts: "{{ x }}"\n  become: "{{ y }}"\n  serial: [1, 50%]\n  roles: [a, { role: b, x: 1, become: yes }]',
    ],
    [
      '- hosts: [a, b]\n  tasks:\n    - my.own.module: { a: 1 }\n      with_items: [1]\n      loop_control: { label: x }',
    ],
    [
      '- hosts: a\n  tasks:\n    - block:\n        - command: ls /\n          args: { chdir: / }\n      rescue: [{ debug: { var: x } }]',
    ],
  ])('takes %j', (text) => {
    expect(playbook(text)).toEqual([]);
  });
});

describe('drover schema role-tasks', () => {
  const roleTasks = [
    ...filesBelow('roles', /(tasks|handlers)\/[^/]+\.yml$/),
    ...filesBelow('examples', /roles\/.*(tasks|handlers)\/[^/]+\.yml$/),
  ];

  it.each(roleTasks)('takes %s', (file) => {
    expect(tasks(readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
  });

  it.each(modules.map(({ name, examples }) => ({ name, examples })))(
    'takes the examples of $name',
    ({ examples }) => {
      for (const example of examples) expect(tasks(example)).toEqual([]);
    },
  );
});

describe('the keywords of the schema', () => {
  it('are those of the reader', () => {
    const keys = (docs: object) => Object.keys(docs).sort();
    expect(keys(PLAY_DOCS)).toEqual(keys(PLAY_KEYWORDS));
    expect(keys(ROLE_DOCS)).toEqual(keys(ROLE_KEYWORDS));
    expect(keys(BLOCK_DOCS)).toEqual(keys(BLOCK_KEYWORDS));
    expect(keys(TASK_DOCS)).toEqual(keys(TASK_KEYWORDS));
    const sections = ['pre_tasks', 'tasks', 'post_tasks', 'handlers', 'roles'];
    const play = [...Object.keys(PLAY_DOCS), ...Object.keys(PLAY_OPTION_DOCS), ...sections];
    expect(play.sort()).toEqual([...PLAY_KEYS].sort());
  });
});

describe('drover schema of other documents', () => {
  it.each([
    [
      'inventory',
      'all:\n  hosts: { a: { x: 1 }, b: }\n  children: { web: { vars: { y: 1 } }, db: }',
    ],
    ['inventory', 'plugin: constructed\nstrict: false'],
    ['requirements', '- src: https://x/y.git\n  scm: git\n  version: 1.0\n- geerlingguy.docker'],
    [
      'requirements',
      'roles:\n  - name: a\ncollections:\n  - name: ansible.posix\n    version: ">=1"',
    ],
    [
      'meta',
      'dependencies: [a, { role: b, x: 1 }]\ngalaxy_info: { author: me, platforms: [{ name: Debian, versions: [all] }] }',
    ],
    [
      'argument-specs',
      'argument_specs:\n  main:\n    options:\n      a: { type: list, elements: dict, options: { b: { type: int } } }',
    ],
  ])('%s takes %j', async (name, text) => {
    const validate = await validator(name);
    expect(validate(text)).toEqual([]);
  });

  it.each([
    ['inventory', 'all:\n  host: { a: }'],
    ['requirements', 'role: []'],
    ['meta', 'dependencies: a'],
    ['argument-specs', 'argument_specs:\n  main:\n    options:\n      a: { type: string }'],
  ])('%s refuses %j', async (name, text) => {
    const validate = await validator(name);
    expect(validate(text)).not.toEqual([]);
  });

  it('is written to a folder', async () => {
    using scratch = new Scratch();
    await scratch.drover(['schema', '--output', 'schemas']);
    expect(readdirSync(scratch.path('schemas')).sort()).toEqual(
      ['argument-specs', 'inventory', 'meta', 'playbook', 'requirements', 'role-tasks'].map(
        (name) => `${name}.json`,
      ),
    );
    expect((await scratch.drover(['schema', 'metta'])).stderr).toContain('did you mean "meta"?');
    expect((await scratch.drover(['schema'])).stderr).toContain('name a document');
  });
});
