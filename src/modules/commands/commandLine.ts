/** What `command` and `shell` share: their parameters, the script that starts a command, and their return keys. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import type { ShellResult } from '../../target/target.ts';
import { hostJson } from '../hostJson.ts';
import type { ActionContext, ActionOutcome, HostJob } from '../module.ts';
import { boolean, path, text } from '../params.ts';
import { startScript, toldBy } from './startScript.ts';

export const startParams = {
  chdir: path().optional().describe('Directory to change to first.'),
  creates: path().optional().describe('A path or glob; when it exists, the command is not run.'),
  removes: path()
    .optional()
    .describe('A path or glob; when it does not exist, the command is not run.'),
} satisfies z.ZodRawShape;

export const commandParams = {
  ...startParams,
  stdin: text().optional().describe("Text for the command's standard input."),
  stdin_add_newline: boolean().default(true).describe('Add a newline to `stdin`.'),
  strip_empty_ends: boolean()
    .default(true)
    .describe('Remove newlines from the ends of `stdout` and `stderr`.'),
  warn: boolean().optional().describe('Without effect; still taken because old playbooks set it.'),
} satisfies z.ZodRawShape;

export const commandReturns = {
  cmd: 'The command: a list of words, or the line that the shell got.',
  rc: 'Its exit code.',
  stdout: 'What it wrote to standard output.',
  stdout_lines: 'The same as a list of lines.',
  stderr: 'What it wrote to standard error.',
  stderr_lines: 'The same as a list of lines.',
  start: 'When it was started.',
  end: 'When it ended.',
  delta: 'How long it took.',
};

const Start = z.object({ ...commandParams });

/** A command ready to start. `argv` is what the host executes, `cmd` what the result shows. */
export interface CommandRun extends z.output<typeof Start> {
  readonly argv: readonly string[];
  readonly cmd: string | readonly string[];
  /** Whether `$NAME` and a leading `~` in `argv` are expanded on the host. */
  readonly expands: boolean;
}

const Remembered = z.object({
  ...commandParams,
  argv: z.array(z.string()),
  cmd: z.union([z.string(), z.array(z.string())]),
  expands: z.boolean(),
});

/** Runs it, or says why not, in one round trip. */
export async function runCommand(
  { target, controller, checkMode, signal }: ActionContext,
  run: CommandRun,
): Promise<ActionOutcome> {
  const startedAt = controller.now();
  const { script, args, stdin } = startRequest(run, checkMode);
  const input = stdin === undefined ? {} : { stdin };
  const result = await target.sh(script, { kind: 'command', args, ...input, signal });
  return commandOutcome(run, result, { startedAt, endedAt: controller.now(), checkMode });
}

/** The script that starts the command, with all that it takes. */
export function startRequest(run: CommandRun, dryRun: boolean): Omit<HostJob, 'memo'> {
  return {
    script: startScript({ expands: run.expands, dryRun }),
    args: [run.chdir ?? '', run.creates ?? '', run.removes ?? '', ...run.argv],
    stdin: run.stdin === undefined ? undefined : stdinText(run.stdin, run.stdin_add_newline),
  };
}

/** The command as a job that the host runs on its own; `commandOf` reads its memo. */
export function commandJob(run: CommandRun): HostJob {
  return { ...startRequest(run, false), memo: JSON.stringify({ ...run, stdin: undefined }) };
}

/** The command that a job's memo tells of. */
export function commandOf(memo: string): CommandRun {
  return Remembered.parse(hostJson(memo, 'the file of the job'));
}

export interface Circumstances {
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly checkMode: boolean;
}

/**
 * What became of a command that `startScript` was to start.
 * @throws ModuleError when it failed, or could not start.
 */
export function commandOutcome(
  run: CommandRun,
  result: ShellResult,
  when: Circumstances,
): ActionOutcome {
  const told = toldBy(result.stdout);
  return told === undefined ? finished(run, result, when) : notStarted(run, told, result, when);
}

