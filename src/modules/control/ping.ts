import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineAction } from '../module.ts';
import { text } from '../params.ts';

export const ping = defineAction({
  name: 'ping',
  summary: 'Check that a host can be reached and runs a shell',
  params: z.strictObject({
    data: text().default('pong').describe('What to send back; `crash` makes the task fail.'),
  }),
  examples: ['- ping:\n'],
  returns: { ping: 'What was sent back.' },
  checkMode: 'run',

  async run({ target }, { data }) {
    if (data === 'crash') throw new ModuleError('boom');
    const { stdout } = await target.sh('printf %s "$1"', { kind: 'probe', args: [data] });
    return { changed: false, data: { ping: stdout.toString('utf8') } };
  },
});
