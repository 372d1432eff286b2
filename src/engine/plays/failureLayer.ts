/** What a `rescue` section knows of the task that failed. */
import { fromPlain, type Value } from '../../core/values.ts';
import { dataLayer, type Layer } from '../../vars/scope.ts';
import type { Failure } from './cursor.ts';

/** `ansible_failed_task` and `ansible_failed_result`. */
export function failureLayer({ task, result }: Failure): Layer {
  const failedTask: Value = new Map<Value, Value>([
    ['name', task.name === undefined ? '' : fromPlain(task.name.value)],
    ['action', task.module],
  ]);
  return dataLayer(
    new Map([
      ['ansible_failed_task', failedTask],
      ['ansible_failed_result', fromPlain(result)],
    ]),
  );
}
