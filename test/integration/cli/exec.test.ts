import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Scratch } from '../../support/drover.ts';

const LOCAL = ['-i', 'a,b', '-c', 'local'];

describe('drover exec', () => {
  it('runs a command on every host, command being the default module', async () => {
    using scratch = new Scratch();
    const { code, stdout } = await scratch.drover([
      'exec',
      'all',
      ...LOCAL,
      '-f',
      '1',
      '-a',
      'echo "a  b"',
    ]);
    expect(code).toBe(0);
    expect(stdout).toBe('a | CHANGED | rc=0 >>\na  b\nb | CHANGED | rc=0 >>\na  b\n');
  });

  it('takes arguments as words and as JSON, and sees variables', async () => {
    using scratch = new Scratch();
    const words = [
      'exec',
      'a',
      ...LOCAL,
      '-e',
      'x=1',
      '-m',
      'debug',
      '-a',
      'msg="{{ x }} {{ inventory_hostname }}"',
      '-o',
    ];
    expect((await scratch.drover(words)).stdout).toBe('a | SUCCESS => {"msg": "1 a"}\n');
    const json = ['exec', 'a', ...LOCAL, '-m', 'set_fact', '-a', '{"n": {"k": [1]}}', '-o'];
    expect((await scratch.drover(json)).stdout).toContain('{"ansible_facts": {"n": {"k": [1]}}');
  });

  it('answers with exit code 2 for a failure', async () => {
    using scratch = new Scratch();
    const { code, stdout } = await scratch.drover([
      'exec',
      'a',
      ...LOCAL,
      '-m',
      'shell',
      '-a',
      'exit 3',
    ]);
    expect([code, stdout]).toEqual([2, 'a | FAILED | rc=3 >>\nnon-zero return code\n']);
  });

  it('changes nothing with --check, and shows the diff', async () => {
    using scratch = new Scratch();
    const file = scratch.path('new');
    const argv = ['exec', 'a', ...LOCAL, '-m', 'copy', '-a', `content=x dest=${file}`, '-C', '-D'];
    const { stdout } = await scratch.drover(argv);
    expect(stdout).toContain('+x\n');
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('writes results to a folder', async () => {
    using scratch = new Scratch();
    await scratch.drover(['exec', 'all', ...LOCAL, '-m', 'ping', '-t', 'results']);
    expect(JSON.parse(readFileSync(scratch.path('results/b'), 'utf8'))).toEqual({
      changed: false,
      ping: 'pong',
    });
  });

  it('prints events as JSON lines', async () => {
    using scratch = new Scratch();
    const { stdout } = await scratch.drover([
      'exec',
      'a',
      ...LOCAL,
      '-m',
      'ping',
      '--output',
      'jsonl',
    ]);
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types).toContain('hostFinished');
  });

  it('lists hosts', async () => {
    using scratch = new Scratch();
    const { stdout } = await scratch.drover(['exec', 'all:!a', ...LOCAL, '--list-hosts']);
    expect(stdout).toBe('  hosts (1):\n    b\n');
  });

  it('reads group_vars beside --playbook-dir', async () => {
    using scratch = new Scratch({ 'site/group_vars/all.yml': 'x: found\n' });
    const argv = [
      'exec',
      'a',
      ...LOCAL,
      '--playbook-dir',
      'site',
      '-m',
      'debug',
      '-a',
      'var=x',
      '-o',
    ];
    expect((await scratch.drover(argv)).stdout).toBe('a | SUCCESS => {"x": "found"}\n');
  });

  it('lets a task go on by itself', async () => {
    using scratch = new Scratch();
    const argv = ['exec', 'a', ...LOCAL, '-a', 'sleep 0', '-B', '10', '-P', '0'];
    expect((await scratch.drover(argv)).stdout).toContain('"finished": 0');
  });

  it('draws the words that are wrong', async () => {
    using scratch = new Scratch();
    const argv = ['exec', 'a', ...LOCAL, '-m', 'copy', '-a', 'ownr=root content=a dest=/tmp/x'];
    const { code, stderr } = await scratch.drover(argv);
    expect(code).toBe(1);
    expect(stderr).toContain('|     - action: "copy ownr=root');
    expect(stderr).toContain('did you mean "owner"?');
  });

  it.each([
    [['-m', 'vars x'], "is no module's name"],
    [['-f', 'many'], 'whole number'],
  ])('refuses %j', async (flags, message) => {
    using scratch = new Scratch();
    const { code, stderr } = await scratch.drover(['exec', 'a', ...LOCAL, ...flags]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('drover exec with modules of the project', () => {
  it('finds them in the folders of -M', async () => {
    using scratch = new Scratch({
      'mods/hello': '#!/bin/sh\necho \'{"changed": false, "hello": "you"}\'\n',
    });
    const argv = ['exec', 'a', ...LOCAL, '-M', 'elsewhere:mods', '-m', 'hello', '-o'];
    expect((await scratch.drover(argv)).stdout).toBe(
      'a | SUCCESS => {"changed": false, "hello": "you"}\n',
    );
  });
});
