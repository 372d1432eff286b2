import { z } from 'zod';
import { timestamp } from '../commands/commandLine.ts';
import type { Controller } from '../controller.ts';
import { defineAction } from '../module.ts';
import { boolean, float, text } from '../params.ts';

export const pause = defineAction({
  name: 'pause',
  summary: 'Wait for a time, or for an answer',
  description: 'Without a terminal a prompt is answered with nothing, and the run goes on.',
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
    const answer =
      waitMs === undefined && !checkMode ? await ask(prompt, echo, controller) : undefined;
    if (waitMs !== undefined && prompt !== undefined) controller.log(prompt, 0);
    if (waitMs !== undefined && !checkMode) await controller.sleep(waitMs, signal);
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

async function ask(
  prompt: string | undefined,
  echo: boolean,
  controller: Controller,
): Promise<string | undefined> {
  const text = prompt ?? 'Press enter to continue, Ctrl+C to interrupt';
  const answer = await controller.prompt(`${text}:`, { echo });
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
