import { describe, expect, it } from 'vitest';
import { fromPlain, type Value } from '../../../../src/core/values.ts';
import { conditionErrors } from '../../../../src/modules/control/argumentConditions.ts';

const dict = (plain: unknown) => fromPlain(plain) as ReadonlyMap<string, Value>;

describe('conditions between options', () => {
  it.each<[string, unknown, unknown, readonly string[]]>([
    ['one alone', { mutually_exclusive: [['a', 'b']] }, { a: 1 }, []],
    [
      'two at once',
      { mutually_exclusive: [['a', 'b']] },
      { a: 1, b: 2 },
      ['parameters are mutually exclusive: a|b found in opts'],
    ],
    [
      'one group without its list',
      { mutually_exclusive: ['a', 'b'] },
      { a: 1, b: 2 },
      ['parameters are mutually exclusive: a|b found in opts'],
    ],
    ['a value of nothing', { mutually_exclusive: [['a', 'b']] }, { a: 1, b: null }, []],
    ['both together', { required_together: [['a', 'b']] }, { a: 1, b: 2 }, []],
    [
      'half of them',
      { required_together: [['a', 'b']] },
      { a: 1 },
      ['parameters are required together: a, b found in opts'],
    ],
    [
      'none of them',
      { required_one_of: [['a', 'b']] },
      { c: 1 },
      ['one of the following is required: a, b found in opts'],
    ],
    ['if met', { required_if: [['state', 'present', ['a']]] }, { state: 'present', a: 1 }, []],
    ['if not asked', { required_if: [['state', 'present', ['a']]] }, { state: 'absent' }, []],
    [
      'if missing',
      { required_if: [['state', 'present', ['a', 'b']]] },
      { state: 'present', a: 1 },
      ['state is present but all of the following are missing: b found in opts'],
    ],
    [
      'if any is enough',
      { required_if: [['state', 'present', ['a', 'b'], true]] },
      { state: 'present', a: 1 },
      [],
    ],
    [
      'by another',
      { required_by: { a: ['b'] } },
      { a: 1 },
      ["missing parameter(s) required by 'a': b found in opts"],
    ],
  ])('%s', (_what, spec, given, errors) => {
    expect(conditionErrors(dict(spec), dict(given), 'opts')).toEqual(errors);
  });
});
