import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { toPlain, type Value } from '../../core/values.ts';
import { defineAction } from '../module.ts';
import { anyValue, boolean } from '../params.ts';

export const setFact = defineAction({
  name: 'set_fact',
  summary: 'Set variables of a host for the rest of the run',
  params: z
    .object({
      cacheable: boolean().default(false).describe('Keep them in the facts cache too.'),
    })
    .catchall(anyValue()),
  examples: ['- set_fact:\n    release_dir: "/srv/app/{{ version }}"\n    is_primary: true\n'],
  returns: { ansible_facts: 'The variables.' },
  runsOn: 'controller',
  checkMode: 'run',

  run(_context, { cacheable, ...given }) {
    const facts = new Map(
      Object.entries(given).map(([name, value]) => [checked(name), asSet(value)]),
    );
    if (facts.size === 0) {
      throw new ModuleError(
        'No key/value pairs provided, at least one is required for this action to succeed',
      );
    }
    const plain = Object.fromEntries([...facts].map(([name, value]) => [name, toPlain(value)]));
    return {
      changed: false,
      data: { ansible_facts: plain },
      effects: [{ type: 'setFacts', facts, cacheable }],
    };
  },
});

function checked(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new ModuleError(
    `The variable name '${name}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.`,
  );
}

/** The words yes, no, true and false are booleans here, as in the `key=value` form. */
function asSet(value: Value): Value {
  if (typeof value !== 'string') return value;
  const word = value.toLowerCase();
  if (word === 'true' || word === 'yes') return true;
  return word === 'false' || word === 'no' ? false : value;
}
