/** `expect`: a command on a terminal of the host, whose questions are answered. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import type { ResultData } from '../../../core/results.ts';
import { type ActionContext, type ActionOutcome, defineAction } from '../../module.ts';
import { boolean, dict, integer, list, path, text } from '../../params.ts';
import {
  type CommandRun,
  commandOutcome,
  notStarted,
  startRequest,
  timesOf,
} from '../commandLine.ts';
import { commandWords } from './commandWords.ts';
import { Dialogue } from './dialogue.ts';
import { converse, type TerminalEnd } from './terminal.ts';
import { TERMINAL_SCRIPT } from './terminalScript.ts';

const Params = z.strictObject({
  command: text().describe('The program and its arguments. No shell reads it.'),
  responses: dict(z.union([text(), list(text())])).describe(
    'Answers by question. A question is a regular expression as Python has them, a dot matches newlines too; `(?i)` in front ignores case. An answer that is a text is given each time, of a list one after the other.',
  ),
  timeout: integer()
    .nullable()
    .default(30)
    .describe('Seconds to wait for the next question, or the end; null: as long as it takes.'),
  echo: boolean().default(false).describe('Whether the terminal shows the answers.'),
  chdir: path().optional().describe('Directory to change to first.'),
  creates: path().optional().describe('When this path exists, the command is not run.'),
  removes: path().optional().describe('When this path does not exist, the command is not run.'),
});
type Params = z.output<typeof Params>;

export const expect = defineAction({
  name: 'expect',
  summary: 'Run a program on a terminal and answer its questions',
  description:
    "The terminal is made by the host's `script`, or by its Python. " +
    'In check mode it runs nothing; with `creates` or `removes` it tells whether it would.',
  params: Params,
  examples: [
    '- expect:\n    command: passwd deploy\n    responses:\n      (?i)password: "{{ deploy_password }}"\n  no_log: true\n',
    '- expect:\n    command: /opt/app/setup\n    responses:\n      "Question":\n        - first answer\n        - second answer\n    creates: /opt/app/installed\n    timeout: 120\n',
  ],
  returns: {
    cmd: 'The command.',
    rc: 'Its exit code; null when the time was over.',
    stdout: 'What it showed on the terminal.',
    start: 'When it was started.',
    end: 'When it ended.',
    delta: 'How long it took.',
  },
  checkMode: 'predict',
  run: runExpect,
});

async function runExpect(context: ActionContext, params: Params): Promise<ActionOutcome> {
  const run = commandRun(params);
  const dialogue = new Dialogue(params.responses);
  const startedAt = context.controller.now();
  const when = { startedAt, endedAt: startedAt, checkMode: context.checkMode };
  if (context.checkMode) {
    const { script, args } = startRequest(run, true);
    return commandOutcome(run, await context.target.sh(script, { args }), when);
  }
  const end = await onTerminal(context, run, params, dialogue);
  if (end.notStarted !== undefined) return unstarted(run, end.notStarted, when);
  return outcomeOf(end, {
    cmd: run.cmd,
    stdout: dialogue.output.replace(/[\r\n]+$/, ''),
    rc: end.rc ?? null,
    ...timesOf({ startedAt, endedAt: context.controller.now() }),
  });
}

function commandRun({ command, chdir, creates, removes }: Params): CommandRun {
  const argv = commandWords(command);
  if (argv.length === 0) throw new ModuleError('no command given', { data: { rc: 256 } });
  const unused = { stdin_add_newline: true, strip_empty_ends: true, expands: false };
  return { argv, cmd: command, chdir, creates, removes, ...unused };
}

async function onTerminal(
  { target, controller, signal }: ActionContext,
  { chdir = '', creates = '', removes = '', argv }: CommandRun,
  { echo, timeout }: Params,
  dialogue: Dialogue,
): Promise<TerminalEnd> {
  const mark = `drover-${randomBytes(16).toString('hex')}`;
  const args = [chdir, creates, removes, mark, echo ? 'echo' : '-echo', ...argv];
  const stream = await target.program(TERMINAL_SCRIPT, args);
  return converse(stream, dialogue, {
    mark,
    timeoutMs: timeout === null ? undefined : timeout * 1000,
    signal,
    sleep: (milliseconds) => controller.sleep(milliseconds, signal),
  });
}

/** @throws ModuleError when nothing on the host makes terminals, or as `notStarted`. */
function unstarted(
  run: CommandRun,
  how: string,
  when: Parameters<typeof commandOutcome>[2],
): ActionOutcome {
  if (how === 't') {
    throw new ModuleError(
      'this host has nothing that makes a terminal: script(1) and python3 are missing',
      {
        code: 'DROVER_TOOL_MISSING',
        hint: 'install the package bsdutils (Debian), util-linux-script (Fedora), util-linux (others) or util-linux-misc (Alpine)',
      },
    );
  }
  return notStarted(run, how, { stderr: Buffer.alloc(0) }, when);
}

/** @throws ModuleError when the command failed or took too long. */
function outcomeOf({ rc }: TerminalEnd, data: ResultData): ActionOutcome {
  if (rc === 0) return { changed: true, data };
  const msg = rc === undefined ? 'command exceeded timeout' : 'non-zero return code';
  throw new ModuleError(msg, { data: { ...data, changed: true } });
}
