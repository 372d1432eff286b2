import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// Loaded here, so that loading is not part of the first test.
import '../../../src/cli/inventory.ts';
import { Scratch } from '../../support/drover.ts';

const FILES = {
  'hosts.ini':
    '[web]\nw1 a=1\nw2\n\n[db]\nd1\n\n[prod:children]\nweb\ndb\n\n[prod:vars]\nenv=prod\n',
  'group_vars/web.yml': 'port: 80\nurl: "http://{{ a }}"\nraw: !unsafe "{{ x }}"\n',
};

describe('drover inventory', () => {
  it('lists as an inventory script does, templates as written', async () => {
    using scratch = new Scratch(FILES);
    const { code, stdout } = await scratch.drover(['inventory', '-i', 'hosts.ini', '--list']);
    const web = {
      env: 'prod',
      port: 80,
      raw: { __ansible_unsafe: '{{ x }}' },
      url: 'http://{{ a }}',
    };
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      _meta: { hostvars: { d1: { env: 'prod' }, w1: { a: 1, ...web }, w2: web } },
      all: { children: ['ungrouped', 'prod'] },
      db: { hosts: ['d1'] },
      prod: { children: ['web', 'db'] },
      web: { hosts: ['w1', 'w2'] },
    });
  });

  it('leaves variables where they were written for --export', async () => {
    using scratch = new Scratch(FILES);
    const argv = ['inventory', '-i', 'hosts.ini', '--list', '--export', '--yaml'];
    const { stdout } = await scratch.drover(argv);
    expect(stdout).toContain('w1:\n              a: 1\n            w2: {}\n          vars:\n');
    expect(stdout).toContain('      vars:\n        env: prod\n');
  });

  it('shows only what --limit leaves', async () => {
    using scratch = new Scratch(FILES);
    const argv = ['inventory', '-i', 'hosts.ini', '--graph', '-l', 'w*,!w2'];
    expect((await scratch.drover(argv)).stdout).toBe(
      '@all:\n  |--@ungrouped:\n  |--@prod:\n  |  |--@web:\n  |  |  |--w1\n  |  |--@db:\n',
    );
  });

  it('writes to a file', async () => {
    using scratch = new Scratch(FILES);
    const argv = ['inventory', '-i', 'hosts.ini', '--host', 'd1', '--output', 'out.json'];
    expect((await scratch.drover(argv)).stdout).toBe('');
    expect(readFileSync(scratch.path('out.json'), 'utf8')).toBe('{\n    "env": "prod"\n}\n');
  });

  it.each([
    [['--host', 'nobody'], 'no host "nobody"'],
    [['--graph', 'nowhere'], 'no group "nowhere"'],
    [[], 'give one of --list, --host NAME and --graph'],
    [['--list', '--graph'], 'give one of'],
  ])('refuses %j', async (flags, message) => {
    using scratch = new Scratch(FILES);
    const { code, stderr } = await scratch.drover(['inventory', '-i', 'hosts.ini', ...flags]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(existsSync(scratch.path('out.json'))).toBe(false);
  });
});
