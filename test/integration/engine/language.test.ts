import { describe, expect, it } from 'vitest';
import { resultOf, runPlaybook } from '../../support/runPlaybook.ts';

/** A play on the one local host without facts; `tasks` is indented by the caller as in a file. */
function play(tasks: string, more = ''): Record<string, string> {
  return { 'site.yml': `- hosts: all\n  gather_facts: false\n${more}  tasks:\n${tasks}` };
}

describe('conditions and results', () => {
  it('skips, registers and judges', async () => {
    const run = await runPlaybook(
      play(`
    - name: out
      command: echo hi
      register: out
      changed_when: "'bye' in out.stdout"
    - name: skipped
      command: echo no
      when: [out.rc == 0, out is changed]
    - name: failed_when
      command: echo boom
      register: boom
      failed_when: "'boom' in boom.stdout"
      ignore_errors: true
    - name: seen
      debug: {msg: "{{ boom is failed }} {{ boom.failed_when_result }}"}
`),
    );
    expect(run.lines).toEqual([
      'local: out ok',
      'local: skipped skipped',
      'local: failed_when failed ignored',
      'local: seen ok',
    ]);
    expect(resultOf(run, 'seen')['msg']).toBe('True True');
    expect(run.code).toBe(0);
  });

  it('repeats until it holds', async () => {
    const run = await runPlaybook(
      play(`
    - name: count
      shell: 'n=$(cat n 2>/dev/null || echo 0); echo $((n+1)) | tee n'
      args: {chdir: "{{ playbook_dir }}"}
      register: n
      until: n.stdout | int >= 3
      retries: 5
      delay: 0
`),
    );
    expect(resultOf(run, 'count')).toMatchObject({ stdout: '3', attempts: 3, changed: true });
    expect(run.events.filter((event) => event.type === 'retrying')).toHaveLength(2);
  });

  it('fails when until never holds', async () => {
    const run = await runPlaybook(
      play(`
    - name: never
      command: 'true'
      register: r
      until: false
      retries: 1
      delay: 0
`),
    );
    expect(run.code).toBe(2);
    expect(resultOf(run, 'never')).toMatchObject({ attempts: 1, failed: true });
  });
});

describe('loops', () => {
  it('goes through items with index, label and results', async () => {
    const run = await runPlaybook(
      play(`
    - name: each
      debug: {msg: "{{ i }}{{ item }}"}
      loop: [a, b]
      loop_control: {index_var: i, label: "<{{ item }}>"}
      register: each
    - name: collected
      debug: {msg: "{{ each.results | map(attribute='msg') | join(',') }}"}
    - name: empty
      debug: {msg: never}
      loop: []
    - name: some
      debug: {msg: "{{ item }}"}
      with_items: [1, 2, 3]
      when: item > 1
`),
    );
    expect(run.lines).toEqual([
      'local: each ("<a>") ok',
      'local: each ("<b>") ok',
      'local: each ok',
      'local: collected ok',
      'local: empty skipped',
      'local: some (1) skipped',
      'local: some (2) ok',
      'local: some (3) ok',
      'local: some ok',
    ]);
    expect(resultOf(run, 'collected')['msg']).toBe('0a,1b');
  });

  it('plans later items on what earlier ones changed', async () => {
    const run = await runPlaybook(
      play(`
    - name: lines
      lineinfile: {path: "{{ playbook_dir }}/f", line: "{{ item }}", create: true}
      loop: [one, two, one]
    - name: text
      command: cat f
      args: {chdir: "{{ playbook_dir }}"}
      changed_when: false
`),
    );
    expect(run.lines.slice(0, 3)).toEqual([
      'local: lines ("one") changed',
      'local: lines ("two") changed',
      'local: lines ("one") ok',
    ]);
    expect(resultOf(run, 'text')['stdout']).toBe('one\ntwo');
  });
});

describe('blocks', () => {
  it('rescues, and says what failed', async () => {
    const run = await runPlaybook(
      play(`
    - block:
        - name: breaks
          command: 'false'
        - name: not reached
          debug: {msg: x}
      rescue:
        - name: rescued
          debug: {msg: "{{ ansible_failed_task.name }} {{ ansible_failed_result.rc }}"}
      always:
        - name: always
          debug: {msg: x}
    - name: after
      debug: {msg: x}
`),
    );
    expect(run.lines).toEqual([
      'local: breaks failed',
      'local: rescued ok',
      'local: always ok',
      'local: after ok',
    ]);
    expect(resultOf(run, 'rescued')['msg']).toBe('breaks 1');
    expect(run.events.at(-1)).toMatchObject({
      hosts: { local: { ok: 3, failed: 0, rescued: 1 } },
    });
    expect(run.code).toBe(0);
  });
});

