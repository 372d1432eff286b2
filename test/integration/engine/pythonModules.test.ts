/** Python modules that are written against Ansible's library, of a project and of collections, beside the real Ansible. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasAnsible, playbookByAnsible } from '../../support/ansible.ts';
import { type DockerHost, hasLocalEngine, startDockerHost } from '../../support/dockerHost.ts';
import { notHere } from '../../support/onThisMachine.ts';
import { type PlaybookRun, resultOf, runCli } from '../../support/runPlaybook.ts';

/** Keeps a line in a file: arguments with aliases and choices, check mode, diff, secrets, and helpers of its own. */
const KEEP = `#!/usr/bin/python
from __future__ import absolute_import
from ansible.module_utils.basic import (
    AnsibleModule,  # the base
    missing_required_lib,
)
from ansible.module_utils.common.text.converters import to_text
from ansible.module_utils.six.moves import range
from ansible.module_utils.greeting import greet
import ansible.module_utils.urls
import os


def main():
    module = AnsibleModule(
        argument_spec=dict(
            path=dict(type='path', required=True, aliases=['dest']),
            line=dict(type='str', default='hello'),
            times=dict(type='int', default=1),
            state=dict(choices=['present', 'absent'], default='present'),
            token=dict(no_log=True),
        ),
        supports_check_mode=True,
    )
    wanted = ''.join(module.params['line'] + '\\n' for each in range(module.params['times']))
    if module.params['state'] == 'absent':
        wanted = ''
    path = module.params['path']
    now = ''
    if os.path.exists(path):
        with open(path) as opened:
            now = opened.read()
    if not module.check_mode and now != wanted:
        with open(path, 'w') as opened:
            opened.write(wanted)
    if module.params['line'] == 'fail':
        module.fail_json(msg=greet('failure'), path=path)
    module.warn('look out')
    module.exit_json(
        changed=now != wanted,
        diff=dict(before=now, after=wanted),
        greeting=to_text(greet('you')),
        params=sorted(module.params),
        name=module._name,
        ansible_facts=dict(kept=path),
    )


if __name__ == '__main__':
    main()
`;

const WITHOUT_CHECK = `#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
AnsibleModule(argument_spec={}).exit_json(changed=True)
`;

/** Of the first years. */
const OLD = `#!/usr/bin/python
def main():
    module = AnsibleModule(argument_spec=dict(name=dict()))
    module.exit_json(changed=False, name=module.params['name'])
#<<INCLUDE_ANSIBLE_MODULE_COMMON>>
main()
`;

const OF_COLLECTION = `#!/usr/bin/python
from ansible.module_utils.basic import AnsibleModule
from ..module_utils.deep.words import word
from ansible_collections.my.tools.plugins.module_utils import other
AnsibleModule(argument_spec={}).exit_json(changed=False, word=word(), other=other.VALUE)
`;

const COLLECTION = 'collections/ansible_collections/my/tools/plugins';
const PROJECT: Readonly<Record<string, string>> = {
  'library/keep.py': KEEP,
  'library/without_check.py': WITHOUT_CHECK,
  'library/old_way.py': OLD,
  'module_utils/greeting.py': `from ansible.module_utils.greeting_words import HELLO\n\ndef greet(whom):\n    return HELLO + ' ' + whom\n`,
  'module_utils/greeting_words.py': `HELLO = 'héllo'\n`,
  [`${COLLECTION}/modules/speak.py`]: OF_COLLECTION,
  [`${COLLECTION}/modules/in_sh`]: `#!/bin/sh\necho '{"changed": true, "shell": "sh"}'\n`,
  [`${COLLECTION}/module_utils/deep/words.py`]: `from . import letters\n\ndef word():\n    return letters.A + 'b'\n`,
  [`${COLLECTION}/module_utils/deep/letters.py`]: `A = 'a'\n`,
  [`${COLLECTION}/module_utils/other.py`]: `VALUE = 7\n`,
};

const TASKS = [
  { name: 'predicted', keep: { dest: 'out', token: 'hush' }, check_mode: true, diff: true },
  { name: 'made', keep: { path: 'out', times: '2' }, diff: true },
  { name: 'again', keep: { path: 'out', times: 2 } },
  { name: 'fails', keep: { path: 'out', line: 'fail' } },
  { name: 'lacks', keep: { line: 'x' } },
  { name: 'chooses', keep: { path: 'out', state: 'maybe' } },
  { name: 'skips', without_check: {}, check_mode: true },
  { name: 'runs', without_check: {} },
  { name: 'old', old_way: { name: 'n' } },
  { name: 'full name', 'my.tools.speak': {} },
  { name: 'short name', speak: {}, collections: ['my.tools'] },
  { name: 'shell', 'my.tools.in_sh': {} },
].map((task) => ({ ...task, ignore_errors: true }));

