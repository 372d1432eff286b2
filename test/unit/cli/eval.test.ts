import { describe, expect, it } from 'vitest';
// Loaded here, so that loading is not part of the first test.
import '../../../src/cli/eval.ts';
import { Scratch } from '../../support/drover.ts';

const FILES = {
  'hosts.ini': '[web]\nw1 port=80\nw2 port=81\n',
  'group_vars/web.yml': 'url: "http://{{ inventory_hostname }}:{{ port }}"\n',
};

describe('drover eval', () => {
  it.each([
    ['{{ [1, 2] | map("string") }}', [], '[\n    "1",\n    "2"\n]\n'],
    ['{{ x + 1 }}', ['-e', '{"x": 2}'], '3\n'],
    ['{{ x }}!', ['-e', 'x=ä', '-o', 'text'], 'ä!\n'],
    ['{{ {"b": [1], "a": none} }}', ['-o', 'yaml'], 'b:\n- 1\na: null\n'],
    ['x is version("2.1", ">=")', ['-x', '-e', 'x=2.10'], 'true\n'],
    ['{{ 1 }}{{ 2 }}', ['--mode', 'native'], '12\n'],
    ['{{ 1 }}{{ 2 }}', ['--mode', 'legacy'], '"12"\n'],
    ['{{ url }}', ['-i', 'hosts.ini', '--host', 'w2'], '"http://w2:81"\n'],
    [
      '{{ groups.web | map("extract", hostvars, "url") }}',
      ['-i', 'hosts.ini', '-o', 'text'],
      "['http://w1:80', 'http://w2:81']\n",
    ],
    [
      '{{ inventory_hostname }} {{ playbook_dir | basename }}',
      ['--playbook-dir', 'here', '-o', 'text'],
      'localhost here\n',
    ],
  ])('%s %j', async (template, flags, printed) => {
    using scratch = new Scratch(FILES);
    const { stdout, code } = await scratch.drover(['eval', template, ...flags]);
    expect([stdout, code]).toEqual([printed, 0]);
  });

  it('reads the template from standard input', async () => {
    using scratch = new Scratch();
    expect((await scratch.drover(['eval', '-'], { stdin: '{{ 1 }}' })).stdout).toBe('1\n');
  });

  it('encrypts and decrypts with the vault filters', async () => {
    using scratch = new Scratch();
    const { stdout } = await scratch.drover(['eval', '{{ "x" | vault("pw") | unvault("pw") }}']);
    expect(stdout).toBe('"x"\n');
    const same = '{{ "x" | vault("pw", "salt", "dev") }}';
    const twice = [await scratch.drover(['eval', same]), await scratch.drover(['eval', same])];
    expect(twice[0]?.stdout).toMatch(/^"\$ANSIBLE_VAULT;1\.2;AES256;dev\\n/);
    expect(twice[1]).toEqual(twice[0]);
    const wrong = await scratch.drover(['eval', '{{ "x" | vault("pw") | unvault("other") }}']);
    expect(wrong.stderr).toContain('<template>:1:');
  });

  it('knows the settings', async () => {
    using scratch = new Scratch({
      'ansible.cfg': '[defaults]\nremote_user = me\nroles_path = r:/s\n',
    });
    const template =
      '{{ lookup("config", "DEFAULT_REMOTE_USER") }} {{ lookup("config", "DEFAULT_ROLES_PATH")[1] }}';
    expect((await scratch.drover(['eval', template, '-o', 'text'])).stdout).toBe('me /s\n');
  });

  it('draws what is wrong', async () => {
    using scratch = new Scratch();
    const { code, stderr } = await scratch.drover(['eval', '{{ prot }}', '-e', 'port=1']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^<template>:1:4: .*prot.*\n {2}1 \| \{\{ prot \}\}\n {4}\| {4}\^+\n.*"port"/,
    );
  });

  it('does not know other hosts', async () => {
    using scratch = new Scratch(FILES);
    const { stderr } = await scratch.drover(['eval', 'x', '-i', 'hosts.ini', '--host', 'w3']);
    expect(stderr).toContain('no host "w3" in the inventory');
  });
});