describe('handlers', () => {
  it('run once, in the order of their definition, at the end of the section or when flushed', async () => {
    const run = await runPlaybook(
      play(
        `
    - name: one
      command: 'true'
      notify: [second, first]
    - name: again
      command: 'true'
      notify: topic
    - meta: flush_handlers
    - name: after
      command: 'true'
      notify: first
`,
        `  handlers:
    - {name: first, debug: {msg: x}}
    - {name: second, debug: {msg: x}}
    - {name: third, debug: {msg: x}, listen: topic}
`,
      ),
    );
    expect(run.lines).toEqual([
      'local: one changed',
      'local: again changed',
      'local: first ok',
      'local: second ok',
      'local: third ok',
      'local: after changed',
      'local: first ok',
    ]);
  });

  it('that nobody defined fail the task that names them', async () => {
    const run = await runPlaybook(
      play(
        `
    - name: one
      command: 'true'
      notify: frist
`,
        `  handlers:
    - {name: first, debug: {msg: x}}
`,
      ),
      { text: true },
    );
    expect(run.code).not.toBe(0);
    expect(`${run.stdout}${run.stderr}`).toContain('did you mean "first"?');
  });
});

describe('includes and roles', () => {
  const role = {
    'roles/web/defaults/main.yml': 'port: 80\ntitle: default\n',
    'roles/web/vars/main.yml': 'kind: role\n',
    'roles/web/tasks/main.yml': `- name: say
  debug: {msg: "{{ title }} {{ port }} {{ kind }} {{ role_name }}"}
- name: change
  command: 'true'
  notify: reload
- include_tasks: more.yml
  loop: [x, y]
  loop_control: {loop_var: letter}
`,
    'roles/web/tasks/more.yml': '- {name: "more {{ letter }}", debug: {msg: "{{ letter }}"}}\n',
    'roles/web/handlers/main.yml': '- {name: reload, debug: {msg: reloaded}}\n',
    'roles/base/tasks/main.yml': '- {name: base, debug: {msg: x}}\n',
    'roles/web/meta/main.yml': 'dependencies: [{role: base}]\n',
  };

  it('run roles with dependencies, handlers and parameters', async () => {
    const run = await runPlaybook({
      ...role,
      'site.yml': `- hosts: all
  gather_facts: false
  roles:
    - {role: web, title: given}
    - {role: web, title: given}
  tasks:
    - {name: last, debug: {msg: "{{ port }}"}}
`,
    });
    expect(run.lines).toEqual([
      'local: base ok',
      'local: say ok',
      'local: change changed',
      'local: included',
      'local: included',
      'local: more x ok',
      'local: more y ok',
      'local: last ok',
      'local: reload ok',
    ]);
    expect(resultOf(run, 'say')['msg']).toBe('given 80 role web');
  });

  it('include a role at run time, with its own variables', async () => {
    const run = await runPlaybook({
      ...role,
      ...play(`
    - include_role: {name: web}
      vars: {title: included}
    - name: private
      debug: {msg: "{{ port | default('unknown') }}"}
`),
    });
    expect(resultOf(run, 'say')['msg']).toBe('included 80 role web');
    expect(resultOf(run, 'private')['msg']).toBe('unknown');
    expect(run.lines.at(-1)).toBe('local: reload ok');
  });

  it('fail where the file of an include is missing', async () => {
    const run = await runPlaybook(play(`    - include_tasks: "{{ 'no' }}.yml"\n`));
    expect(run.code).toBe(2);
    expect(run.lines).toEqual(['local: include_tasks failed']);
  });
});

