import * as z from 'zod';
import { timestamp } from '../commands/commandLine.ts';
import type { Controller } from '../controller.ts';
import { defineAction } from '../module.ts';
import { boolean, float, text } from '../params.ts';

export const pause = defineAction({
  name: 'pause',
  summary: 'Wait for a time, or for an answer',
  description:
    'On a terminal Ctrl-C asks whether to go on (C) or to abort (A). Without one a prompt is answered with nothing, and the run goes on.',
  params: z
    .strictObject({
      seconds: float().optional().describe('How long to wait, in seconds.'),
      minutes: float().optional().describe('How long to wait, in minutes.'),
      prompt: text().optional().describe('What to ask.'),
      echo: boolean().default(true).describe('Show what is typed.'),
    })
    .refine(({ seconds, minutes }) => seconds === undefined || minutes === undefined, {
      message: 'parameters are mutually exclusive: minutes|seconds',
    }),
  examples: [
    '- pause:\n    seconds: 30\n',
    '- pause:\n    prompt: Make sure that nobody is logged in\n  register: answer\n',
  ],
  returns: {
    user_input: 'The answer.',
    start: 'When the wait began.',
    stop: 'When it ended.',
    delta: 'Seconds that it took.',
    stdout: 'The wait in words.',
    echo: 'The parameter.',
  },
  runsOn: 'controller',
  oncePerBatch: true,
  checkMode: 'predict',

  async run({ controller, checkMode, signal }, { seconds, minutes, prompt, echo }) {
    const started = controller.now();
    const waitMs = waitMilliseconds(seconds, minutes);
    const asked = { prompt, echo, signal };
    let answer: string | undefined;
    if (waitMs === undefined && !checkMode) answer = await ask(asked, controller);
    if (waitMs !== undefined && !checkMode) await wait(waitMs, asked, controller);
    const stopped = controller.now();
    const tookMs = stopped.getTime() - started.getTime();
    return {
      changed: false,
      data: {
        start: timestamp(started),
        stop: timestamp(stopped),
        delta: Math.floor(tookMs / 1000),
        stdout: `Paused for ${paused(tookMs, minutes !== undefined)}`,
        stderr: '',
        rc: 0,
        user_input: answer ?? '',
        echo,
      },
    };
  },
});

/** Undefined: wait for an answer. */
function waitMilliseconds(
  seconds: number | undefined,
  minutes: number | undefined,
): number | undefined {
  if (seconds === undefined && minutes === undefined) return undefined;
  return Math.max(0, seconds ?? (minutes ?? 0) * 60) * 1000;
}

interface Asked {
  readonly prompt: string | undefined;
  readonly echo: boolean;
  readonly signal: AbortSignal;
}

/** Waits; on a terminal the user can end it. */
async function wait(
  waitMs: number,
  { prompt, signal }: Asked,
  controller: Controller,
): Promise<void> {
  controller.log(`Pausing for ${Math.round(waitMs / 1000)} seconds`, 0);
  const keys = "(ctrl+C then 'C' = continue early, ctrl+C then 'A' = abort)\n";
  const text = prompt === undefined ? keys : `${keys}${prompt}:\n`;
  const answer = await controller.prompt(text, { echo: false, waitMs, mayAbort: true, signal });
  if (answer !== undefined) return;
  if (prompt !== undefined) controller.log(prompt, 0);
  await controller.sleep(waitMs, signal);
}

async function ask(
  { prompt, echo, signal }: Asked,
  controller: Controller,
): Promise<string | undefined> {
  const text = prompt ?? 'Press enter to continue, Ctrl+C to interrupt';
  const shown = echo ? `${text}:` : `${text} (output is hidden):`;
  const answer = await controller.prompt(shown, { echo, mayAbort: true, signal });
  if (answer === undefined) {
    controller.warn('Not waiting for response to prompt as stdin is not interactive');
  }
  return answer;
}

function paused(tookMs: number, inMinutes: boolean): string {
  const [amount, unit] = inMinutes ? [tookMs / 60_000, 'minutes'] : [tookMs / 1000, 'seconds'];
  const rounded = Math.round(amount * 100) / 100;
  return `${Number.isInteger(rounded) ? rounded.toFixed(1) : rounded} ${unit}`;
}
