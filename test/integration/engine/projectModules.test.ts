/** Modules of a project: executables in `library/`, in any language, and TypeScript in `modules/`. */
import { describe, expect, it } from 'vitest';
import { resultOf, runPlaybook } from '../../support/runPlaybook.ts';

function play(tasks: string, more = ''): Record<string, string> {
  return { 'site.yml': `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks}` };
}

/** Prints its arguments file, as text, inside a JSON result. */
const SHELL_WORDS = `#!/bin/sh
. "$1"
printf 'some noise first\\n{"changed": %s, "name": "%s", "own": "%s"}\\n' "$changed" "$name" "$(stat -c %a "$1")"
`;

const WANT_JSON = `#!/usr/bin/env node
// WANT_JSON, looks at check_mode
const args = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify({
  changed: true,
  got: args.items,
  check: args._ansible_check_mode,
  diff: { before: 'old\\n', after: 'new\\n', before_header: '/x' },
  ansible_facts: { answer: { from: args._ansible_module_name } },
}));
`;

const INLINE = `#!/bin/sh
cat <<'END'
{"changed": false, "echo": <<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>}
END
`;

const TYPESCRIPT = `
import { defineResource, text, z } from 'drover';
import { readProbe } from './lib/probe.ts';

export default defineResource({
  name: 'motd',
  summary: 'Keep a message in a file',
  params: z.strictObject({
    path: text().describe('The file.'),
    message: text().describe('Its text.'),
  }),
  examples: ['- motd: { path: /etc/motd, message: hello }'],
  observe: ({ path }) => ({ now: readProbe(path) }),
  plan: ({ path, message }: { path: string; message: string }, { now }) =>
    now === message ? [] : [{ what: path, before: now, after: message, operation: null }],
  apply: async (_changes, target, { path, message }) => {
    await target.writeFile(path, message);
  },
});
`;
const PROBE = `
export const readProbe = (path: string) => ({
  script: 'cat "$1" 2>/dev/null || true',
  args: [path],
  parse: ({ stdout }: { stdout: Buffer }): string => stdout.toString(),
});
`;

describe('executables in library/', () => {
  it('take key=value words, in a file that only their user reads', async () => {
    const run = await runPlaybook({
      ...play(`
    - name: words
      greet: { name: "O'Neil and $HOME", changed: true }
`),
      'library/greet.sh': SHELL_WORDS.replace('$changed', 'true'),
    });
    expect(run.lines).toEqual(['local: words changed']);
    expect(resultOf(run, 'words')).toMatchObject({ name: "O'Neil and $HOME", own: '600' });
  });

  it('take JSON, give facts and diffs, and run in check mode when they know it', async () => {
    const files = {
      ...play(`
    - name: json
      ask: { items: [1, "two", { three: null }] }
    - name: fact
      debug: { msg: "{{ answer.from }} {{ ansible_facts.answer.from }}" }
`),
      'library/ask': WANT_JSON,
    };
    const run = await runPlaybook(files, { args: ['--check', '--diff'] });
    expect(run.lines).toEqual(['local: json changed', 'local: fact ok']);
    const got = [1, 'two', { three: null }];
    expect(resultOf(run, 'json')).toMatchObject({ got, check: true });
    expect(resultOf(run, 'fact')['msg']).toBe('ask ask');
  });

  it('find their arguments in their own text', async () => {
    const run = await runPlaybook({
      ...play(`
    - name: inline
      inline: { a: "$& </x>" }
`),
      'library/inline': INLINE,
    });
    expect(resultOf(run, 'inline')['echo']).toMatchObject({ a: '$& </x>' });
  });

  it('are skipped, visibly, in check mode when they do not know it', async () => {
    const files = { ...play('    - greet: { name: x }\n'), 'library/greet.sh': SHELL_WORDS };
    const run = await runPlaybook(files, { args: ['--check'] });
    expect(run.lines).toEqual(['local: greet skipped']);
  });

  it('of a role are for its tasks, and for those that follow it', async () => {
    const run = await runPlaybook({
      ...play('    - name: after\n      own: {}\n', '  roles: [tools]\n'),
      'roles/tools/tasks/main.yml': '- name: inside\n  own: {}\n',
      'roles/tools/library/own': `#!/bin/sh\necho '{"changed": false, "of": "role"}'\n`,
      'library/own': `#!/bin/sh\necho '{"changed": false, "of": "playbook"}'\n`,
    });
    expect(run.lines).toEqual(['local: inside ok', 'local: after ok']);
    expect(resultOf(run, 'inside')['of']).toBe('role');
    expect(resultOf(run, 'after')['of']).toBe('playbook');
  });

  it('win over a module of ours, unless its full name is given', async () => {
    const run = await runPlaybook({
      ...play('    - name: own\n      ping:\n    - name: ours\n      ansible.builtin.ping:\n'),
      'library/ping.sh': `#!/bin/sh\necho '{"ping": "from library"}'\n`,
    });
    expect(resultOf(run, 'own')['ping']).toBe('from library');
    expect(resultOf(run, 'ours')['ping']).toBe('pong');
  });

  it.each([
    [
      'prints no JSON',
      '#!/bin/sh\necho oops; echo why >&2; exit 3\n',
      'module "broken" (exit code 3) must print one JSON object, and printed "oops" on stdout; stderr: why',
    ],
    ['says that it failed', `#!/bin/sh\necho '{"failed": true, "msg": "no luck"}'\n`, 'no luck'],
    ['has no interpreter line', 'echo 1\n', 'has no interpreter line'],
    ['wants another interpreter', '#!/usr/bin/nosuch\n', 'this host has no nosuch'],
  ])('fail when it %s', async (_name, text, message) => {
    const files = { ...play('    - broken: {}\n'), 'library/broken.py': text };
    const run = await runPlaybook(files);
    expect(run.lines).toEqual(['local: broken failed']);
    expect(resultOf(run, 'broken')['msg']).toContain(message);
  });
});

describe('TypeScript in modules/', () => {
  const tasks = `
    - name: motd
      motd: { path: "{{ playbook_dir }}/motd", message: hello }
    - name: again
      motd: { path: "{{ playbook_dir }}/motd", message: hello }
`;
  const files = { 'modules/motd.ts': TYPESCRIPT, 'modules/lib/probe.ts': PROBE };

  it('are modules like our own: checked, planned, idempotent', async () => {
    const run = await runPlaybook({ ...play(tasks), ...files });
    expect(run.lines).toEqual(['local: motd changed', 'local: again ok']);
  });

  it('have their arguments checked before any host is touched', async () => {
    const run = await runPlaybook({ ...play('    - motd: { pth: /x, message: y }\n'), ...files });
    expect(run.code).not.toBe(0);
    expect(run.stderr + run.stdout).toContain('unknown argument "pth" for module "motd"');
  });

  it('say what is wrong with their file', async () => {
    const broken = { ...play('    - bad: {}\n'), 'modules/bad.ts': 'export default {' };
    const run = await runPlaybook(broken, { text: true });
    expect(run.stderr).toContain('modules/bad.ts cannot be loaded');
    const empty = { ...play('    - bad: {}\n'), 'modules/bad.ts': 'export default { a: 1 };' };
    expect((await runPlaybook(empty, { text: true })).stderr).toContain('exports no module');
  });
});
