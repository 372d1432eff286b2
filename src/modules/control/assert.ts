import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { toPlain, type Value } from '../../core/values.ts';
import type { Controller } from '../controller.ts';
import { defineAction } from '../module.ts';
import { anyValue, boolean, requiredValue } from '../params.ts';

export const assert = defineAction({
  name: 'assert',
  summary: 'Fail unless conditions hold',
  params: z.strictObject({
    that: requiredValue().describe('A condition, or a list of them, as `when` takes them.'),
    fail_msg: anyValue()
      .optional()
      .describe('The message when one does not hold.')
      .meta({ aliases: ['msg'] }),
    success_msg: anyValue().optional().describe('The message when all hold.'),
    quiet: boolean().default(false).describe('Do not list the conditions.'),
  }),
  expressions: ['that'],
  examples: [
    '- assert:\n    that:\n      - ansible_memtotal_mb >= 1024\n      - domain is defined\n    fail_msg: too small, or no domain\n',
  ],
  returns: {
    assertion: 'The condition that does not hold.',
    evaluated_to: 'False, when one does not hold.',
  },
  runsOn: 'controller',
  checkMode: 'run',

  run({ controller }, { that, quiet, fail_msg: failure, success_msg: success }) {
    for (const condition of conditionsOf(that, controller)) {
      if (controller.condition(condition)) continue;
      throw new ModuleError(messageOf(failure ?? 'Assertion failed'), {
        code: 'DROVER_ASSERTION_FAILED',
        data: {
          assertion: toPlain(condition),
          evaluated_to: false,
          ...(failure === undefined ? {} : { msg: toPlain(failure) }),
        },
      });
    }
    if (quiet) return { changed: false };
    return { changed: false, data: { msg: toPlain(success ?? 'All assertions passed') } };
  },
});

/** A text that is nothing but a template may stand for the whole list. */
function conditionsOf(that: Value, controller: Controller): readonly Value[] {
  if (Array.isArray(that)) return that;
  if (typeof that !== 'string' || !/^\s*\{\{.*\}\}\s*$/s.test(that)) return [that];
  const value = controller.template(that);
  return Array.isArray(value) ? value : [value];
}

function messageOf(message: Value): string {
  return Array.isArray(message) ? message.map(String).join('\n') : String(message);
}
