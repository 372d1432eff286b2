import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineAction } from '../module.ts';
import { integer } from '../params.ts';
import { askUntil } from './answering.ts';

export const waitForConnection = defineAction({
  name: 'wait_for_connection',
  summary: 'Wait until the host can be reached and runs a shell',
  params: z.strictObject({
    timeout: integer().default(600).describe('Seconds to wait at most.'),
    delay: integer().default(0).describe('Seconds before the first attempt.'),
    sleep: integer().default(1).describe('Seconds between two attempts.'),
    connect_timeout: integer().default(5).describe('Seconds that one attempt may take.'),
  }),
  examples: ['- wait_for_connection:\n    delay: 10\n    timeout: 300\n'],
  returns: { elapsed: 'Seconds that it took.' },
  checkMode: 'skip',

  async run(context, { timeout, delay, sleep, connect_timeout: limit }) {
    const { controller, target, signal } = context;
    const startedMs = controller.now().getTime();
    const elapsedS = () => Math.floor((controller.now().getTime() - startedMs) / 1000);
    await controller.sleep(delay * 1000, signal);
    await target.reset();
    const question = {
      program: ':',
      isReached: ({ rc }: { readonly rc: number }) => rc === 0,
      limitMs: limit * 1000,
      pauseMs: sleep * 1000,
    };
    const answer = await askUntil(context, question, startedMs + timeout * 1000);
    if (typeof answer !== 'string') return { changed: false, data: { elapsed: elapsedS() } };
    throw new ModuleError(`timed out waiting for the connection to ${target.host}: ${answer}`, {
      code: 'DROVER_TIMEOUT',
      data: { elapsed: elapsedS() },
    });
  },
});
