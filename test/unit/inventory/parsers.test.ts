import { describe, expect, test } from 'vitest';
import { Float } from '../../../src/core/values.ts';
import { expandHosts } from '../../../src/inventory/hostRange.ts';
import { pythonLiteral } from '../../../src/inventory/pythonLiteral.ts';
import { shellWords } from '../../../src/inventory/words.ts';

describe('expandHosts', () => {
  test.each([
    ['a', { hosts: ['a'] }],
    ['a:22', { hosts: ['a'], port: 22 }],
    ['a[1:3]', { hosts: ['a1', 'a2', 'a3'] }],
    ['a[08:10].b:22', { hosts: ['a08.b', 'a09.b', 'a10.b'], port: 22 }],
    ['a[0:10:5]', { hosts: ['a0', 'a5', 'a10'] }],
    ['[a:c]', { hosts: ['a', 'b', 'c'] }],
    ['x[1:2]-[a:b]', { hosts: ['x1-a', 'x1-b', 'x2-a', 'x2-b'] }],
    ['[2001:db8::1]:22', { hosts: ['2001:db8::1'], port: 22 }],
    ['2001:db8::1', { hosts: ['2001:db8::1'] }],
  ])('%s', (pattern, range) => {
    expect(expandHosts(pattern)).toEqual(range);
  });

  test.each(['a[3:1]', 'a[1:2:0]', 'a[01:100]', 'a[x:9]'])('%s is refused', (pattern) => {
    expect(() => expandHosts(pattern)).toThrow('is no range of hosts');
  });
});

describe('pythonLiteral', () => {
  test.each([
    ['80', 80],
    ['-1', -1],
    ['0644', '0644'],
    ['0x1f', 31],
    ['1.5', 1.5],
    ['1.0', new Float(1)],
    ['True', true],
    ['true', 'true'],
    ['None', null],
    ['"a" \'b\'', 'ab'],
    ["'a\\tb'", 'a\tb'],
    ["['a', 1, ]", ['a', 1]],
    [
      "{'a': [1], 2: None}",
      new Map<unknown, unknown>([
        ['a', [1]],
        [2, null],
      ]),
    ],
    ['(1)', 1],
    ['[a]', '[a]'],
    ['1.2.3.4', '1.2.3.4'],
    ['[1', '[1'],
    ['hello world', 'hello world'],
    ['', ''],
  ])('%s', (text, value) => {
    expect(pythonLiteral(text)).toEqual(value);
  });
});

test('shellWords', () => {
  expect(shellWords(`a b="c d" e='f "g' h\\ i # j`)).toEqual([
    { text: 'a', start: 0 },
    { text: 'b=c d', start: 2 },
    { text: 'e=f "g', start: 10 },
    { text: 'h i', start: 19 },
  ]);
  expect(shellWords('a "b')).toEqual({ openQuote: 2 });
});