const KEYS = ['changed', 'failed', 'msg', 'greeting', 'params', 'name', 'word', 'other', 'shell'];

const isHere = hasAnsible() || notHere('ansible-playbook');

describe.skipIf(!isHere)('Python modules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-python-'));
  let theirs: readonly Readonly<Record<string, unknown>>[] = [];
  let ours: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map();
  let text = '';

  beforeAll(async () => {
    for (const side of ['theirs', 'ours']) writeProject(join(folder, side));
    theirs = await playbookByAnsible({
      host: 'localhost',
      file: 'site.yml',
      folder: join(folder, 'theirs'),
      options: ['-c', 'local'],
    });
    const args = ['-i', 'localhost,', '-c', 'local', '--output', 'jsonl', 'site.yml'];
    const run = await runCli(args, {
      folder: join(folder, 'ours'),
      environment: { PATH: process.env['PATH'] ?? '' },
    });
    text = run.stdout;
    ours = new Map(TASKS.map(({ name }) => [name, resultOf(run, name)]));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(TASKS.map(({ name }, index) => ({ name, index })))('$name', ({ name, index }) => {
    const kept = (result: Readonly<Record<string, unknown>> = {}) =>
      Object.fromEntries(
        KEYS.map((key) => [key, key === 'failed' ? result[key] === true : result[key]]),
      );
    expect(kept(ours.get(name))).toEqual(kept(theirs[index]));
  });

  it('warns as the module does, and shows no secret', () => {
    expect(text).toContain('look out');
    expect(text).not.toContain('hush');
  });
});

describe.skipIf(!isHere || !hasLocalEngine)('Python modules on hosts that are containers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-python-'));
  const hosts: DockerHost[] = [];
  let run: PlaybookRun;

  beforeAll(async () => {
    // Python and its own library, as on a host: what Debian's packages add to it is hidden.
    hosts.push(startDockerHost(['--tmpfs', '/usr/lib/python3/dist-packages']));
    hosts.push(startDockerHost(['-v', `/dev/null:${realpathSync('/usr/bin/python3')}:ro`]));
    writeProject(folder, REMOTE_TASKS, 'all');
    const [full, bare] = hosts.map(
      ({ container }) => `ansible_connection=docker ansible_host=${container}`,
    );
    writeFileSync(join(folder, 'hosts.ini'), `full ${full}\nbare ${bare}\n`);
    run = await runCli(['-i', 'hosts.ini', '--output', 'jsonl', 'site.yml'], { folder });
  }, 120_000);
  afterAll(() => {
    for (const host of hosts) host.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('run with all that they import, where the host has only Python', () => {
    const shown = ['predicted', 'made', 'again', 'of a collection'].map((name) => {
      const { changed, failed, msg, greeting, word } = resultOf(run, name, 'full');
      return { changed, failed, msg, greeting, word };
    });
    const kept = { failed: false, msg: undefined, greeting: 'héllo you', word: undefined };
    expect(shown).toEqual([
      { ...kept, changed: true },
      { ...kept, changed: true },
      { ...kept, changed: false },
      { ...kept, changed: false, greeting: undefined, word: 'ab' },
    ]);
  });

  it('say what a host lacks that has no Python', () => {
    expect(resultOf(run, 'made', 'bare')).toMatchObject({
      failed: true,
      msg: 'this host has no python, which module "keep" is written in',
    });
  });
});

const REMOTE_TASKS = [
  { name: 'predicted', keep: { path: '/root/kept' }, check_mode: true },
  { name: 'made', keep: { path: '/root/kept' } },
  { name: 'again', keep: { path: '/root/kept' } },
  { name: 'of a collection', 'my.tools.speak': {} },
].map((task) => ({ ...task, ignore_errors: true }));

function writeProject(folder: string, tasks: readonly object[] = TASKS, on = 'localhost'): void {
  const play = { hosts: on, gather_facts: false, tasks };
  const files = { ...PROJECT, 'site.yml': JSON.stringify([play]) };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}
