import { describe, expect, test } from 'vitest';
import { LoadError, TemplateError } from '../../../src/core/errors.ts';
import type { CheckedText, ContentCheck } from '../../../src/playbook/contentCheck.ts';
import type { ScalarNode } from '../../../src/source/node.ts';
import { errorLines, load } from './loading.ts';

const EXPRESSIONS: Readonly<Record<string, readonly string[]>> = {
  debug: ['var'],
  copy: [],
  meta: [],
};

/** Knows three modules; a text with `BAD` is wrong. */
const CHECK: ContentCheck = {
  hasModule: (name) => Object.hasOwn(EXPRESSIONS, name),
  module: async (name) => {
    const expressions = EXPRESSIONS[name];
    return expressions && { expressions, argumentErrors: () => [] };
  },
  missingModule: (name) =>
    name === 'pkgng'
      ? new LoadError('no pkgng here', { code: 'DROVER_MISSING_MODULE' })
      : undefined,
  moduleNames: () => ['debug', 'copy'],
  template: (node) => bad('template', node),
  expression: (node) => bad('expression', node),
  lookup: (name, source) => ({
    errors:
      name === 'BAD' ? [new TemplateError('lookup BAD', { code: 'DROVER_TEST', source })] : [],
    missing: [],
    names: [],
  }),
  templateFile: (text, file) => ({
    missing: [],
    errors: text.includes('BAD')
      ? [new TemplateError(`file ${file}`, { code: 'DROVER_TEST', source: undefined })]
      : [],
    names: [],
  }),
  isKnownVariable: (name) => name === 'VGIVEN',
  isTemplateFunction: (name) => name === 'lipsum',
};

/** The same with every module. */
const CHECK_ALL: ContentCheck = {
  ...CHECK,
  hasModule: () => true,
  module: async () => ({ expressions: [], argumentErrors: () => [] }),
};

/** Words in capitals that begin with V are variables. */
function bad(kind: string, node: ScalarNode): CheckedText {
  const text = String(node.value);
  const { source } = node;
  const names = [...text.matchAll(/\bV[A-Z]+\b/g)].map(([name]) => {
    return { name, source, isOptional: text.includes(`${name} is defined`) };
  });
  if (!text.includes('BAD')) return { errors: [], missing: [], names };
  const error = new TemplateError(`${kind} ${text}`, { code: 'DROVER_TEST', source });
  return { errors: [error], missing: [], names };
}

