import { describe, expect, test } from 'vitest';
import type { LoadError } from '../../../src/core/errors.ts';
import { readShortForm } from '../../../src/playbook/shortForm.ts';
import { scalarNode } from '../../../src/source/node.ts';

const START = { file: 'f', line: 1, column: 11 };

function read(text: string, isFreeForm = false): [Record<string, unknown>, unknown] {
  const { entries, rest } = readShortForm(scalarNode(text, START), isFreeForm);
  return [
    Object.fromEntries(
      entries.map(({ key, value }) => [key.value, 'value' in value && value.value]),
    ),
    rest?.value,
  ];
}

describe('readShortForm', () => {
  test.each([
    ['src=a dest=b', { src: 'a', dest: 'b' }, undefined],
    [`src="a b" dest='c d'`, { src: 'a b', dest: 'c d' }, undefined],
    [
      'dest=/etc/{{ x | default("a b") }}/c mode=0644',
      { dest: '/etc/{{ x | default("a b") }}/c', mode: '0644' },
      undefined,
    ],
    ['msg={% if a == 1 %}x{% endif %}', { msg: '{% if a == 1 %}x{% endif %}' }, undefined],
    ['line="a=b c" state=present', { line: 'a=b c', state: 'present' }, undefined],
    ['{{ name }}={{ value }}', { '{{ name }}': '{{ value }}' }, undefined],
    ['foo.yml a=1', { a: '1' }, 'foo.yml'],
    ['{{ a == 1 }}', {}, '{{ a == 1 }}'],
    ['msg="a\\nb"', { msg: 'a\nb' }, undefined],
    ['src=a \\\n  dest=b', { src: 'a', dest: 'b' }, undefined],
    ['', {}, undefined],
  ])('%s', (text, named, rest) => {
    expect(read(text)).toEqual([named, rest]);
  });

  test.each([
    ['ls -l a=b creates=/x', { creates: '/x' }, 'ls -l a=b'],
    ['echo "x  y"  z', {}, 'echo "x  y"  z'],
    ['chdir=/tmp make  all', { chdir: '/tmp' }, 'make  all'],
    ['echo {{ "a=b" }} \\\n  c\nd', {}, 'echo {{ "a=b" }}     c\nd'],
  ])('a command: %s', (text, named, rest) => {
    expect(read(text, true)).toEqual([named, rest]);
  });

  test('values know where they stand', () => {
    const { entries } = readShortForm(scalarNode('src=a dest="{{ b }}"', START), false);
    expect(entries.map(({ key, value }) => [key.source.column, value.source.column])).toEqual([
      [11, 15],
      [17, 23],
    ]);
  });

  test.each([
    ["echo it's", 18, 'a quote is opened and not closed'],
    ['msg={{ x', 15, 'a template is opened and not closed'],
  ])('%s is refused at its place', (text, column, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ message, source: { ...START, column } }) as LoadError,
    );
  });
});
