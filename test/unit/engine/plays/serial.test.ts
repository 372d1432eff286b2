import { describe, expect, it } from 'vitest';
import type { Value } from '../../../../src/core/values.ts';
import { batches } from '../../../../src/engine/plays/serial.ts';

const source = { file: 'site.yml', line: 3, column: 5 };
const hosts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

function sizes(serial: Value | undefined): number[] {
  return batches(hosts, serial, source).map((batch) => batch.length);
}

describe('serial', () => {
  it('cuts hosts into batches', () => {
    expect(sizes(undefined)).toEqual([7]);
    expect(sizes(3)).toEqual([3, 3, 1]);
    expect(sizes('30%')).toEqual([2, 2, 2, 1]);
    expect(sizes('1%')).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(sizes([1, 2])).toEqual([1, 2, 2, 2]);
    expect(sizes([1, '100%'])).toEqual([1, 6]);
    expect(sizes(0)).toEqual([7]);
  });

  it('keeps the order of the hosts', () => {
    expect(batches(hosts, 4, source)).toEqual([
      ['a', 'b', 'c', 'd'],
      ['e', 'f', 'g'],
    ]);
  });

  it('refuses what is no number, with its place', () => {
    expect(() => batches(hosts, 'many', source)).toThrow(
      expect.objectContaining({ code: 'DROVER_INVALID_KEYWORD', source }),
    );
  });
});
