import { describe, expect, it } from 'vitest';
import { DroverError, type TemplateError } from '../../../src/core/errors.ts';
import { Float, type Value } from '../../../src/core/values.ts';
import { dataNode, type ScalarNode } from '../../../src/source/node.ts';
import { parseYaml } from '../../../src/source/yaml.ts';
import { type CreateOptions, createTemplateEngine } from '../../../src/template/create.ts';
import type { Scope } from '../../../src/template/scope.ts';
import { isOmit } from '../../../src/template/template.ts';

const SOURCE = { file: 'site.yml', line: 3, column: 10 };

function scopeOf(values: Readonly<Record<string, Value>>): Scope {
  return {
    lookup: (name) => (Object.hasOwn(values, name) ? values[name] : undefined),
    names: () => Object.keys(values),
  };
}

function value(
  text: string,
  values: Readonly<Record<string, Value>> = {},
  options: CreateOptions = {},
): Value {
  return createTemplateEngine(options).evaluateText(text, scopeOf(values), { source: SOURCE });
}

function errorOf(run: () => unknown): Partial<TemplateError> {
  try {
    run();
  } catch (error) {
    if (!(error instanceof DroverError)) throw error;
    const { code, message, source, hint } = error;
    return { code, message, source, hint };
  }
  throw new Error('nothing was thrown');
}

describe('results in auto mode', () => {
  it.each<[string, Value]>([
    ['{{ 1 }}', 1],
    ['{{ 1.0 }}', new Float(1)],
    ["{{ '1' }}", '1'],
    ["{{ 'True' }}", 'True'],
    ['{{ 1 }}{{ 2 }}', '12'],
    ["{{ '[1, 2]' }}", [1, 2]],
    ['[{{ 1 }}, {{ 2 }}]', [1, 2]],
    ['{{ [1] | to_json }}', '[1]'],
    ['{{ none }}', null],
    ["{{ '' | default(none, true) }}", null],
    ["{{ 'a' | regex_search('b') }}", ''],
    ['a{{ none }}b', 'ab'],
    ['{% if false %}x{% endif %}', ''],
    ['plain', 'plain'],
    ["{{ '{{ 1 }}' }}", '{{ 1 }}'],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });
});

describe('undefined names', () => {
  it('are errors with the name, the place and the nearest known name', () => {
    expect(errorOf(() => value('x {{ usr }}', { user: 'bob' }))).toEqual({
      code: 'DROVER_UNDEFINED',
      message: "'usr' is undefined",
      source: { ...SOURCE, column: 15 },
      hint: 'did you mean "user"?',
    });
  });

  it('include variables whose own template needs one', () => {
    const engine = createTemplateEngine();
    const outer: Scope = {
      names: () => ['broken'],
      lookup: (name) =>
        name === 'broken' ? engine.evaluateText('{{ gone }}', scopeOf({})) : undefined,
    };
    expect(engine.evaluateText('{{ broken is defined }} {{ broken | default(1) }}', outer)).toBe(
      'False 1',
    );
  });
});

describe('places of errors', () => {
  const engine = createTemplateEngine();
  const textOf = (yaml: string): ScalarNode => {
    const node = parseYaml(yaml, 'vars.yml').content;
    if (node.kind !== 'mapping') throw new Error('not a mapping');
    const found = node.entries[0]?.value;
    if (found?.kind !== 'scalar') throw new Error('not a scalar');
    return found;
  };

  it.each([
    ['plain', 'a: x {{ gone }}', { line: 1, column: 9 }],
    ['double', 'a: "x {{ gone }}"', { line: 1, column: 10 }],
    ['literal', 'a: |\n  x\n  {{ gone }}\n', { line: 3, column: 6 }],
  ])('point into a %s scalar', (_style, yaml, place) => {
    const node = textOf(yaml);
    expect(errorOf(() => engine.evaluateNode(node, scopeOf({}))).source).toEqual({
      file: 'vars.yml',
      ...place,
    });
  });

  it('point into template files, past their header', () => {
    const text = '#jinja2: trim_blocks: False\nok\n{{ 1 / 0 }}\n';
    const source = { file: 'a.j2', line: 1, column: 1 };
    expect(errorOf(() => engine.renderTemplate(text, scopeOf({}), { source }))).toMatchObject({
      code: 'DROVER_TEMPLATE_ZERO_DIVISION',
      source: { file: 'a.j2', line: 3 },
    });
  });
});

describe('nodes', () => {
  const engine = createTemplateEngine({ decrypt: (text) => `clear ${text}` });

  it('are evaluated with their keys, except unsafe scalars and data', () => {
    const yaml = '"{{ k }}": ["{{ n }}", !unsafe "{{ n }}"]';
    const { content } = parseYaml(yaml, 'a.yml');
    expect(engine.evaluateNode(content, scopeOf({ k: 'key', n: 7 }))).toEqual(
      new Map([['key', [7, '{{ n }}']]]),
    );
    expect(engine.evaluateNode(dataNode('{{ n }}', SOURCE), scopeOf({}))).toBe('{{ n }}');
  });

  it('are decrypted when they are vaulted', () => {
    const node: ScalarNode = {
      kind: 'scalar',
      value: 'armour',
      tag: 'vault',
      style: 'literal',
      source: SOURCE,
    };
    expect(engine.evaluateNode(node, scopeOf({}))).toBe('clear armour');
  });

  it('know omit', () => {
    expect(isOmit(value('{{ omit }}'))).toBe(true);
    expect(isOmit(value('{{ gone | default(omit) }}'))).toBe(true);
  });
});