/** @param told see `startScript.ts` @throws ModuleError when the command could not start. */
export function notStarted(
  run: CommandRun,
  told: string,
  { stderr }: Pick<ShellResult, 'stderr'>,
  { checkMode }: Circumstances,
): ActionOutcome {
  const { cmd } = run;
  const verb = checkMode ? 'Would' : 'Did';
  switch (told) {
    case 'c':
      return notRun(cmd, `${verb} not run command since '${run.creates}' exists`, {
        stdout: `skipped, since ${run.creates} exists`,
      });
    case 'm':
      return notRun(cmd, `${verb} not run command since '${run.removes}' does not exist`, {
        stdout: `skipped, since ${run.removes} does not exist`,
      });
    case 'w':
      return wouldRun(run);
    case 'd':
      throw noDirectory(run, stderr);
    case 'n':
      throw notFound(run);
    default:
      throw new ModuleError('the shell on the host could not start the command', {
        data: { cmd, stderr: stderr.toString('utf8') },
      });
  }
}

const NOTHING = { rc: 0, stdout: '', stderr: '', start: null, end: null, delta: null };

function notRun(cmd: CommandRun['cmd'], msg: string, extra: ResultData): ActionOutcome {
  return { changed: false, data: { ...NOTHING, cmd, msg, ...extra } };
}

/** In check mode nobody knows what a command changes; with `creates` or `removes` it is known that it would run. */
function wouldRun({ cmd, creates, removes }: CommandRun): ActionOutcome {
  const msg = 'Command would have run if not in check mode';
  const data = { ...NOTHING, cmd, msg };
  const isGuarded = creates !== undefined || removes !== undefined;
  return isGuarded ? { changed: true, data } : { changed: false, data, skipped: msg };
}

function noDirectory({ cmd, chdir }: CommandRun, stderr: Buffer): ModuleError {
  const reason = stderr.toString('utf8').trim();
  return new ModuleError(`Unable to change directory before execution: ${chdir}: ${reason}`, {
    data: { ...NOTHING, cmd, rc: null },
  });
}

function notFound({ argv: [name = ''], cmd }: CommandRun): ModuleError {
  return new ModuleError(`[Errno 2] No such file or directory: '${name}'`, {
    hint: `"${name}" is not in the PATH of the host; a pipeline or a builtin needs the shell module`,
    data: { ...NOTHING, cmd, rc: 2 },
  });
}

function finished(run: CommandRun, result: ShellResult, when: Circumstances): ActionOutcome {
  const read = (output: Buffer) => ended(output.toString('utf8'), run.strip_empty_ends);
  const data = {
    cmd: run.cmd,
    rc: result.rc,
    stdout: read(result.stdout),
    stderr: read(result.stderr),
    ...timesOf(when),
  };
  if (result.rc === 0) return { changed: true, data: { ...data, msg: '' } };
  throw new ModuleError('non-zero return code', { data: { ...data, changed: true } });
}

function ended(text: string, strip: boolean): string {
  return strip ? text.replace(/[\r\n]+$/, '') : text;
}

function stdinText(stdin: string, addNewline: boolean): string {
  return addNewline ? `${stdin}\n` : stdin;
}

/** `2026-11-21 06:36:31.712000`, local time, and `0:00:00.003000`: the forms that playbooks parse. */
export function timesOf({
  startedAt,
  endedAt,
}: Pick<Circumstances, 'startedAt' | 'endedAt'>): ResultData {
  return {
    start: timestamp(startedAt),
    end: timestamp(endedAt),
    delta: elapsed(endedAt.getTime() - startedAt.getTime()),
  };
}

export function timestamp(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return `${local.toISOString().replace('T', ' ').replace('Z', '')}000`;
}

function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const pad = (value: number) => String(value).padStart(2, '0');
  const clock = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${clock}.${String(milliseconds % 1000).padStart(3, '0')}000`;
}
