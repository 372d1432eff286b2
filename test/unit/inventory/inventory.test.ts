import { describe, expect, test } from 'vitest';
import type { GroupNamePolicy } from '../../../src/inventory/groupNames.ts';
import { type LoadedInventory, loadInventory } from '../../../src/inventory/sources.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { plainNodes } from '../../support/plainNode.ts';

interface Given {
  readonly sources?: readonly string[];
  readonly executable?: readonly string[];
  readonly answers?: Readonly<Record<string, string>>;
  readonly mergesDicts?: boolean;
  readonly groupNames?: GroupNamePolicy;
}

function load(files: Record<string, string>, given: Given = {}): LoadedInventory {
  const { sources = ['hosts'], executable = [], answers = {}, ...options } = given;
  return loadInventory(sources, {
    cwd: '/i',
    files: memoryFiles(files, { executable }),
    playbookDirs: ['/p'],
    ...options,
    run: (file, args) => answers[[file, ...args].join(' ')] ?? '{}',
  });
}

function errorsOf({ errors }: LoadedInventory): string[] {
  return errors.map(({ message, source }) => `${source?.line}:${source?.column}: ${message}`);
}

function variables(loaded: LoadedInventory, host: string): unknown {
  return plainNodes(loaded.inventory.variablesOf(host));
}

const INI = `# comment
top ansible_host=1.2.3.4
h9:2222 x="a b" y='[1, 2]' z=True n=08 t=5 q=None s=hello#comment
[web]
web[01:03] port=80
[db]
db[a:b]
[prod:children]
web
db
[web:vars]
who = web # not a comment
[prod:vars]
who=prod
a=9
[all:vars]
who=all
`;

describe('INI', () => {
  const loaded = load({ '/i/hosts': INI });

  test('hosts in the order of the groups, ungrouped ones first', () => {
    expect(loaded.errors).toEqual([]);
    expect(loaded.inventory.hostNames).toEqual([
      'top',
      'h9',
      'web01',
      'web02',
      'web03',
      'dba',
      'dbb',
    ]);
    expect(Object.fromEntries(loaded.inventory.groupHosts())).toMatchObject({
      ungrouped: ['top', 'h9'],
      prod: ['web01', 'web02', 'web03', 'dba', 'dbb'],
      db: ['dba', 'dbb'],
    });
    expect(loaded.inventory.groupsOf('web01')).toEqual(['all', 'prod', 'web']);
    expect(loaded.inventory.sourceOf('web01')).toBe('/i/hosts');
  });

  test('values are Python literals, or text', () => {
    expect(variables(loaded, 'h9')).toEqual({
      who: 'all',
      ansible_port: 2222,
      x: 'a b',
      y: [1, 2],
      z: true,
      n: '08',
      s: 'hello',
      t: 5,
      q: null,
    });
  });

  test('a child wins over its parent', () => {
    expect(variables(loaded, 'web02')).toEqual({ who: 'web # not a comment', a: 9, port: 80 });
  });

  test('every wrong line is told', () => {
    const text = 'a b\n[web:foo]\n[x y]\nc "d\n[late:vars]\na=1\n[p:children]\nnone\n[q]\nh[9:1]\n';
    expect(errorsOf(load({ '/i/hosts': text }))).toEqual([
      '1:3: "b" is no variable',
      '2:1: unknown kind of section "foo"',
      '3:1: this is no section',
      '4:3: a quote is opened and not closed',
      '10:1: "[9:1]" is no range of hosts',
      '5:1: there is no group "late"',
      '8:1: there is no group "none"',
    ]);
  });
});

