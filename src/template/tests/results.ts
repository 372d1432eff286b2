/** Tests of task results: changed, failed, skipped and their kin. */
import { type Test, table } from '../plugins.ts';
import { defined, usageError } from '../python/errors.ts';
import { isTrue } from '../python/sequence.ts';
import type { Internal, InternalDict } from '../python/types.ts';

function resultOf(value: Internal, test: string): InternalDict {
  const result = defined(value);
  if (result instanceof Map) return result;
  throw usageError(
    `the "${test}" test expects the result of a task (a dict)`,
    'register the result of a task first',
  );
}

function flag(result: InternalDict, key: string): boolean {
  return isTrue(result.get(key) ?? false);
}

const failed: Test = (value) => flag(resultOf(value, 'failed'), 'failed');
const succeeded: Test = (value) => !flag(resultOf(value, 'succeeded'), 'failed');
const skipped: Test = (value) => flag(resultOf(value, 'skipped'), 'skipped');
const unreachable: Test = (value) => flag(resultOf(value, 'unreachable'), 'unreachable');

const changed: Test = (value) => {
  const result = resultOf(value, 'changed');
  if (result.has('changed')) return flag(result, 'changed');
  const items = result.get('results');
  return Array.isArray(items) && items.some((item) => item instanceof Map && flag(item, 'changed'));
};

function isSet(value: Internal, key: 'started' | 'finished'): boolean {
  const result = resultOf(value, key);
  // What was not started in the background is done.
  return !result.has(key) || flag(result, key);
}

export const resultTests = table<Test>({
  changed,
  change: changed,
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  skipped,
  skip: skipped,
  unreachable,
  reachable: (value) => !flag(resultOf(value, 'reachable'), 'unreachable'),
  started: (value) => isSet(value, 'started'),
  finished: (value) => isSet(value, 'finished'),
});
