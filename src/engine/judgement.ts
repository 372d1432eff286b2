/** `changed_when`, `failed_when` and `until`: the playbook's own view of a result. */
import { ModuleError } from '../core/errors.ts';
import type { ResultData, TaskResult } from '../core/results.ts';
import { fromPlain, type Value } from '../core/values.ts';
import type { Keywords } from '../playbook/model.ts';
import type { TemplateEngine } from '../template/template.ts';
import type { TaskScope } from '../vars/scope.ts';
import { registeredData } from './registered.ts';

export interface Judged {
  readonly result: TaskResult;
  readonly registered: ResultData;
}

/** Applies `failed_when` and `changed_when`, which see the result under the name that `register` gives. */
export function judged(
  result: TaskResult,
  keywords: Keywords,
  scope: TaskScope,
  templates: TemplateEngine,
): Judged {
  const registered = registeredData(result);
  if (result.status === 'skipped' || result.status === 'unreachable') return { result, registered };
  const view = withRegistered(scope, keywords, registered);
  const holds = (conditions: Keywords['when']) =>
    conditions?.every((node) => templates.evaluateCondition(node, view));
  const changed = holds(keywords.changedWhen);
  const failed = holds(keywords.failedWhen);
  const seen = changed === undefined ? result : withChanged(result, changed);
  return finish(
    failed === undefined ? seen : withFailed(seen, failed),
    registered,
    changed,
    failed,
  );
}

/** `scope` in which the task's own result is known under its name. */
export function withRegistered(
  scope: TaskScope,
  keywords: Keywords,
  registered: ResultData,
): TaskScope {
  const name = keywords.register?.value;
  const value: Value = fromPlain(registered);
  return typeof name === 'string' ? scope.with(new Map([[name, value]])) : scope;
}

function finish(
  result: TaskResult,
  before: ResultData,
  changed: boolean | undefined,
  failed: boolean | undefined,
): Judged {
  const registered = {
    ...registeredData(result),
    ...(changed === undefined ? { changed: before['changed'] } : { changed }),
    ...(failed === undefined ? {} : { failed_when_result: failed }),
  };
  return { result, registered };
}

function withChanged(result: TaskResult, changed: boolean): TaskResult {
  if (result.status === 'ok' && changed) return { ...result, status: 'changed', changes: [] };
  if (result.status !== 'changed' || changed) return result;
  const { data, effects } = result;
  return { status: 'ok', data, ...(effects === undefined ? {} : { effects }) };
}

function withFailed(result: TaskResult, failed: boolean): TaskResult {
  if (failed && result.status !== 'failed' && 'data' in result) {
    const error = new ModuleError('failed_when holds', { code: 'DROVER_FAILED_WHEN' });
    return { status: 'failed', error, data: { ...result.data, ...changedKey(result) } };
  }
  if (failed || result.status !== 'failed') return result;
  const data = { msg: result.error.message, ...result.data };
  return result.data['changed'] === true
    ? { status: 'changed', data, changes: [] }
    : { status: 'ok', data };
}

function changedKey(result: TaskResult): ResultData {
  return result.status === 'changed' ? { changed: true } : {};
}