describe('precedence of groups', () => {
  test('the same depth: priority, then name', () => {
    const text =
      '[a]\nh\n[b]\nh\n[c]\nh\n[a:vars]\nx=a\ny=a\nansible_group_priority=5\n[b:vars]\nx=b\ny=b\n[c:vars]\ny=c\nz=c\n';
    expect(variables(load({ '/i/hosts': text }), 'h')).toEqual({ x: 'a', y: 'a', z: 'c' });
  });

  test('files beside the inventory and the playbook, in the documented order', () => {
    const loaded = load({
      '/i/hosts': '[web]\nh v8=inv v9=inv v10=inv\n[web:vars]\nv3=inv\nv4=inv\nv6=inv\nv7=inv\n',
      '/i/group_vars/all.yml': 'v4: inv all\nv5: inv all\nv6: inv all\n',
      '/p/group_vars/all/x.json': '{"v5": "play all", "v6": "play all"}',
      '/i/group_vars/web': 'v6: inv web\nv7: inv web\nv8: inv web\n',
      '/p/group_vars/web.yaml': 'v7: play web\n',
      '/i/host_vars/h/a.yml': 'v9: inv h\nv10: inv h\n',
      '/p/host_vars/h.yml': 'v10: play h\n',
    });
    expect(variables(loaded, 'h')).toEqual({
      v3: 'inv',
      v4: 'inv all',
      v5: 'play all',
      v6: 'inv web',
      v7: 'play web',
      v8: 'inv',
      v9: 'inv h',
      v10: 'play h',
    });
  });

  test('hash_behaviour = merge', () => {
    const files = {
      '/i/hosts': 'h\n',
      '/i/group_vars/all.yml': 'd: {a: 1, n: {x: 1}}\n',
      '/i/host_vars/h.yml': 'd: {b: 2, n: {y: 2}}\n',
    };
    expect(variables(load(files), 'h')).toEqual({ d: { b: 2, n: { y: 2 } } });
    expect(variables(load(files, { mergesDicts: true }), 'h')).toEqual({
      d: { a: 1, b: 2, n: { x: 1, y: 2 } },
    });
  });

  test('a file of variables that holds none', () => {
    const loaded = load({ '/i/hosts': 'h\n', '/i/host_vars/h.yml': '- a\n' });
    expect(errorsOf(loaded)).toEqual([
      '1:1: a file of variables must be a mapping, this is a list',
    ]);
  });
});

describe('other sources', () => {
  test('YAML', () => {
    const loaded = load(
      {
        '/i/hosts.yml':
          'all:\n  hosts:\n    top:\n    t[1:2]: {x: 1}\n  children:\n    web:\n      hosts: {w1: {y: 2}}\n      vars: {v: 1}\n      hots: {}\nlonely: {hosts: z}\n',
      },
      { sources: ['hosts.yml'] },
    );
    expect(loaded.inventory.hostNames).toEqual(['top', 't1', 't2', 'w1', 'z']);
    expect(variables(loaded, 'w1')).toEqual({ v: 1, y: 2 });
    expect(loaded.warnings.map(({ message, hint }) => [message, hint])).toEqual([
      ['"hots" means nothing in group "web"', 'did you mean "hosts"?'],
    ]);
  });

  test('a script with _meta, and one without', () => {
    const given = {
      sources: ['a.sh', 'b.sh'],
      executable: ['/i/a.sh', '/i/b.sh'],
      answers: {
        '/i/a.sh --list':
          '{"g": {"hosts": ["k1"], "vars": {"x": 1}}, "_meta": {"hostvars": {"k1": {"q": [1]}}}}',
        '/i/b.sh --list': '{"h": ["k2"]}',
        '/i/b.sh --host k2': '{"r": 2}',
      },
    };
    const loaded = load({ '/i/a.sh': '#!/bin/sh\n', '/i/b.sh': '#!/bin/sh\n' }, given);
    expect([variables(loaded, 'k1'), variables(loaded, 'k2')]).toEqual([
      { x: 1, q: [1] },
      { r: 2 },
    ]);
  });

  test('a list of hosts, a folder, and what is not there', () => {
    const files = {
      '/i/d/01': 'a\n',
      '/i/d/x.bak': 'no\n',
      '/i/d/02.yml': 'g: {hosts: {b: }}\n',
      '/i/d/group_vars/g.yml': 'v: 1\n',
    };
    const loaded = load(files, { sources: ['d', 'c[1:2],d:23,', 'nowhere'] });
    expect(loaded.inventory.hostNames).toEqual(['a', 'c1', 'c2', 'd', 'b']);
    expect([variables(loaded, 'b'), variables(loaded, 'd')]).toEqual([
      { v: 1 },
      { ansible_port: 23 },
    ]);
    expect(loaded.errors.map(({ message, hint }) => [message, hint])).toEqual([
      ['no inventory "nowhere"', 'for a host of that name write "nowhere," with a comma'],
    ]);
  });
});

