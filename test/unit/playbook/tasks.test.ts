import { describe, expect, test } from 'vitest';
import { plainNode, plainNodes } from '../../support/plainNode.ts';
import { errorLines, lines, load, loadPlay, loadTaskLines } from './loading.ts';

async function errorsOf(tasks: string): Promise<string[]> {
  const text = `- hosts: all\n  tasks:\n${tasks.replace(/^/gm, '    ')}`;
  const found = errorLines(await load({ '/p/site.yml': text }));
  return found.map((line) => line.replace('/p/site.yml:', ''));
}

describe('ways to write a task', () => {
  test.each([
    ['- ping:', 'ping'],
    ['- copy: {src: a, mode: 0644}', 'copy {"src":"a","mode":420}'],
    ['- copy: src=a mode=0644', 'copy {"src":"a","mode":"0644"}'],
    ['- command: ls a=b creates=/x', 'command "ls a=b" {"creates":"/x"}'],
    ['- action: copy src=a', 'copy {"src":"a"}'],
    ['- action: {module: copy, src: a}', 'copy {"src":"a"}'],
    [
      '- action: "{{ ansible_pkg_mgr }} name=x state=present"',
      '{{ ansible_pkg_mgr }} {"name":"x","state":"present"}',
    ],
    ['- local_action: copy src=a', 'copy {"src":"a"} +delegateTo'],
    ['- copy: "{{ options }}"', 'copy template "{{ options }}"'],
    ['- set_fact: "{{ x }}"', 'set_fact "{{ x }}"'],
    ['- {copy: {src: a}, args: "{{ more }}"}', 'copy {"src":"a"} template "{{ more }}"'],
    [
      '- {command: ls creates=/a, args: {creates: /b, chdir: /}}',
      'command "ls" {"chdir":"/","creates":"/a"}',
    ],
    [
      '- {debug: msg=x, with_items: [1], when: y, register: r}',
      'debug {"msg":"x"} +loop +when +register',
    ],
    ['- meta: flush_handlers', 'meta "flush_handlers"'],
    ['- pause: 5', 'pause "5"'],
  ])('%s', async (task, line) => {
    expect(await loadTaskLines(task)).toEqual([line]);
  });

  test('lists are normalised and tags split at commas', async () => {
    const play = await loadPlay({
      '/p/site.yml':
        '- hosts: x\n  tasks:\n    - {ping: , when: a, tags: "b, c", notify: [d], vars: [{e: 1}, {f: 2}]}\n',
    });
    const [task] = play.tasks.block;
    const { when = [], tags = [], notify = [], vars } = task?.keywords ?? {};
    expect([when, tags, notify].map((nodes) => nodes.map(plainNode))).toEqual([
      ['a'],
      ['b', 'c'],
      ['d'],
    ]);
    expect(plainNodes(vars)).toEqual({ e: 1, f: 2 });
  });

  test('blocks with rescue and always', async () => {
    const text =
      '- block:\n    - ping:\n  rescue:\n    - debug:\n  always:\n    - {block: [{fail: }], become: yes}\n  when: x';
    expect(await loadTaskLines(text)).toEqual([
      'block: +when',
      '  ping',
      ' rescue',
      '  debug',
      ' always',
      '  block: +become',
      '    fail',
    ]);
  });
});

