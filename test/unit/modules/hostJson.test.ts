import { expect, test } from 'vitest';
import { hostJson } from '../../../src/modules/hostJson.ts';

test('gives what a host says in JSON', () => {
  expect(hostJson('{"a": [1]}', 'pip list')).toEqual({ a: [1] });
});

test.each([
  ['', 'pip list did not answer in JSON: nothing'],
  ['Traceback: x', 'pip list did not answer in JSON: Traceback: x'],
  ['x'.repeat(1_000), `pip list did not answer in JSON: ${'x'.repeat(200)}`],
])('tells who said anything else (%j)', (text, message) => {
  expect(() => hostJson(text, 'pip list')).toThrow(
    expect.objectContaining({ name: 'ModuleError', code: 'DROVER_BAD_ANSWER', message }),
  );
});
