import { describe, expect, test } from 'vitest';
import { TemplateError } from '../../../src/core/errors.ts';
import type { ContentCheck } from '../../../src/playbook/contentCheck.ts';
import type { ScalarNode } from '../../../src/source/node.ts';
import { errorLines, load } from './loading.ts';

/** Knows two modules; a text with `BAD` is wrong. */
const CHECK: ContentCheck = {
  module: (name) => ({ debug: { expressions: ['var'] }, copy: { expressions: [] } })[name],
  moduleNames: () => ['debug', 'copy'],
  arguments: () => [],
  template: (node) => bad('template', node),
  expression: (node) => bad('expression', node),
};

function bad(kind: string, node: ScalarNode): TemplateError[] {
  const text = String(node.value);
  if (!text.includes('BAD')) return [];
  return [new TemplateError(`${kind} ${text}`, { code: 'DROVER_TEST', source: node.source })];
}

describe('everything static is looked at in one pass', () => {
  test('conditions are expressions, everything else is a template, in every corner', () => {
    const loaded = load(
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
      ...[1, 10, 11, 2, 3, 5, 7, 8, 9].map((number) => `template {{ BAD${number} }}`),
    ]);
  });

  test('an unknown module is an error, behind a condition a warning', () => {
    const loaded = load(
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

  test('errors are told from top to bottom, whoever found them', () => {
    const text =
      '- hosts: a\n  tasks:\n    - debug: {msg: "{{ BAD1 }}"}\n      when: BAD2\n    - name: x\n    - cpoy:\n';
    expect(load({ '/p/site.yml': text }, CHECK).errors.map(({ source }) => source?.line)).toEqual([
      3, 4, 5, 6,
    ]);
  });

  test('of a module and an unknown key, the key is wrong', () => {
    const loaded = load(
      { '/p/site.yml': '- hosts: a\n  tasks:\n    - {copy: , whenn: x}\n' },
      CHECK,
    );
    expect(errorLines(loaded)).toEqual([
      '/p/site.yml:3:16: unknown keyword "whenn" for a task (did you mean "when"?)',
    ]);
  });
});
