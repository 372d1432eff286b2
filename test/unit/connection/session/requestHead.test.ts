import { describe, expect, test } from 'vitest';
import { requestHead } from '../../../../src/connection/session/requestHead.ts';

describe('requestHead', () => {
  test('puts directory, environment and arguments before the script', () => {
    const request = {
      cwd: "/it's",
      env: { A: '1', B_2: 'x y' },
      args: ['-n', ''],
    };
    expect(requestHead(request, 'probe')).toBe(
      `cd -- '/it'\\''s' || exit\nexport A=1 B_2='x y'\nset -- -n ''`,
    );
  });

  test.each(['A-B', '1A', 'A B', 'A;id', '', 'A=B'])(
    'refuses %j as the name of a variable',
    (name) => {
      expect(() => requestHead({ env: { [name]: 'x' } }, 'probe')).toThrow(
        `"${name}" cannot be the name of an environment variable`,
      );
    },
  );

  test('refuses NUL, which no process can be given', () => {
    expect(() => requestHead({ args: ['a\0b'] }, 'script')).toThrow(
      expect.objectContaining({ code: 'DROVER_NUL_IN_ARGUMENT' }),
    );
  });
});
