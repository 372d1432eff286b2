import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { isDict, toPlain, type Value } from '../../core/values.ts';
import type { Controller } from '../controller.ts';
import { defineAction } from '../module.ts';
import { anyValue, requiredValue } from '../params.ts';
import { type Arguments, argumentErrors, knownNames, unknownErrors } from './argumentSpec.ts';

export const validateArgumentSpec = defineAction({
  name: 'validate_argument_spec',
  summary: 'Check variables against an argument spec',
  description: 'Runs by itself before a role that has `meta/argument_specs.yml`.',
  params: z.strictObject({
    argument_spec: requiredValue().describe('The options of an entry point, by name.'),
    provided_arguments: anyValue()
      .optional()
      .describe('Values by name; what is not here is read from the variables.'),
    validate_args_context: anyValue()
      .optional()
      .describe('Where the spec comes from, for messages.'),
  }),
  examples: [
    '- validate_argument_spec:\n    argument_spec: {port: {type: int, required: true}}\n    provided_arguments: {port: 80}\n',
  ],
  returns: {
    argument_errors: 'What is wrong, one sentence each.',
    argument_spec_data: 'The spec.',
    validate_args_context: 'As given.',
  },
  runsOn: 'controller',
  checkMode: 'run',

  run(
    { controller },
    { argument_spec: spec, provided_arguments: provided, validate_args_context: context },
  ) {
    const options = dictOf(spec, 'argument_spec');
    const values = new Map([
      ...variablesFor(options, controller),
      ...dictOf(provided ?? new Map(), 'provided_arguments'),
    ]);
    const given = dictOf(provided ?? new Map(), 'provided_arguments');
    const isRole = isDict(context ?? null);
    const unknown = isRole ? [] : unknownErrors(options, given);
    const errors = [...unknown, ...argumentErrors(options, values)];
    const data = { validate_args_context: toPlain(context ?? new Map()) };
    if (errors.length === 0) {
      return { changed: false, data: { ...data, msg: 'The arg spec validation passed' } };
    }
    throw new ModuleError(`Validation of arguments failed:\n${errors.join('\n')}`, {
      code: 'DROVER_ARGUMENT_SPEC',
      hint: 'give the role these variables',
      data: { ...data, argument_errors: errors, argument_spec_data: toPlain(spec) },
    });
  },
});

/** Variables that the spec names, evaluated. One that cannot be is the error of the task that uses it. */
function variablesFor(options: Arguments, controller: Controller): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const name of knownNames(options)) {
    const value = controller.variable(name);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

function dictOf(value: Value, name: string): Arguments {
  if (isDict(value)) return new Map([...value].map(([key, item]) => [String(key), item]));
  throw new ModuleError(`"${name}" must be a dict`, { code: 'DROVER_INVALID_ARGUMENT' });
}