describe('everything static is looked at in one pass', () => {
  test('conditions are expressions, everything else is a template, in every corner', async () => {
    const loaded = await load(
      {
        '/p/site.yml': `- hosts: "{{ BAD1 }}"
  vars: {a: [{b: "{{ BAD2 }}"}]}
  roles: [{role: r, p: "{{ BAD3 }}"}]
  tasks:
    - debug: {var: BAD4, msg: ["{{ BAD5 }}", plain BAD]}
      when: [x, BAD6]
      loop: "{{ BAD7 }}"
      environment: {A: "{{ BAD8 }}"}
    - debug: {msg: !unsafe "{{ BAD }}"}
      when: "{{ BAD9 }}"
`,
        '/p/roles/r/defaults/main.yml': 'd: "{{ BAD10 }}"\n',
        '/p/roles/r/handlers/main.yml': '- debug: msg={{ BAD11 }}\n',
      },
      CHECK,
    );
    expect(loaded.errors.map(({ message }) => message).sort()).toEqual([
      'expression BAD4',
      'expression BAD6',
      ...[1, 11, 2, 3, 5, 7, 8, 9].map((number) => `template {{ BAD${number} }}`),
    ]);
    // Nobody may ever read it.
    expect(loaded.warnings.map(({ message }) => message)).toEqual(['template {{ BAD10 }}']);
  });

  test('what a plugin of another collection is missing for is told, an unknown one is an error', async () => {
    const loaded = await load(
      {
        '/p/site.yml':
          '- hosts: a\n  tasks:\n    - {debug: , with_BAD: [1]}\n    - {debug: , with_ns.coll.lines: [2]}\n',
      },
      {
        ...CHECK,
        lookup: (name, source) =>
          name === 'ns.coll.lines'
            ? {
                errors: [],
                missing: [new TemplateError('no lines', { code: 'X', source })],
                names: [],
              }
            : CHECK.lookup(name, source),
      },
    );
    expect(errorLines(loaded)).toEqual(['/p/site.yml:3:17: lookup BAD']);
    expect(loaded.warnings.map(({ message, source }) => [message, source?.line])).toEqual([
      ['no lines', 4],
    ]);
  });

  test('an unknown module is an error, behind a condition a warning', async () => {
    const loaded = await load(
      {
        '/p/site.yml':
          '- hosts: a\n  tasks:\n    - cpoy:\n    - {win_copy: , when: x}\n    - {block: [{win_ping: }], when: x}\n',
      },
      CHECK,
    );
    expect(errorLines(loaded)).toEqual([
      '/p/site.yml:3:7: unknown module "cpoy" (did you mean "copy"?)',
    ]);
    expect(loaded.warnings.map(({ message }) => message)).toEqual([
      'unknown module "win_copy"',
      'unknown module "win_ping"',
    ]);
  });

  test('a template that cannot be evaluated is a warning where a failure of the task is survived', async () => {
    const tasks = `- hosts: all
  tasks:
    - {debug: {msg: "{{ BAD1 }}"}, ignore_errors: true}
    - {debug: {msg: "{{ BAD2 }}"}, failed_when: false}
    - block: [{debug: {var: BAD3}}]
      rescue: [{debug: {msg: "{{ BAD4 }}"}}]
`;
    const loaded = await load({ '/p/site.yml': tasks }, CHECK);
    expect(errorLines(loaded)).toEqual([
      '/p/site.yml:4:21: template {{ BAD2 }}',
      '/p/site.yml:6:30: template {{ BAD4 }}',
    ]);
    expect(loaded.warnings.map(({ message }) => message)).toEqual([
      'template {{ BAD1 }}',
      'expression BAD3',
    ]);
  });

  test('a module that exists elsewhere is a warning', async () => {
    const loaded = await load(
      { '/p/site.yml': '- hosts: a\n  tasks:\n    - pkgng: {name: x}\n' },
      CHECK,
    );
    expect(errorLines(loaded)).toEqual([]);
    expect(loaded.warnings.map(({ message }) => message)).toEqual(['no pkgng here']);
  });

  test('errors are told from top to bottom, whoever found them', async () => {
    const text =
      '- hosts: a\n  tasks:\n    - debug: {msg: "{{ BAD1 }}"}\n      when: BAD2\n    - name: x\n    - cpoy:\n';
    const { errors } = await load({ '/p/site.yml': text }, CHECK);
    expect(errors.map(({ source }) => source?.line)).toEqual([3, 4, 5, 6]);
  });

  test('of a module and an unknown key, the key is wrong', async () => {
    const loaded = await load(
      { '/p/site.yml': '- hosts: a\n  tasks:\n    - {copy: , whenn: x}\n' },
      CHECK,
    );
    expect(errorLines(loaded)).toEqual([
      '/p/site.yml:3:16: unknown keyword "whenn" for a task (did you mean "when"?)',
    ]);
  });

  test('a handler that nobody has is an error where all handlers are known', async () => {
    const play = (tasks: string) =>
      `- hosts: a\n  tasks:\n${tasks}  handlers:\n    - {name: restart, listen: [topic], debug: }\n`;
    const tasks =
      '    - {debug: , notify: [restrat, topic]}\n    - {debug: , when: x, notify: none}\n';
    const loaded = await load({ '/p/site.yml': play(tasks) }, CHECK);
    expect(errorLines(loaded)).toEqual([
      '/p/site.yml:3:26: The requested handler \'restrat\' was not found in either the main handlers list nor in the listening handlers list (did you mean "restart"?)',
    ]);
    expect(loaded.warnings.map(({ message }) => message)).toEqual([
      "The requested handler 'none' was not found in either the main handlers list nor in the listening handlers list",
    ]);
    const included = await load(
      { '/p/site.yml': play(`${tasks}    - copy:\n    - include_role: {name: "{{ x }}"}\n`) },
      CHECK_ALL,
    );
    expect(included.errors).toEqual([]);
  });

  test('what cannot be a handler is an error', async () => {
    const handlers = [
      '    - {name: a, include_role: {name: r}}',
      '    - {name: b, ansible.builtin.import_role: {name: r}}',
      '    - {name: c, meta: flush_handlers}',
      '    - {name: d, debug: }',
      '    - block:',
      '        - {name: e, debug: }',
      '        - block: [{name: f, debug: }]',
    ];
    const loaded = await load(
      { '/p/site.yml': `- hosts: a\n  handlers:\n${handlers.join('\n')}\n` },
      CHECK,
    );
    expect(loaded.errors.map(({ message, source }) => [source?.line, message])).toEqual([
      [3, "Using 'include_role' as a handler is not supported."],
      [4, "Using 'import_role' as a handler is not supported."],
      [9, 'Using a block as a handler is not supported.'],
    ]);
    expect(loaded.warnings.map(({ message, source }) => [source?.line, message])).toEqual([
      [5, 'flush_handlers cannot be used as a handler'],
    ]);
  });

  test('keys of a prompt that do not exist are errors', async () => {
    const prompt = '{name: x, private: no, when: y}';
    const loaded = await load({ '/p/site.yml': `- hosts: a\n  vars_prompt: [${prompt}]\n` }, CHECK);
    expect(loaded.errors.map(({ message }) => message)).toEqual([
      "Invalid vars_prompt data structure, found unsupported key 'when'",
    ]);
  });

  test('variables that are named like a keyword or a function of templates are warned about', async () => {
    const loaded = await load(
      {
        '/p/site.yml': '- hosts: a\n  vars: {lipsum: 1, mine: 2}\n  vars_files: [more.yml]\n',
        '/p/more.yml': 'gather_facts: 3\nother: 4\n',
      },
      CHECK,
    );
    expect(loaded.warnings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'Found variable using reserved name: lipsum',
        'Found variable using reserved name: gather_facts',
      ]),
    );
    expect(loaded.warnings).toHaveLength(2);
  });

  test('files that a play names must be there', async () => {
    const loaded = await load(
      {
        '/p/site.yml': `- hosts: a
  vars_files: [gone.yml, [no.yml, there.yml], "{{ x }}.yml"]
  tasks:
    - include_tasks: missing.yml
    - {include_tasks: perhaps.yml, when: x}
    - block: [{include_tasks: rescued.yml}]
      rescue: [debug: ]
    - include_tasks: inner.yml
    - include_role: {name: nobody}
`,
        '/p/there.yml': 'a: 1\n',
        '/p/inner.yml': '- debug: {msg: "{{ BAD }}"}\n',
      },
      CHECK_ALL,
    );
    expect(loaded.errors.map(({ message, source }) => `${source?.line} ${message}`)).toEqual([
      '2 no file "gone.yml"',
      '4 no file "missing.yml" to include',
      '9 no role "nobody"',
      '1 template {{ BAD }}',
    ]);
    expect(loaded.warnings.map(({ message }) => message)).toEqual([
      'no file "perhaps.yml" to include',
      'no file "rescued.yml" to include',
    ]);
  });

  test('a template file is read with the task that uses it', async () => {
    const files = {
      '/p/site.yml':
        '- hosts: a\n  tasks:\n    - template: {src: t.j2, dest: /x}\n    - {template: {src: u.j2, dest: /y}, when: x}\n',
      '/p/templates/t.j2': 'BAD\n',
      '/p/templates/u.j2': 'BAD\n',
    };
    const loaded = await load(files, CHECK_ALL);
    expect(loaded.errors.map(({ message }) => message)).toEqual(['file /p/templates/t.j2']);
    expect(loaded.warnings.map(({ message }) => message)).toEqual(['file /p/templates/u.j2']);
  });

  test('a variable that nothing can define is worth a warning', async () => {
    const play = (more: string) => ({
      '/p/site.yml': `- hosts: a
  vars: {VPLAY: 1}
  tasks:
    - debug: {msg: "{{ VPLAY }} {{ VGIVEN }} {{ VLATER }} {{ VNOBODY }} {{ VGUARDED }}"}
      register: VLATER
    - debug: {msg: "{{ VGUARDED is defined }}"}
${more}`,
    });
    const warned = async (files: Record<string, string>) =>
      (await load(files, CHECK_ALL)).warnings.map(({ message }) => message);
    expect(await warned(play(''))).toEqual(['nothing defines the variable "VNOBODY"']);
    expect(await warned(play('    - include_vars: some.yml\n'))).toEqual([]);
  });
});