describe('names', () => {
  test('of hosts and groups are text', () => {
    const yaml =
      'all:\n  hosts:\n    1234:\n  children:\n    1.0: {hosts: {a: }}\n    "5": {hosts: {b: }}\n';
    const loaded = load({ '/i/hosts.yml': yaml }, { sources: ['hosts.yml'] });
    expect(errorsOf(loaded)).toEqual([
      '3:5: Host pattern 1234 must be a string',
      '5:5: Group name 1.0 must be a string',
    ]);
    expect(loaded.inventory.groupNames).toEqual(['all', 'ungrouped', '5']);
  });

  test.each([
    ['never', 'web-1', 'Invalid characters were found in group names but not replaced: web-1, 9a'],
    [
      'always',
      'web_1',
      'Invalid characters were found in group names and automatically replaced: web-1, 9a',
    ],
    ['ignore', 'web-1', undefined],
    ['silently', 'web_1', undefined],
  ] as const)(
    'of groups, with characters that variables cannot have: %s',
    (groupNames, name, warning) => {
      const ini = '[web-1]\nh\n[web-1:vars]\nx=1\n[9a:children]\nweb-1\nok\n[ok]\n';
      const loaded = load({ '/i/hosts': ini }, { groupNames });
      const other = groupNames === 'never' || groupNames === 'ignore' ? '9a' : '_a';
      expect(loaded.inventory.groupsOf('h')).toEqual([other, 'all', name].toSorted());
      expect(variables(loaded, 'h')).toEqual({ x: 1 });
      expect(loaded.errors).toEqual([]);
      expect(loaded.warnings.map(({ message }) => message)).toEqual(
        warning === undefined ? [] : [warning],
      );
      expect(loaded.inventory.addToGroup('h', 'web-1', [])).toBe(false);
      expect(loaded.inventory.addHost('h', ['web-1'], new Map())).toBe(false);
    },
  );
});

describe('while the run goes on', () => {
  const { inventory } = load({ '/i/hosts': '[web]\nw1\n', '/i/group_vars/new.yml': 'v: 1\n' });

  test('add_host and group_by', () => {
    expect(inventory.addHost('n1', ['new', 'web'], new Map([['x', '{{ raw }}']]))).toBe(true);
    expect(inventory.addHost('n1', ['new'], new Map())).toBe(false);
    expect(inventory.variablesOf('n1').get('x')).toMatchObject({
      kind: 'data',
      value: '{{ raw }}',
    });
    expect(plainNodes(inventory.variablesOf('n1'))).toEqual({ v: 1, x: '{{ raw }}' });
    expect(inventory.addToGroup('w1', 'os_debian', ['os'])).toBe(true);
    expect(inventory.addToGroup('w1', 'os_debian', ['os'])).toBe(false);
    expect(inventory.groupsOf('w1')).toEqual(['all', 'os', 'os_debian', 'web']);
    expect(inventory.hostNames).toEqual(['n1', 'w1']);
  });

  test('the implicit localhost is local and in no list', () => {
    expect(plainNodes(inventory.variablesOf('localhost'))).toEqual({ ansible_connection: 'local' });
    expect(inventory.hostNames).not.toContain('localhost');
    expect(inventory.groupsOf('localhost')).toEqual([]);
  });

  test('a group cannot be above itself', () => {
    expect(() => inventory.addChild('os_debian', 'os')).toThrow('it is above it');
  });
});

test('old names of connection variables are warned about once, where they are first', () => {
  const { warnings } = load({
    '/i/hosts': 'a ansible_ssh_host=1.2.3.4\nb ansible_ssh_host=1.2.3.5\n',
    '/i/group_vars/all': 'ansible_ssh_user: deploy\n',
  });
  const said = warnings.map(({ kind, source, hint }) => [kind, source?.file, source?.line, hint]);
  expect(said).toEqual([
    ['deprecation', '/i/hosts', 1, 'write "ansible_host" instead'],
    ['deprecation', '/i/group_vars/all', 1, 'write "ansible_user" instead'],
  ]);
});
