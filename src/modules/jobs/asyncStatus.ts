import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import { type ActionOutcome, defineAction } from '../module.ts';
import { text } from '../params.ts';
import { forgetJob, type JobState, lookAtJob } from './hostJob.ts';
import { jobDirectory } from './jobDirectory.ts';

export const asyncStatus = defineAction({
  name: 'async_status',
  summary: 'Ask how a job that `async` started is doing',
  description:
    'While the job runs, `finished` is 0; afterwards the result is that of the job, and a failed job fails the task.',
  params: z.strictObject({
    jid: text().describe('The id of the job: `ansible_job_id` of what was registered.'),
    mode: z
      .enum(['status', 'cleanup'])
      .default('status')
      .describe('`cleanup` removes what the host keeps of the job.'),
  }),
  examples: [
    '- async_status:\n    jid: "{{ job.ansible_job_id }}"\n  register: result\n  until: result.finished\n  retries: 30\n  delay: 10\n',
  ],
  returns: {
    ansible_job_id: 'The id of the job.',
    started: '1',
    finished: 'Whether the job has ended: 0 or 1.',
    results_file: 'The status file of the job on the host.',
    erased: 'The status file that `cleanup` removed.',
    stdout: 'What the job wrote to standard output; further keys are those of its module.',
    stderr: 'What it wrote to standard error.',
  },
  checkMode: 'run',

  async run({ target, controller }, { jid, mode }) {
    if (!/^[\w.-]+$/.test(jid)) throw new ModuleError(`"${jid}" is no id of a job`);
    const place = { directory: jobDirectory(controller), id: jid };
    const state = await lookAtJob(target, place);
    if (state.kind === 'absent') throw noJob(jid, `${place.directory}/${jid}`);
    const common = { ansible_job_id: jid, started: 1, results_file: state.resultsFile };
    if (mode === 'cleanup') {
      const erased = await forgetJob(target, place);
      return { changed: false, data: { ...common, finished: 0, erased } };
    }
    return jobOutcome(state, common);
  },
});

/** What a state tells: the job's own outcome once it ended. @param common joins it. @throws ModuleError when the job failed. */
export function jobOutcome(
  state: Exclude<JobState, { kind: 'absent' }>,
  common: ResultData,
): ActionOutcome {
  switch (state.kind) {
    case 'running':
      return { changed: false, data: { ...NO_OUTPUT, ...common, finished: 0 } };
    case 'ended':
      return withData(state.outcome, { ...common, finished: 1 });
    case 'late':
      throw unfinished('the job took longer than async allows, and was ended', common);
    case 'lost':
      throw unfinished('the job ended without a trace: did the host restart?', common);
    default:
      return state satisfies never;
  }
}

const NO_OUTPUT = { stdout: '', stderr: '' };

function withData(outcome: () => ActionOutcome, more: ResultData): ActionOutcome {
  try {
    const { data, ...rest } = outcome();
    return { ...rest, data: { ...NO_OUTPUT, ...data, ...more } };
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    const { message, hint } = error;
    throw new ModuleError(message, { hint, data: { ...NO_OUTPUT, ...error.data, ...more } });
  }
}

function unfinished(message: string, common: ResultData): ModuleError {
  return new ModuleError(message, {
    code: 'DROVER_JOB_UNFINISHED',
    data: { ...NO_OUTPUT, ...common, finished: 1 },
  });
}

function noJob(jid: string, file: string): ModuleError {
  return new ModuleError('could not find job', {
    code: 'DROVER_NO_JOB',
    hint: 'jobs are kept for the user who started them: become the same user as the task with async',
    data: { ...NO_OUTPUT, ansible_job_id: jid, started: 1, finished: 1, results_file: file },
  });
}
