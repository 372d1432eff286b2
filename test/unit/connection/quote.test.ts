import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quote, quoteAll } from '../../../src/connection/quote.ts';

describe('quote', () => {
  test.each([
    ['', "''"],
    ['plain', 'plain'],
    ['/path/to-file_1.2', '/path/to-file_1.2'],
    ["it's", "'it'\\''s'"],
    ['$(id)', "'$(id)'"],
    ['~', "'~'"],
    ['a=b', 'a=b'],
    ['#x', "'#x'"],
  ])('%j becomes %s', (word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });

  test('refuses NUL', () => {
    expect(() => quote('a\0b')).toThrow(RangeError);
  });

  test('any words come out of a real sh as they went in', () => {
    const anyWord = fc.string({ unit: 'binary' }).filter((word) => !/[\0\ud800-\udfff]/.test(word));
    const shellish = fc.stringMatching(/^[ $`"'\\!*?{}()[\]<>|&;#~\n\t=%a-c-]*$/);
    const words = fc.array(fc.oneof(anyWord, shellish), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, (given) => {
        const script = `printf '%s\\0' ${quoteAll(given)}`;
        const printed = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
        expect(printed.split('\0').slice(0, -1)).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });
});
