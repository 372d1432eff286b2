import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineAction } from '../module.ts';
import { text } from '../params.ts';

export const fail = defineAction({
  name: 'fail',
  summary: 'Fail with a message',
  params: z.strictObject({
    msg: text().default('Failed as requested from task').describe('Why.'),
  }),
  examples: [
    '- fail:\n    msg: The system may not be provisioned\n  when: cmdb_status != "ready"\n',
  ],
  runsOn: 'controller',
  checkMode: 'run',

  run(_context, { msg }) {
    throw new ModuleError(msg, { code: 'DROVER_FAIL' });
  },
});
