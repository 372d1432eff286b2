/** The one place where an exception becomes a result. */
import { DroverError, ModuleError, UnreachableError } from '../core/errors.ts';
import type { TaskResult } from '../core/results.ts';
import { placed } from './taskArguments.ts';
import type { TaskJob } from './taskJob.ts';

/** Errors without a position get that of the task. What is no `DroverError` is a bug of ours, and keeps its stack. */
export function failureOf(error: unknown, job: TaskJob): TaskResult {
  if (error instanceof UnreachableError) return { status: 'unreachable', error };
  if (error instanceof ModuleError) {
    return { status: 'failed', error: placed(error, job.task.source), data: error.data };
  }
  if (error instanceof DroverError) {
    return { status: 'failed', error: placed(error, job.task.source), data: {} };
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  const message = `drover itself failed in module "${job.task.module}": ${bug.message}`;
  const wrapped = new DroverError(message, {
    code: 'DROVER_BUG',
    source: job.task.source,
    cause: bug,
  });
  return { status: 'failed', error: wrapped, data: { exception: bug.stack } };
}
