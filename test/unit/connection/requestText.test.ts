import { describe, expect, test } from 'vitest';
import { requestText } from '../../../src/connection/requestText.ts';

describe('requestText', () => {
  test('puts directory, environment and arguments before the script', () => {
    const request = {
      script: 'echo "$@"',
      cwd: "/it's",
      env: { A: '1', B_2: 'x y' },
      args: ['-n', ''],
    };
    expect(requestText(request, 'probe', true)).toBe(
      `cd -- '/it'\\''s' || exit\nexport A=1 B_2='x y'\nset -- -n ''\necho "$@"`,
    );
  });

  test.each(['A-B', '1A', 'A B', 'A;id', '', 'A=B'])(
    'refuses %j as the name of a variable',
    (name) => {
      expect(() => requestText({ script: ':', env: { [name]: 'x' } }, 'probe', true)).toThrow(
        `"${name}" cannot be the name of an environment variable`,
      );
    },
  );

  test('refuses NUL, which no process can be given', () => {
    expect(() => requestText({ script: ':', args: ['a\0b'] }, 'script', true)).toThrow(
      expect.objectContaining({ code: 'DROVER_NUL_IN_ARGUMENT' }),
    );
  });
});
