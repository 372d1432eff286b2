/** Starts, watches and forgets the jobs that `async` leaves on a host; see `jobScripts.ts` for what lies there. */
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import type { ShellResult, Target } from '../../target/target.ts';
import { commandOf, commandOutcome } from '../commands/commandLine.ts';
import { hostJson } from '../hostJson.ts';
import type { ActionOutcome, HostJob } from '../module.ts';
import {
  FOLLOW_SCRIPT,
  FORGET_SCRIPT,
  LOOK_SCRIPT,
  RESULT_SCRIPT,
  START_SCRIPT,
} from './jobScripts.ts';

/** Where a job is: its directory on the host, and its id. */
export interface JobPlace {
  readonly directory: string;
  readonly id: string;
}

export type JobState =
  | { readonly kind: 'absent' }
  /** `late`: its time ran out. `lost`: nothing on the host waits for it any more, and its end is not known. */
  | { readonly kind: 'running' | 'late' | 'lost'; readonly resultsFile: string }
  | {
      readonly kind: 'ended';
      readonly resultsFile: string;
      /** @throws ModuleError when the job failed. */
      readonly outcome: () => ActionOutcome;
    };

/** @returns the path of the status file. @throws ModuleError when the directory cannot be written. */
export async function startJob(
  target: Target,
  place: JobPlace,
  limitSeconds: number,
  { script, args, stdin, memo }: HostJob,
): Promise<string> {
  return lay(target, START_SCRIPT, [...words(place), String(limitSeconds), memo, script, ...args], {
    stdin: stdin ?? '',
  });
}

/** A job that drover follows itself; `endJob` tells its end. @returns the path of the status file. */
export async function announceJob(
  target: Target,
  place: JobPlace,
  limitSeconds: number,
): Promise<string> {
  return lay(target, FOLLOW_SCRIPT, [...words(place), String(limitSeconds), '{}'], {});
}

export async function endJob(target: Target, place: JobPlace, result: ResultData): Promise<void> {
  const args = [...words(place), JSON.stringify(result)];
  await target.sh(RESULT_SCRIPT, { kind: 'probe', args, mayRepeat: true });
}

export async function lookAtJob(target: Target, place: JobPlace): Promise<JobState> {
  const answer = await target.sh(LOOK_SCRIPT, {
    kind: 'probe',
    args: words(place),
    mayRepeat: true,
  });
  if (answer.rc === 3) return { kind: 'absent' };
  const line = answer.stdout.subarray(0, answer.stdout.indexOf('\n')).toString('utf8');
  const [state, rc, start, end, size, ...path] = line.split(' ');
  const resultsFile = path.join(' ');
  if (state === 'running' || state === 'late' || state === 'lost')
    return { kind: state, resultsFile };
  const from = line.length + 1;
  const memo = answer.stdout.subarray(from, from + Number(size)).toString('utf8');
  if (state === 'result') return { kind: 'ended', resultsFile, outcome: () => told(memo) };
  const stdout = answer.stdout.subarray(from + Number(size));
  const result: ShellResult = { rc: Number(rc), stdout, stderr: answer.stderr };
  const when = { startedAt: instant(start), endedAt: instant(end), checkMode: false };
  return {
    kind: 'ended',
    resultsFile,
    outcome: () => commandOutcome(commandOf(memo), result, when),
  };
}

/** Removes what the host keeps of a job. @returns the path of the status file. */
export async function forgetJob(target: Target, place: JobPlace): Promise<string> {
  const { stdout } = await target.sh(FORGET_SCRIPT, {
    kind: 'probe',
    args: words(place),
    mayRepeat: true,
  });
  return stdout.toString('utf8').trimEnd();
}

async function lay(
  target: Target,
  script: string,
  args: readonly string[],
  input: { readonly stdin?: string },
): Promise<string> {
  const { rc, stdout, stderr } = await target.sh(script, { args, ...input });
  if (rc === 0) return stdout.toString('utf8').trimEnd();
  throw new ModuleError(`the job could not be started: ${stderr.toString('utf8').trim()}`, {
    code: 'DROVER_JOB_NOT_STARTED',
    hint: 'ansible_async_dir names the directory of jobs on the host',
  });
}

/** The outcome of a job that drover followed, as it wrote it down. */
function told(text: string): ActionOutcome {
  const { changed, failed, msg, ...data } = hostJson(text, 'the file of the job') as Record<
    string,
    unknown
  >;
  const isChanged = changed === true;
  const said = msg === undefined ? data : { ...data, msg };
  if (failed !== true) return { changed: isChanged, data: said };
  throw new ModuleError(String(msg), { data: { ...said, changed: isChanged } });
}

function instant(seconds: string | undefined): Date {
  return new Date(Number(seconds) * 1000);
}

function words({ directory, id }: JobPlace): string[] {
  return [directory, id];
}
