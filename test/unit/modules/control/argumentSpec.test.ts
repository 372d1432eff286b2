import { describe, expect, test } from 'vitest';
import { fromPlain, isDict, type Value } from '../../../../src/core/values.ts';
import { type Arguments, argumentErrors } from '../../../../src/modules/control/argumentSpec.ts';

function dict(value: object): Arguments {
  const converted: Value = fromPlain(value);
  if (!isDict(converted)) throw new Error('not a dict');
  return new Map([...converted].map(([key, item]) => [String(key), item]));
}

describe('argumentErrors', () => {
  test.each([
    [
      'int',
      'x',
      "<class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int",
    ],
    [
      'int',
      1.5,
      "<class 'float'> and we were unable to convert to int: <class 'float'> cannot be converted to an int",
    ],
    [
      'float',
      'x',
      "<class 'str'> and we were unable to convert to float: <class 'str'> cannot be converted to a float",
    ],
    [
      'list',
      { a: 1 },
      "<class 'dict'> and we were unable to convert to list: <class 'dict'> cannot be converted to a list",
    ],
    [
      'dict',
      ['a'],
      "<class 'list'> and we were unable to convert to dict: <class 'list'> cannot be converted to a dict",
    ],
    [
      'dict',
      'a',
      "<class 'str'> and we were unable to convert to dict: dictionary requested, could not parse JSON or key=value",
    ],
    [
      'bits',
      'foo',
      "<class 'str'> and we were unable to convert to bits: <class 'str'> cannot be converted to a Bit value",
    ],
    [
      'bytes',
      '!',
      "<class 'str'> and we were unable to convert to bytes: <class 'str'> cannot be converted to a Byte value",
    ],
  ])('a value that is no %s: %j', (type, value, words) => {
    expect(argumentErrors(dict({ a: { type } }), dict({ a: value }))).toEqual([
      `argument 'a' is of type ${words}`,
    ]);
  });

  test('options inside of dicts tell where they stand', () => {
    const inner = { flag: { type: 'bool' }, needed: { type: 'int', required: true } };
    const spec = {
      outer: { type: 'dict', options: { inner: { type: 'dict', options: inner } } },
    };
    const values = { outer: { inner: { flag: 'perhaps', more: 1 } } };
    expect(argumentErrors(dict(spec), dict(values))).toEqual([
      'outer.inner.more. Supported parameters include: flag, needed.',
      'missing required arguments: needed found in outer -> inner',
      "argument 'flag' is of type <class 'str'> found in 'outer -> inner'. and we were unable to convert to bool: The value 'perhaps' is not a valid boolean.  Valid booleans include: 0, 1, 'y', 'yes', 'on', '1', 'true', 't', 'n', 'no', 'off', '0', 'false', 'f'",
    ]);
  });

  test('a text in the place of a dict with options, and elements of a wrong type', () => {
    const spec = {
      d: { type: 'dict', options: { x: {} } },
      l: { type: 'list', elements: 'int' },
    };
    expect(argumentErrors(dict(spec), dict({ d: 'text', l: [1, 'two'] }))).toEqual([
      "argument 'd' is of type <class 'str'> and we were unable to convert to dict: dictionary requested, could not parse JSON or key=value",
      "value of 'd' must be of type dict or list of dicts",
      'dictionary requested, could not parse JSON or key=value',
      "Elements value for option 'l' is of type <class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int",
    ]);
  });
});