describe('several hosts', () => {
  const hosts = { 'hosts.ini': '[web]\na x=1\nb x=2\nc x=3\n' };

  it('run a task once for all, and delegate', async () => {
    const run = await runPlaybook({
      ...hosts,
      ...play(`
    - name: once
      command: echo {{ inventory_hostname }}
      run_once: true
      register: once
    - name: all know
      debug: {msg: "{{ once.stdout }}{{ hostvars['b'].x }}"}
    - name: elsewhere
      command: echo {{ inventory_hostname }}
      delegate_to: b
      when: inventory_hostname == 'c'
`),
    });
    expect(run.lines).toEqual([
      'a: once changed',
      'a: all know ok',
      'b: all know ok',
      'c: all know ok',
      'a: elsewhere skipped',
      'b: elsewhere skipped',
      'c: elsewhere changed',
    ]);
    expect(resultOf(run, 'all know')['msg']).toBe('a2');
  });

  it('go on without the one that failed', async () => {
    const run = await runPlaybook({
      ...hosts,
      ...play(`
    - name: breaks
      command: test {{ inventory_hostname }} != b
    - name: rest
      debug: {msg: "{{ ansible_play_hosts }}"}
`),
    });
    expect(run.lines.filter((line) => line.includes('rest'))).toEqual(['a: rest ok', 'c: rest ok']);
    expect(run.code).toBe(2);
  });

  it('limit, and take batches', async () => {
    const run = await runPlaybook(
      {
        ...hosts,
        ...play(`    - {name: t, debug: {msg: "{{ ansible_play_batch }}"}}\n`, '  serial: 1\n'),
      },
      { args: ['-l', 'a:c'] },
    );
    expect(run.lines).toEqual(['a: t ok', 'c: t ok']);
    expect(resultOf(run, 't')['msg']).toEqual(['a']);
  });

  it('grow by add_host and group_by', async () => {
    const run = await runPlaybook({
      ...hosts,
      'site.yml': `- hosts: web
  gather_facts: false
  tasks:
    - add_host: {name: new, groups: [fresh], y: 5}
    - group_by: {key: "x_{{ x }}"}
- hosts: fresh:x_2
  gather_facts: false
  tasks:
    - {name: who, debug: {msg: "{{ y | default('-') }}"}}
`,
    });
    expect(run.lines.filter((line) => line.includes('who'))).toEqual(['new: who ok', 'b: who ok']);
  });
});

describe('variables', () => {
  it('follow the order of precedence', async () => {
    const run = await runPlaybook(
      {
        'hosts.ini': '[web]\nlocal host=inventory\n[web:vars]\nall=group\n',
        'group_vars/all.yml': 'all: all\ngroup: all\nonly: all\n',
        'group_vars/web.yml': 'group: web\n',
        'host_vars/local.yml': 'host: host_vars\n',
        'more.yml': 'file: vars_files\nplay: vars_files\n',
        'site.yml': `- hosts: all
  gather_facts: false
  vars: {play: play, lazy: "{{ later }}", file: play}
  vars_files: more.yml
  tasks:
    - set_fact: {later: fact, fact: set}
    - name: seen
      vars: {task: task, play: task}
      debug: {msg: "{{ [all, group, only, host, file, play, task, lazy, fact, extra] | join(' ') }}"}
`,
      },
      { args: ['-e', 'extra=given', '-e', '{"task": "extra"}'] },
    );
    expect(resultOf(run, 'seen')['msg']).toBe(
      'all web all host_vars vars_files task extra fact set given',
    );
  });

  it('never evaluate what a host said', async () => {
    const run = await runPlaybook(
      play(`
    - name: evil
      command: echo '{{ "{{" }} lookup("pipe", "id") }}'
      register: evil
    - set_fact: {copy: "{{ evil.stdout }}"}
    - name: shown
      debug: {msg: "{{ copy }}"}
`),
    );
    expect(resultOf(run, 'shown')['msg']).toBe('{{ lookup("pipe", "id") }}');
  });
});

describe('tags, check mode and no_log', () => {
  it('selects by tags', async () => {
    const files = play(`
    - {name: a, debug: {msg: x}, tags: a}
    - {name: b, debug: {msg: x}, tags: [b, never]}
    - {name: c, debug: {msg: x}, tags: always}
`);
    expect((await runPlaybook(files, { args: ['-t', 'a'] })).lines).toEqual([
      'local: a ok',
      'local: c ok',
    ]);
    expect((await runPlaybook(files, { args: ['--skip-tags', 'a'] })).lines).toEqual([
      'local: c ok',
    ]);
    expect((await runPlaybook(files, { args: ['-t', 'b'] })).lines).toEqual([
      'local: b ok',
      'local: c ok',
    ]);
  });

  it('changes nothing in check mode and says what would change', async () => {
    const run = await runPlaybook(
      play(`
    - name: write
      copy: {content: hello, dest: "{{ playbook_dir }}/f"}
    - name: skipped
      command: touch {{ playbook_dir }}/g
      register: r
    - name: real
      stat: {path: "{{ playbook_dir }}/f"}
      check_mode: false
      register: f
    - name: absent
      debug: {msg: "{{ f.stat.exists }} {{ r is skipped }}"}
`),
      { args: ['--check', '--diff'] },
    );
    expect(run.lines.slice(0, 2)).toEqual(['local: write changed', 'local: skipped skipped']);
    expect(resultOf(run, 'absent')['msg']).toBe('False True');
  });

  it('hides what no_log covers, also when it fails', async () => {
    const run = await runPlaybook(
      play(`
    - name: secret
      command: sh -c 'echo geheim-7; exit 1'
      no_log: true
      ignore_errors: true
`),
      { text: true, args: ['-vvv'] },
    );
    expect(run.stdout).toContain('censored');
    expect(`${run.stdout}${run.stderr}`).not.toContain('geheim-7');
  });
});
