import * as z from 'zod';
import { defineAction } from '../module.ts';
import { boolean } from '../params.ts';
import { gatheredFacts, setupParams } from './setup.ts';

export const gatherFacts = defineAction({
  name: 'gather_facts',
  summary: 'Gather facts about a host, as a play does at its beginning',
  description:
    'The same as `setup`. Facts of other modules (`package_facts`, `service_facts`) are gathered by tasks of their own.',
  params: z.strictObject({
    parallel: boolean().optional().describe('Without effect: facts take one request.'),
    ...setupParams,
  }),
  examples: ['- gather_facts:\n', '- gather_facts:\n    gather_subset: [min, network]\n'],
  returns: { ansible_facts: 'The facts, with the prefix `ansible_`.' },
  checkMode: 'run',
  run: ({ target }, params) => gatheredFacts(target, params),
});
