import { describe, expect, test } from 'vitest';
import type { Block } from '../../../src/playbook/model.ts';
import { plainNode, plainNodes } from '../../support/plainNode.ts';
import { errorLines, lines, load, loaderOf, loadPlay } from './loading.ts';

async function roleLines(roles: string, files: Record<string, string>): Promise<string[]> {
  return lines(
    (await loadPlay({ '/p/site.yml': `- hosts: all\n  roles: ${roles}\n`, ...files })).roles.block,
  );
}

async function firstUse(roles: string, files: Record<string, string>): Promise<Block> {
  const play = await loadPlay({ '/p/site.yml': `- hosts: all\n  roles: ${roles}\n`, ...files });
  const [block] = play.roles.block;
  if (block?.kind !== 'block') throw new Error('no role');
  return block;
}

describe('roles', () => {
  test('defaults, vars (also as a folder), tasks, handlers', async () => {
    const { role } = await firstUse('[web]', {
      '/p/roles/web/defaults/main.yaml': 'a: 1\n',
      '/p/roles/web/vars/main/1.yml': 'b: 1\nc: 1\n',
      '/p/roles/web/vars/main/2.json': '{"c": 2}',
      '/p/roles/web/tasks/main.yml': '- ping:\n',
      '/p/roles/web/handlers/main': '- {name: h, ping: , listen: x}\n',
    });
    expect([plainNodes(role?.defaults), plainNodes(role?.vars)]).toEqual([
      { a: 1 },
      { b: 1, c: 2 },
    ]);
    expect(role?.handlers.map((item) => item.kind === 'task' && item.isHandler)).toEqual([true]);
  });

  test('parameters and keywords of an entry', async () => {
    expect(
      await roleLines('[{role: web, tags: t, when: x, port_no: 80, vars: {a: 1}}]', {
        '/p/roles/web/tasks/main.yml': '- ping:\n',
      }),
    ).toEqual(['role: /p/roles/web {"port_no":80} +tags +when +vars', '  ping']);
  });

  test('dependencies run first, inside the role, and are found beside it', async () => {
    expect(
      await roleLines('[web]', {
        '/shared/roles/web/meta/main.yml': 'dependencies: [{role: base, x: 1, tags: [t]}, other]\n',
        '/shared/roles/web/tasks/main.yml': '- ping:\n',
        '/shared/roles/base/tasks/main.yml': '- debug:\n',
        '/shared/roles/other/meta/main.yml': 'dependencies: []\n',
      }),
    ).toEqual([
      'role: /shared/roles/web',
      '  role: /shared/roles/base {"x":1} +tags',
      '    debug',
      '  role: /shared/roles/other',
      '  ping',
    ]);
  });

  test('argument specs become a first task that always runs', async () => {
    expect(
      await roleLines('[{role: web, a: 1}]', {
        '/p/roles/web/meta/argument_specs.yml':
          'argument_specs: {main: {short_description: Web, options: {a: {type: int}}}}\n',
        '/p/roles/web/tasks/main.yml': '- ping:\n',
      }),
    ).toEqual([
      'role: /p/roles/web {"a":1}',
      `  ansible.builtin.validate_argument_spec ${JSON.stringify({
        argument_spec: { a: { type: 'int' } },
        provided_arguments: { a: 1 },
        validate_args_context: {
          type: 'role',
          name: 'web',
          argument_spec_name: 'main',
          path: '/p/roles/web',
        },
      })} +tags`,
      '  ping',
    ]);
  });

  test('import_role with chosen files, and a role of a collection', async () => {
    const play = await loadPlay({
      '/p/site.yml':
        '- hosts: all\n  vars: {which: other}\n  tasks:\n    - import_role: {name: web, tasks_from: "{{ which }}", vars_from: v.yml}\n      when: x\n    - import_role: {name: ns.coll.db}\n',
      '/p/roles/web/tasks/other.yml': '- ping:\n',
      '/p/roles/web/vars/v.yml': 'a: 1\n',
      '/collections/ansible_collections/ns/coll/roles/db/tasks/main.yml': '- debug:\n',
    });
    expect(lines(play.tasks.block)).toEqual([
      'role: /p/roles/web +when',
      '  ping',
      'role: /collections/ansible_collections/ns/coll/roles/db',
      '  debug',
    ]);
  });

  test('equal uses have equal keys', async () => {
    const play = await loadPlay({
      '/p/site.yml': '- hosts: all\n  roles: [a, a, {role: a, x: 1}, {role: a, x: "1"}]\n',
      '/p/roles/a/tasks/main.yml': '',
    });
    const keys = play.roles.block.map((item) =>
      item.kind === 'block' ? item.role?.key : undefined,
    );
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
  });

  test.each([
    ['[wbe]', '/p/site.yml:2:11: no role "wbe" (did you mean "web"?)'],
    ['[{when: x}]', '/p/site.yml:2:11: this role has no name (add "role:" with its name)'],
    [
      '["{{ x }}"]',
      '/p/site.yml:2:11: this must be known before the run: "x" is undefined (name the role, or use include_role in a task)',
    ],
    [
      '[loop]',
      '/p/roles/loop/meta/main.yml:1:16: role "loop" needs itself (a role may be used again inside itself by include_role with a condition that ends it)',
    ],
  ])('wrong: %s', async (roles, error) => {
    const loaded = await load({
      '/p/site.yml': `- hosts: all\n  roles: ${roles}\n`,
      '/p/roles/web/tasks/main.yml': '',
      '/p/roles/loop/meta/main.yml': 'dependencies: [loop]\n',
    });
    expect(errorLines(loaded)).toEqual([error]);
  });
});