describe('what is wrong with a task', () => {
  test.each([
    [
      '- name: x',
      [
        '3:7: this task has no module (add the module with its arguments, e.g. "debug: { msg: hello }")',
      ],
    ],
    [
      '- {copy: , whenn: x}',
      ['3:16: a task has one module, this one has "copy" and "whenn" (did you mean "when"?)'],
    ],
    [
      '- copy: [a]',
      [
        '3:13: the arguments of "copy" must be a mapping or text, this is a list (write each argument as "name: value")',
      ],
    ],
    [
      '- {ping: , loop: [1], with_items: [2]}',
      ['3:27: a task has one loop, this one has "loop" and "with_items"'],
    ],
    [
      '- {ping: , become: perhaps, retries: many}',
      [
        '3:24: "become" must be yes or no, this is text',
        '3:42: "retries" must be a whole number, this is text',
      ],
    ],
    [
      '- {ping: , vars: {a-b: 1}}',
      [
        `3:23: Invalid variable name in 'vars' specified: 'a-b' (letters, digits and "_", not beginning with a digit)`,
      ],
    ],
    [
      '- {block: [], alwyas: []}',
      ['3:19: unknown keyword "alwyas" for a block (did you mean "always"?)'],
    ],
    [
      '- {ping: , listen: x}',
      ['3:16: "listen" is for handlers (move the task to "handlers", or remove "listen")'],
    ],
    [
      '- {ping: , loop_control: {labl: x}}',
      ['3:31: unknown keyword "labl" for "loop_control" (did you mean "label"?)'],
    ],
    ['- ping', ['3:7: a task must be a mapping, this is text']],
    [
      '- {import_tasks: x.yml, loop: [1]}',
      ['3:29: "import_tasks" takes no loop (use "include_tasks" instead)'],
    ],
  ])('%s', async (task, errors) => {
    expect(await errorsOf(task)).toEqual(errors);
  });

  test('all of it at once', async () => {
    const text = '- {ping: , become: x}\n- name: y\n- {block: [{copy: [1]}]}\n';
    expect((await errorsOf(text)).map((line) => line.split(':')[0])).toEqual(['3', '4', '5']);
  });
});

describe('old spellings still work and say the new one', () => {
  test.each([
    ['yes', ['checkMode'], []],
    ['no', [], []],
    ['"{{ x }}"', [], ['/p/site.yml:1:43: "always_run" must be yes or no, this is text']],
  ])('always_run: %s', async (value, keywords, errors) => {
    const loaded = await load({
      '/p/site.yml': `- {hosts: x, tasks: [{ping: , always_run: ${value}}]}\n`,
    });
    const [task] = loaded.playbooks[0]?.plays[0]?.tasks.block ?? [];
    expect(errorLines(loaded)).toEqual(errors);
    expect(Object.keys(task?.keywords ?? {})).toEqual(keywords);
    expect(loaded.warnings.map(({ hint }) => hint)).toEqual(['write "check_mode: false" instead']);
  });

  test('sudo, su, include, user', async () => {
    const loaded = await load({
      '/p/site.yml':
        '- hosts: x\n  user: a\n  sudo: yes\n  tasks:\n    - include: t.yml b=1\n    - {ping: , su: yes}\n    - {include: "{{ item }}.yml", with_items: [t]}\n',
      '/p/t.yml': '- ping:\n',
    });
    const play = loaded.playbooks[0]?.plays[0];
    expect(errorLines(loaded)).toEqual([]);
    expect(Object.keys(play?.keywords ?? {})).toEqual(['remoteUser', 'become']);
    expect(lines(play?.tasks.block ?? [])).toEqual([
      'include: /p/t.yml +vars',
      '  ping',
      'ping +become +becomeMethod',
      'include_tasks "{{ item }}.yml" +loop +vars',
    ]);
    expect(loaded.warnings.map(({ kind, hint }) => [kind, hint])).toEqual([
      ['deprecation', 'write "remote_user" instead'],
      ['deprecation', 'write "become" instead'],
      ['deprecation', 'write "import_tasks" instead'],
      ['deprecation', 'write "become" with "become_method: su" instead'],
      ['deprecation', 'write "include_tasks" instead'],
    ]);
  });

  test('connections and become methods that nobody knows are told', async () => {
    const loaded = await load({
      '/p/site.yml':
        '- hosts: x\n  connection: winrm\n  become_method: ansible.builtin.su\n  tasks:\n    - {ping: , become_method: pbrun}\n    - {ping: , connection: "{{ c }}"}\n',
    });
    expect(errorLines(loaded)).toEqual([]);
    expect(
      loaded.warnings.map(({ message, source, hint }) => [
        message,
        source?.line,
        source?.column,
        hint,
      ]),
    ).toEqual([
      ['unknown connection "winrm"', 2, 15, 'known are ssh, openssh, docker and local'],
      ['unknown become_method "pbrun"', 5, 31, 'known are sudo, su and doas'],
    ]);
  });
});
