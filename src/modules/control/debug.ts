import * as z from 'zod';
import { DroverError } from '../../core/errors.ts';
import { isDict, toPlain, type Value } from '../../core/values.ts';
import type { Controller } from '../controller.ts';
import { defineAction } from '../module.ts';
import { anyValue, integer } from '../params.ts';

export const debug = defineAction({
  name: 'debug',
  summary: 'Show a message or the value of an expression',
  params: z
    .strictObject({
      msg: anyValue().optional().describe('What to show. Default: Hello world!'),
      var: anyValue().optional().describe('An expression, without braces, to show with its value.'),
      verbosity: integer().default(0).describe('Show it only with this many -v.'),
    })
    .refine((params) => params.msg === undefined || params.var === undefined, {
      message: "'msg' and 'var' are incompatible options",
    }),
  expressions: ['var'],
  examples: [
    '- debug:\n    msg: "{{ inventory_hostname }} runs {{ ansible_distribution }}"\n',
    '- debug:\n    var: result.stdout_lines\n    verbosity: 1\n',
  ],
  returns: { msg: 'The message.' },
  runsOn: 'controller',
  checkMode: 'run',

  run({ controller }, { msg, var: expression, verbosity }) {
    if (verbosity > controller.verbosity) {
      return { changed: false, skipped: 'Verbosity threshold not met.' };
    }
    if (expression === undefined) {
      return { changed: false, data: { msg: toPlain(msg ?? 'Hello world!') } };
    }
    return { changed: false, data: { [nameOf(expression)]: valueFor(expression, controller) } };
  },
});

/** The key under which the value is shown: the expression itself, or the kind of a written list or dict. */
function nameOf(expression: Value): string {
  if (Array.isArray(expression)) return "<class 'list'>";
  return isDict(expression) ? "<class 'dict'>" : String(expression);
}

function valueFor(expression: Value, controller: Controller): unknown {
  try {
    return toPlain(evaluated(expression, controller));
  } catch (error) {
    if (error instanceof DroverError && error.code === 'DROVER_UNDEFINED') {
      return 'VARIABLE IS NOT DEFINED!';
    }
    throw error;
  }
}

function evaluated(expression: Value, controller: Controller): Value {
  if (Array.isArray(expression)) return expression.map((item) => evaluated(item, controller));
  if (isDict(expression)) {
    return new Map([...expression].map(([key, item]) => [key, evaluated(item, controller)]));
  }
  const text = String(expression);
  if (!text.includes('{{')) return controller.evaluate(text);
  const value = controller.template(text);
  return typeof value === 'string' && isName(value) ? controller.evaluate(value) : value;
}

/** `var: "{{ name_of_a_variable }}"` shows that variable. */
function isName(text: string): boolean {
  return /^[A-Za-z_][\w.[\]'"]*$/.test(text);
}
