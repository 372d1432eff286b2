/** The one place where an exception becomes a result. */
import { DroverError, ModuleError, UnreachableError } from '../../core/errors.ts';
import type { TaskResult } from '../../core/results.ts';
import { isUndefinedError } from '../../template/template.ts';
import { placed } from './taskArguments.ts';
import type { TaskJob } from './taskJob.ts';

/** Errors without a position get that of the task. What is no `DroverError` is a bug of ours, and keeps its stack. */
export function failureOf(error: unknown, job: TaskJob): TaskResult {
  if (isInterruption(error)) {
    return { status: 'failed', error: placed(interrupted(error), job.task.source), data: {} };
  }
  if (error instanceof UnreachableError) return { status: 'unreachable', error };
  if (error instanceof ModuleError) {
    return { status: 'failed', error: placed(error, job.task.source), data: error.data };
  }
  if (error instanceof DroverError) {
    const told = error.resultMessage ?? undefinedMessage(error);
    const data = told === undefined ? {} : { msg: told };
    return { status: 'failed', error: placed(error, job.task.source), data };
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

/** In the words that playbooks look for. */
function undefinedMessage(error: DroverError): string | undefined {
  if (!isUndefinedError(error)) return undefined;
  return `The task includes an option with an undefined variable. The error was: ${error.message}`;
}

/** What ends a task when the run is interrupted: a wait, a command, or the session itself. */
function isInterruption(error: unknown): error is Error {
  if (error instanceof DroverError) return INTERRUPTIONS.has(error.code);
  return error instanceof Error && error.name === 'AbortError';
}

const INTERRUPTIONS: ReadonlySet<string> = new Set(['DROVER_CANCELLED', 'DROVER_SESSION_CLOSED']);

function interrupted(cause: Error): ModuleError {
  return new ModuleError('interrupted before it was through', {
    code: 'DROVER_INTERRUPTED',
    hint: 'run the playbook again: it takes up what is left',
    cause,
  });
}
