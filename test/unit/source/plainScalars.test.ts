import { describe, expect, test } from 'vitest';
import { Float } from '../../../src/core/values.ts';
import { plainScalar } from '../../../src/source/plainScalars.ts';

describe('an unquoted word means what PyYAML reads', () => {
  test.each([
    ['yes', true],
    ['On', true],
    ['FALSE', false],
    ['yEs', 'yEs'],
    ['y', 'y'],
    ['~', null],
    ['', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['0', 0],
    ['-1', -1],
    ['1_000', 1000],
    ['0644', 420],
    ['08', '08'],
    ['0o17', '0o17'],
    ['0b101', 5],
    ['0x1F', 31],
    ['1:30', 90],
    ['190:20:30', 685230],
    ['1:60', '1:60'],
    ['12345678901234567890', 12345678901234567890n],
    ['1.5', 1.5],
    ['-.5', '-.5'],
    ['1.5e-3', 0.0015],
    ['1e3', '1e3'],
    ['1.5e3', '1.5e3'],
    ['1:30.5', 90.5],
    ['2001-12-14', '2001-12-14'],
    ['1.0.0', '1.0.0'],
    ['=', '='],
  ])('%s → %s', (text, value) => {
    expect(plainScalar(text)).toEqual(value);
  });

  test('a float stays a float when it is whole', () => {
    expect(plainScalar('1.0')).toEqual(new Float(1));
    expect(plainScalar('2.')).toEqual(new Float(2));
    expect(plainScalar('-.INF')).toBe(-Infinity);
    expect(plainScalar('.nan')).toBeNaN();
  });
});
