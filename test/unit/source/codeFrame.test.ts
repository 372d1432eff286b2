import { describe, expect, test } from 'vitest';
import { LoadError, LoadErrors } from '../../../src/core/errors.ts';
import {
  codeFrame,
  describeError,
  describeFatal,
  describePlace,
  describeWarning,
} from '../../../src/source/codeFrame.ts';
import { SourceTexts } from '../../../src/source/sourceTexts.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const TEXTS = new SourceTexts(
  memoryFiles({
    '/p/site.yml': '- hosts: all\n  tasks:\n    - copy:\n        ownr: root\n',
    '/p/secret.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
  }),
  '/p',
);

describe('describeError', () => {
  test('message, line, mark, hint and code', () => {
    const error = new LoadError('unknown argument "ownr" for module "copy"', {
      code: 'DROVER_UNKNOWN_ARGUMENT',
      source: { file: '/p/site.yml', line: 4, column: 9 },
      hint: 'did you mean "owner"?',
    });
    expect(describeError(error, TEXTS)).toBe(
      [
        'site.yml:4:9: unknown argument "ownr" for module "copy"',
        '  4 |         ownr: root',
        '    |         ^^^^',
        '  hint: did you mean "owner"?     [DROVER_UNKNOWN_ARGUMENT]',
      ].join('\n'),
    );
  });

  test('without the message when that stands above', () => {
    const error = new LoadError('told', {
      code: 'DROVER_FAIL',
      source: { file: '/p/site.yml', line: 4, column: 9 },
    });
    expect(describePlace(error, TEXTS)).toBe(
      'site.yml:4:9\n  4 |         ownr: root\n    |         ^^^^\n  [DROVER_FAIL]',
    );
  });

  test('several errors, one without a place, one in a vault whose text is never shown', () => {
    const one = new LoadError('no inventory', { code: 'DROVER_A' });
    const two = new LoadError('no', {
      code: 'DROVER_B',
      source: { file: '/p/secret.yml', line: 1, column: 1 },
    });
    expect(describeFatal(new LoadErrors([one, two]), TEXTS)).toBe(
      'ERROR! no inventory\n  [DROVER_A]\n\nsecret.yml:1:1: ERROR! no\n  [DROVER_B]',
    );
  });

  test('a warning', () => {
    const source = { file: '/p/site.yml', line: 1, column: 3 };
    expect(
      describeWarning({ kind: 'deprecation', message: 'old', source, hint: 'write new' }, TEXTS),
    ).toBe(
      'site.yml:1:3: [DEPRECATION WARNING]: old\n  1 | - hosts: all\n    |   ^^^^^\n  hint: write new',
    );
  });
});

describe('codeFrame', () => {
  test('control characters cannot reach the terminal and columns stay true', () => {
    expect(codeFrame({ file: 'f', line: 1, column: 8 }, '\ta: \u001b[31mred')).toBe(
      '  1 |  a: ·[31mred\n    |        ^^^^^',
    );
  });

  test('a long line is cut around the place', () => {
    const frame = codeFrame(
      { file: 'f', line: 1, column: 501 },
      `${'x'.repeat(500)}HERE${' y'.repeat(500)}`,
    );
    const [line = '', marks = ''] = frame?.split('\n') ?? [];
    expect(line.length).toBeLessThan(180);
    expect(line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('HERE');
  });

  test('a line that is not there has no frame', () => {
    expect(codeFrame({ file: 'f', line: 9, column: 1 }, 'a')).toBeUndefined();
  });
});
