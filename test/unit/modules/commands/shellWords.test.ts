import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../../src/modules/commands/shellWords.ts';

describe('splitWords', () => {
  it.each([
    ['', []],
    ['  ls   -l\n/tmp ', ['ls', '-l', '/tmp']],
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`x'y'"z"w`, ['xyzw']],
    [`"" ''`, ['', '']],
    ['a\\ b \\"', ['a b', '"']],
    [`'\\'`, ['\\']],
    ['"a \\" \\\\ \\n $x"', ['a " \\ \\n $x']],
    ['a|b;c&d #e', ['a|b;c&d', '#e']],
    ['"line\nbreak"', ['line\nbreak']],
  ])('%j → %j', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it.each([`it's`, '"open', 'end\\'])('refuses %s', (line) => {
    expect(() => splitWords(line)).toThrow(/unclosed|backslash/);
  });
});