describe('what a run includes', async () => {
  const files = {
    '/p/site.yml': '- hosts: all\n  tasks:\n    - include_tasks: more.yml\n',
    '/p/more.yml': '- ping:\n- import_tasks: inner.yml\n',
    '/p/inner.yml': '- debug:\n',
    '/p/broken.yml': '- {ping: , become: x}\n- name: y\n',
    '/p/roles/web/tasks/main.yml': '- ping:\n',
    '/p/roles/web/handlers/h.yml': '- {name: h, debug: }\n',
  };
  const loader = loaderOf(files);
  const [play] = (await loader.loadPlaybooks(['site.yml'])).playbooks[0]?.plays ?? [];
  if (play === undefined) throw new Error('no play');
  const parent = play.tasks;

  test('tasks of a file, under the block of the including task', async () => {
    const { block } = await loader.loadTasks('/p/more.yml', { play, parent, keywords: {} });
    expect(lines([block])).toEqual([
      'include: /p/more.yml',
      '  ping',
      '  import: /p/inner.yml',
      '    debug',
    ]);
    expect(block.parent).toBe(parent);
    expect(block.block[0]?.parent).toBe(block);
  });

  test('a role with chosen handlers', async () => {
    const source = { file: '/p/site.yml', line: 3, column: 7 };
    const request = { name: 'web', handlersFrom: 'h', source, isPublic: false };
    const { block } = await loader.loadRoleUse(request, { play, parent });
    expect(lines([block])).toEqual(['role: /p/roles/web', '  ping', ' handlers', '  debug']);
    expect(block.role?.isPublic).toBe(false);
  });

  test('all errors of a file are thrown together', async () => {
    await expect(loader.loadTasks('/p/broken.yml', { play, parent })).rejects.toThrow(
      expect.objectContaining({ errors: [expect.anything(), expect.anything()] }) as Error,
    );
  });
});

describe('playbooks', () => {
  test('import_playbook lays its conditions, tags and variables on the plays', async () => {
    const { playbooks, errors } = await load({
      '/p/site.yml':
        '- import_playbook: sub/other.yml\n  when: a\n  tags: t\n  vars: {x: 1}\n- hosts: b\n',
      '/p/sub/other.yml': '- {hosts: a, tags: u, vars: {x: 0, y: 2}, roles: [r]}\n',
      '/p/sub/roles/r/tasks/main.yml': '- ping:\n',
    });
    const [first, second] = playbooks[0]?.plays ?? [];
    expect(errors).toEqual([]);
    expect([first?.file, second?.file]).toEqual(['/p/sub/other.yml', '/p/site.yml']);
    expect(first?.keywords.when?.map(plainNode)).toEqual(['a']);
    expect(first?.keywords.tags?.map(plainNode)).toEqual(['u', 't']);
    expect(plainNodes(first?.keywords.vars)).toEqual({ x: 1, y: 2 });
    expect(lines(first?.roles.block ?? [])).toEqual(['role: /p/sub/roles/r', '  ping']);
  });

  test.each([
    [
      'a: 1\n',
      '/p/site.yml:1:1: a playbook must be a list of plays, this is a mapping (begin each play with "- "; a list of tasks alone is no playbook)',
    ],
    [
      '- tasks: []\n',
      '/p/site.yml:1:3: this play has no hosts (add "hosts:" with a group, a host or "all")',
    ],
    [
      '- hosts: {a: b}\n',
      '/p/site.yml:1:10: "hosts" must be a pattern or a list of patterns, this is a mapping',
    ],
    [
      '- {hosts: a, task: []}\n',
      '/p/site.yml:1:14: unknown keyword "task" for a play (did you mean "tasks"?)',
    ],
    ['- import_playbook: site.yml\n', '/p/site.yml:1:20: "/p/site.yml" imports itself'],
    [
      '- import_playbook: no.yml\n',
      '/p/site.yml:1:20: no playbook "no.yml" (looked for /p/no.yml)',
    ],
    [
      '- {hosts: a, tasks: [{import_tasks: no.yml}]}\n',
      '/p/site.yml:1:37: no file "no.yml" to import (looked for /p/no.yml)',
    ],
    [
      '- {hosts: a, tasks: [{import_tasks: t.yml}]}\n',
      '/p/t.yml:1:18: "/p/t.yml" imports itself (use "include_tasks" with a condition that ends it)',
    ],
  ])('wrong: %s', async (text, error) => {
    expect(
      errorLines(await load({ '/p/site.yml': text, '/p/t.yml': '- {import_tasks: t.yml}\n' })),
    ).toEqual([error]);
  });

  test('a missing file', async () => {
    expect(errorLines(await load({}))).toEqual([
      `cannot read "/p/site.yml": ENOENT: no such file, open '/p/site.yml'`,
    ]);
  });
});
