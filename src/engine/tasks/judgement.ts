/** `changed_when`, `failed_when` and `until`: the playbook's own view of a result. */
import { DroverError, ModuleError } from '../../core/errors.ts';
import type { ResultData, TaskResult } from '../../core/results.ts';
import { fromPlain } from '../../core/values.ts';
import type { Keywords } from '../../playbook/model.ts';
import type { TemplateEngine } from '../../template/template.ts';
import type { TaskScope } from '../../vars/scope.ts';
import { conditionHolds } from './conditions.ts';
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
  const changed = verdict(keywords.changedWhen, view, templates);
  if (changed instanceof DroverError) return unjudged(result, 'changed_when_result', changed);
  const failed = verdict(keywords.failedWhen, view, templates);
  if (failed instanceof DroverError) return unjudged(result, 'failed_when_result', failed);
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
  return typeof name === 'string' ? scope.with(new Map([[name, fromPlain(registered)]])) : scope;
}

/** Undefined without conditions; the error when one cannot be evaluated. */
function verdict(
  conditions: Keywords['when'],
  view: TaskScope,
  templates: TemplateEngine,
): boolean | DroverError | undefined {
  try {
    return conditions?.every((node) => conditionHolds(node, view, templates));
  } catch (error) {
    if (error instanceof DroverError) return error;
    throw error;
  }
}

/**
 * The task fails by a condition that makes no sense, and keeps what the module returned. Unless it failed before: that is what
 * there is to mend, and conditions often miss what a failed task does not return.
 */
function unjudged(result: TaskResult, key: string, error: DroverError): Judged {
  const registered = registeredData(result);
  if (result.status === 'failed') return { result, registered };
  const msg = error.resultMessage ?? error.message;
  const data = { ...registered, msg, [key]: msg };
  const failure: TaskResult = { status: 'failed', error, data };
  return { result: failure, registered: registeredData(failure) };
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
