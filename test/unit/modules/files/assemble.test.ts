import { describe, expect, it } from 'vitest';
import { assembled, type Fragment } from '../../../../src/modules/files/assemble.ts';

function fragments(contents: Readonly<Record<string, string>>): Fragment[] {
  return Object.entries(contents).map(([name, text]) => ({ name, content: Buffer.from(text) }));
}

const THREE = fragments({ b: 'two\n', a: 'one', '.c': 'hidden\n' });

describe('assembled', () => {
  it.each([
    ['all, by name', THREE, {}, 'hidden\none\ntwo\n'],
    ['none that is hidden', THREE, { ignore_hidden: true }, 'one\ntwo\n'],
    ['those that match', THREE, { regexp: '^[ab]$' }, 'one\ntwo\n'],
    ['with a delimiter between', THREE, { regexp: '^[ab]$', delimiter: '--' }, 'one\n--\ntwo\n'],
    ['with escapes', THREE, { regexp: '^[ab]$', delimiter: '\\t\\n' }, 'one\n\t\ntwo\n'],
    ['nothing', THREE, { regexp: 'none' }, ''],
  ])('%s', (_title, given, rules, content) => {
    expect(assembled(given, { ignore_hidden: false, ...rules }).toString()).toBe(content);
  });

  it('keeps bytes as they are', () => {
    const content = Buffer.from([0xff, 0x00, 0x0a]);
    expect(assembled([{ name: 'a', content }], { ignore_hidden: false })).toEqual(content);
  });
});
