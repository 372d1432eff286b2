import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/core/errors.ts';
import { answerOf, outcomeOf } from '../../../../src/modules/project/executableOutput.ts';
import {
  executableOf,
  interpreterName,
  withInlineArguments,
  wordArguments,
} from '../../../../src/modules/project/executableStyle.ts';

const styleOf = (text: string) => executableOf(Buffer.from(text)).style;
const output = (stdout: string, rc = 0, stderr = '') => ({ rc, stdout, stderr });

describe('how an executable takes its arguments', () => {
  it.each([
    ['#!/bin/sh\n. "$1"\n', 'words'],
    ['#!/usr/bin/perl\n# WANT_JSON\n', 'json'],
    ['#!/bin/sh\necho <<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>\n', 'inline'],
    ['#!/usr/bin/python\nfrom ansible.module_utils.basic import AnsibleModule\n', 'python'],
    ['#!/usr/bin/python\n    import ansible.module_utils.urls\n', 'python'],
    ['#!/usr/bin/python\nfrom ansible_collections.a.b.plugins.module_utils.c import d\n', 'python'],
    ['#!/usr/bin/python\n#<<INCLUDE_ANSIBLE_MODULE_COMMON>>\n', 'python'],
    ['#!/usr/bin/python\n# like ansible.module_utils, but without\n', 'words'],
  ])('%j: %s', (text, style) => expect(styleOf(text)).toBe(style));

  it('runs a binary by itself, with JSON', () => {
    const binary = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]);
    const expected = { style: 'json', interpreter: undefined, knowsCheckMode: true };
    expect(executableOf(binary)).toEqual(expected);
  });

  it.each([
    ['#!/usr/bin/python3 -u\n', ['/usr/bin/python3', '-u'], 'python3'],
    ['#! /usr/bin/env ruby\n', ['/usr/bin/env', 'ruby'], 'ruby'],
    ['#!/usr/bin/env -S A=1 node --x\n', ['/usr/bin/env', '-S', 'A=1', 'node', '--x'], 'node'],
    ['echo\n', [], ''],
  ])('reads the interpreter of %j', (text, words, name) => {
    expect(executableOf(Buffer.from(text)).interpreter).toEqual(words);
    expect(interpreterName(words)).toBe(name);
  });

  it('quotes words as a shell wants them', () => {
    const args = { a: "it's", b: true, c: null, d: [1, 'x'], e: 1.5, f: 'plain/path', g: '' };
    expect(wordArguments(args)).toBe(
      `a='it'"'"'s' b=True c=None d='[1,"x"]' e=1.5 f=plain/path g=''`,
    );
  });

  it('puts JSON into the text as it is', () => {
    const text = Buffer.from('x <<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>> y');
    expect(withInlineArguments(text, '{"a":"$&"}').toString()).toBe('x {"a":"$&"} y');
  });
});

describe('what an executable prints', () => {
  it('is one JSON object, also over several lines and between others', () => {
    const { data, junk } = answerOf('m', output('hello\n {"a":\n 1}\n'));
    expect({ data, junk }).toEqual({ data: { a: 1 }, junk: '' });
    expect(answerOf('m', output('{"a": 1}\nbye\n')).junk).toBe('bye');
  });

  it.each(['', 'text', '[1]', '{"a": }', '"{}"'])('%j is an error that shows it', (stdout) => {
    try {
      answerOf('m', output(stdout, 2, 'why'));
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
      expect(error.message).toContain(stdout === '' ? 'printed nothing' : JSON.stringify(stdout));
      expect(error.data).toEqual({ rc: 2, module_stdout: stdout, module_stderr: 'why' });
    }
  });

  it('becomes an outcome', () => {
    const facts = { ansible_facts: { a: 1 } };
    expect(outcomeOf('m', { changed: true, x: 1, _ansible_parsed: true, ...facts })).toEqual({
      changed: true,
      data: { x: 1, ...facts },
      changes: [{ what: 'm', operation: null }],
      effects: [{ type: 'hostFacts', facts: new Map([['a', 1]]) }],
    });
    expect(outcomeOf('m', { skipped: true, msg: 'no need' })).toMatchObject({
      changed: false,
      skipped: 'no need',
    });
  });

  it('has diffs, one or several', () => {
    const one = { before: 'a', after: 'b', after_header: '/x' };
    const { changes } = outcomeOf('m', { changed: true, diff: [one, { prepared: '+c' }, {}] });
    expect(changes).toEqual([
      { what: '/x', operation: null, diff: { before: 'a', after: 'b', afterHeader: '/x' } },
      { what: 'm', operation: null, diff: { before: '', after: '+c' } },
    ]);
  });

  it.each([
    [{ failed: true, msg: 'no' }, 'no'],
    [{ rc: 3 }, 'module "m" failed'],
    [{ failed: true, changed: true }, 'module "m" failed'],
  ])('%j fails', (answer, message) => {
    expect(() => outcomeOf('m', answer)).toThrow(message);
  });

  it('may have a return code when it says that it did not fail', () => {
    expect(outcomeOf('m', { rc: 3, failed: false }).data).toEqual({ rc: 3 });
  });
});
