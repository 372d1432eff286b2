import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/core/values.ts';
import { groupNamesOf, type KeyedGroup } from '../../../src/inventory/keyedGroups.ts';
import { scalarNode } from '../../../src/source/node.ts';

const KEY = scalarNode('x', { file: 'i.yml', line: 1, column: 1 });
const PLAIN: KeyedGroup = {
  key: KEY,
  prefix: '',
  separator: '_',
  hasLeadingSeparator: true,
  hasTrailingSeparator: true,
  defaultValue: undefined,
  parent: undefined,
};

describe('the groups of a keyed_groups entry', () => {
  it.each<[string, Value, Partial<KeyedGroup>, readonly string[]]>([
    ['a text', 'web', {}, ['_web']],
    ['a prefix', 'web', { prefix: 'tier' }, ['tier_web']],
    ['no leading separator', 'web', { hasLeadingSeparator: false }, ['web']],
    ['another separator', 'web', { prefix: 'tier', separator: '' }, ['tierweb']],
    ['a list', ['a', 'b'], { prefix: 't' }, ['t_a', 't_b']],
    ['a dict', new Map([['k', 'v']]), { prefix: 'l' }, ['l_k_v']],
    ['a dict without a value', new Map([['k', '']]), { prefix: 'l' }, ['l_k_']],
    ['that without its end', new Map([['k', '']]), { hasTrailingSeparator: false }, ['_k']],
    ['an empty text with a default', '', { defaultValue: 'none' }, ['_none']],
    ['an empty list', [], {}, []],
  ])('%s', (_what, value, options, names) => {
    expect(groupNamesOf(value, { ...PLAIN, ...options })).toEqual(names);
  });

  it.each<[string, Value]>([
    ['an empty text', ''],
    ['nothing', null],
  ])('%s names no group', (_what, value) => {
    expect(() => groupNamesOf(value, PLAIN)).toThrow('empty');
  });
});
