import { describe, expect, test } from 'vitest';
import { LoadError } from '../../../src/core/errors.ts';
import { entryOf, type Node } from '../../../src/source/node.ts';
import { parseYaml, parseYamlDocuments } from '../../../src/source/yaml.ts';
import { plainNode } from '../../support/plainNode.ts';

function read(text: string): Node {
  return parseYaml(text, 'f.yml').content;
}

function failure(text: string): { message: string; place: string; hint: string | undefined } {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    const { message, hint, source } = error;
    return { message, place: `${source?.line}:${source?.column}`, hint };
  }
  throw new Error('this YAML should not be readable');
}

function value(text: string, key: string): Node {
  const node = read(text);
  const found = node.kind === 'mapping' ? entryOf(node, key) : undefined;
  if (found === undefined) throw new Error(`no ${key}`);
  return found;
}

describe('parseYaml', () => {
  test('a file that means to be JSON is told what JSON says to it', () => {
    expect(() => parseYaml('{ }}', 'f.json')).toThrow(/^JSON: .+; YAML syntax: /);
    expect(() => parseYaml('{ }}', 'f.yml')).toThrow(/^YAML syntax: /);
  });

  test('an empty text is null', () => {
    expect(plainNode(read(''))).toBe(null);
    expect(plainNode(read('---\n# nothing\n'))).toBe(null);
  });

  test('every key and value has its place, in flow collections too', () => {
    const node = read('a: 1\nb: {c: [x, "y"]}\n');
    const inner = value('a: 1\nb: {c: [x, "y"]}\n', 'b');
    const list = inner.kind === 'mapping' ? entryOf(inner, 'c') : undefined;
    expect(node.kind === 'mapping' && node.entries.map(({ key }) => key.source)).toEqual([
      { file: 'f.yml', line: 1, column: 1 },
      { file: 'f.yml', line: 2, column: 1 },
    ]);
    expect(list?.kind === 'sequence' && list.items.map(({ source }) => source.column)).toEqual([
      9, 12,
    ]);
  });

  test('JSON, indented with tabs', () => {
    expect(plainNode(read('{\n\t"a": [1,\n\t\t2.5], "b": "x\\/y"}'))).toEqual({
      a: [1, 2.5],
      b: 'x/y',
    });
  });

  test('merge keys: own keys win, the first of several mappings wins', () => {
    const text = 'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\n';
    expect(plainNode(value(text, 'z'))).toEqual({ a: 3, b: 1, c: 2 });
  });

  test('tags: vault and unsafe are kept, standard ones convert', () => {
    expect(value('a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  61\n', 'a')).toMatchObject({
      tag: 'vault',
      value: '$ANSIBLE_VAULT;1.1;AES256\n61\n',
    });
    expect(value('a: !unsafe {b: ["{{ x }}"]}', 'a')).toMatchObject({
      entries: [{ value: { items: [{ tag: 'unsafe', value: '{{ x }}' }] } }],
    });
    expect(plainNode(read('[!!str 1, !!int "3", !!bool "yes"]'))).toEqual(['1', 3, true]);
  });

  test('a key that stands twice warns and the last one wins', () => {
    const { content, warnings } = parseYaml('a: 1\nb: 2\na: 3\n', 'f.yml');
    expect(plainNode(content)).toEqual({ a: 3, b: 2 });
    expect(warnings).toEqual([
      {
        kind: 'warning',
        message: 'found a duplicate dict key (a), the last one counts',
        source: { file: 'f.yml', line: 3, column: 1 },
        hint: 'the other one is in line 1',
      },
    ]);
  });

  test('several documents', () => {
    const { content } = parseYamlDocuments('a: 1\n---\nb: 2\n', 'f.yml');
    expect(content.map(plainNode)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(failure('a: 1\n---\nb: 2\n').message).toBe('the file holds more than one YAML document');
  });

  test('what only PyYAML takes: continuation lines that are not indented', () => {
    expect(plainNode(read('- a: "{{\n  x }}"\n  b: [1,\n  2\n  ]\n  c: d\n'))).toEqual([
      { a: '{{ x }}', b: [1, 2], c: 'd' },
    ]);
    expect(value('a: "x\ny"\nb: z\n', 'b').source).toEqual({ file: 'f.yml', line: 3, column: 4 });
  });

  test('a block at the end of a file without a line break has none either', () => {
    expect(plainNode(read('a: |\n  x'))).toEqual({ a: 'x' });
    expect(plainNode(read('a: |\n  x\n'))).toEqual({ a: 'x\n' });
  });
});

describe('what people get wrong', () => {
  test.each([
    ['an unquoted template', 'a: 1\nb: {{ x }}\n', '2:4', /"\{\{ … \}\}", with quotes/],
    ['an unquoted template with more', 'b: {{ x }}/y\n', '1:11', /must be quoted as a whole/],
    ['a tab', 'a:\n\t- b\n', '2:1', /spaces, not with tabs/],
    ['an open quote', 'a: "x\nb: 2\n', '1:4', /opened here and never closed/],
    ['a quote and more', 'a: "x" y\n', '1:8', /must end with it/],
    ['a missing space', 'a:1\nb: 2\n', '1:1', /space after the ":"/],
    ['a colon in a value', 'a: b: c\n', '1:4', /holds ": "/],
    ['a missing colon', 'a: 1\nb\nc: 2\n', '2:1', /":" and a space/],
    ['a special character', 'a: @x\n', '1:4', /quote a value/],
    ['a glob taken for an alias', 'a: *.conf\n', '1:4', /begins with "\*"/],
  ])('%s', (_, text, place, hint) => {
    const error = failure(text);
    expect(error.hint).toMatch(hint);
    expect(error.place).toBe(place);
  });

  test('an alias inside its own anchor', () => {
    expect(failure('a: &x [*x]\n').message).toBe(
      'alias "*x" stands inside the value that it names',
    );
  });

  test('aliases that would fill the memory', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const name = String.fromCharCode(98 + level);
      const before = String.fromCharCode(97 + level);
      return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(',')}]`;
    });
    expect(failure(`a: &a [x]\n${levels.join('\n')}\n`).message).toBe(
      'aliases stand for more than 200000 values',
    );
  });

  test('an unknown tag', () => {
    expect(failure('a: !foo 1\n').message).toBe('unknown tag "!foo"');
  });
});