describe('conditions', () => {
  const replacements: (string | undefined)[] = [];
  const engine = createTemplateEngine({
    warn: (_message, replacement) => replacements.push(replacement),
  });
  const scope = scopeOf({ a: 1, list: [], text: 'x' });

  it.each<[Value, boolean]>([
    ['a == 1', true],
    ['list', false],
    ['text', true],
    [true, true],
    [0, false],
    ['', true],
    ['{{ a == 1 }}', true],
    ['{{ a }} == 2', false],
  ])('%s', (condition, expected) => {
    expect(engine.evaluateCondition(condition, scope)).toBe(expected);
  });

  it('with braces were warned about', () => {
    expect(replacements).toEqual(['"a == 1"', 'the condition without braces']);
  });
});

describe('the properties of JavaScript objects', () => {
  it.each([
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'length',
    'size',
    'hasOwnProperty',
    'valueOf',
  ])('cannot be reached: %s', (name) => {
    const values = { d: new Map<Value, Value>([['k', 1]]), l: [1], s: 'x', n: 1, f: new Float(1) };
    for (const target of ['d', 'l', 's', 'n', 'f', 'range', 'd.get', 'namespace()']) {
      expect(value(`{{ ${target}.${name} is defined }}`, values)).toBe(false);
      expect(value(`{{ ${target}['${name}'] is defined }}`, values)).toBe(false);
    }
  });
});

describe('variables', () => {
  it('are not changed by templates that change lists', () => {
    const list: Value = [1];
    expect(value('{% set _ = l.append(2) %}{{ l }}', { l: list })).toEqual([1, 2]);
    expect(list).toEqual([1]);
  });

  it('of loops by a lookup are its terms, also in the old spelling', () => {
    const replacements: (string | undefined)[] = [];
    const engine = createTemplateEngine({
      warn: (_message, replacement) => replacements.push(replacement),
    });
    const bare: ScalarNode = { kind: 'scalar', value: 'users', style: 'plain', source: SOURCE };
    expect(engine.loopLookup('items', bare, scopeOf({ users: ['a', ['b']] }))).toEqual(['a', 'b']);
    expect(replacements).toEqual(['"{{ users }}"']);
  });
});

describe('a check before evaluation', () => {
  const engine = createTemplateEngine();

  it('finds unknown filters, tests and lookups with the nearest name', () => {
    const text =
      "{{ a | defualt(1) }}{{ b is defind }}{{ lookup('fil', 'x') }}{{ l | map('uper') }}";
    const { errors } = engine.checkText(text, { source: SOURCE });
    expect(errors.map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
      'unknown filter "defualt": did you mean "default"?',
      'unknown test "defind": did you mean "defined"?',
      'unknown lookup "fil": did you mean "file"?',
      'unknown filter "uper": did you mean "upper"?',
    ]);
  });

  it('finds syntax errors with their place', () => {
    const { errors } = engine.checkText('x {{ a b }}', { source: SOURCE });
    expect(errors.map(({ message, source }) => ({ message, source }))).toEqual([
      {
        message: "expected token 'end of print statement', got 'b'",
        source: { ...SOURCE, column: 17 },
      },
    ]);
  });

  it('refuses escapes that lack digits, as Python does', () => {
    const { errors } = engine.checkExpression(String.raw`a == 'b\x4'`, { source: SOURCE });
    expect(errors.map(({ message, source }) => ({ message, source }))).toEqual([
      { message: String.raw`truncated \xXX escape`, source: { ...SOURCE, column: 15 } },
    ]);
    expect(value(String.raw`{{ '\d\n' | length }}`)).toBe(4);
  });

  it('tells the names that come from outside, and which may be absent', () => {
    const text =
      '{% for x in xs %}{{ x }}{{ y | default(z) }}{% endfor %}{% set q = w is defined %}{{ q }}';
    expect(engine.checkText(text).names.map(({ name, isOptional }) => [name, isOptional])).toEqual([
      ['xs', false],
      ['y', true],
      ['z', false],
      ['w', true],
    ]);
  });

  /** A comment at the end keeps a text from being taken for a plain one. */
  it.each([
    'role {{ a }} of {{ b | default(a) }}, {{ a | default(1) }}',
    "{{ a | defualt }} and {{ 'x' ~ b is defind }}",
    "{{ '}}' ~ a }} {{ b }}",
    "{{ 'a }} {{ b' }}",
    '{{ {"k": a}["k"] }}',
    '{{- a -}} {{ +b }}',
    '{{ a b }} {{ c }}',
    '{{ a, b }}',
    '{{ }}',
    '{ {{ a }} }} }',
    '{{{ a }}}',
    'none at all',
  ])('says of %s the same as when it is read as a whole', (text) => {
    const whole = engine.checkText(`${text}{##}`, { source: SOURCE });
    expect(engine.checkText(text, { source: SOURCE })).toEqual(whole);
    expect(engine.checkText(text, { source: SOURCE })).toEqual(whole);
  });
});
