import * as z from 'zod';
import { defineAction } from '../module.ts';

/** The engine carries `meta` tasks out itself, between the tasks of the hosts; this is their schema and documentation. */
export const meta = defineAction({
  name: 'meta',
  summary: 'Steer the run: flush handlers, end a play or host, reset the connection',
  params: z.strictObject({
    free_form: z
      .enum([
        'clear_facts',
        'clear_host_errors',
        'end_batch',
        'end_host',
        'end_play',
        'end_role',
        'flush_handlers',
        'noop',
        'refresh_inventory',
        'reset_connection',
      ])
      .describe('What to do.'),
  }),
  freeForm: 'free_form',
  examples: ['- meta: flush_handlers\n', '- meta: end_host\n  when: is_done\n'],
  runsOn: 'controller',
  checkMode: 'run',

  run() {
    throw new Error('meta tasks are carried out by the engine');
  },
});
