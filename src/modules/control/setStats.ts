import * as z from 'zod';
import { toPlain, type Value } from '../../core/values.ts';
import { defineAction } from '../module.ts';
import { boolean } from '../params.ts';

export const setStats = defineAction({
  name: 'set_stats',
  summary: 'Add values to the statistics of the run',
  params: z.strictObject({
    data: z
      .custom<ReadonlyMap<Value, Value>>(
        (value) => value instanceof Map,
        'argument "data" must be a dict',
      )
      .describe('Names and values.'),
    per_host: boolean().default(false).describe('Keep them for this host, not for the whole run.'),
    aggregate: boolean().default(true).describe('Add to what is there instead of replacing it.'),
  }),
  examples: ['- set_stats:\n    data:\n      deployed: "{{ version }}"\n    per_host: true\n'],
  returns: { ansible_stats: 'What was added: `data`, `per_host`, `aggregate`.' },
  runsOn: 'controller',
  checkMode: 'run',

  run(_context, { data, per_host: perHost, aggregate }) {
    const stats = new Map([...data].map(([name, value]) => [String(name), value]));
    const plain = Object.fromEntries([...stats].map(([name, value]) => [name, toPlain(value)]));
    return {
      changed: false,
      data: { ansible_stats: { data: plain, per_host: perHost, aggregate } },
      effects: [{ type: 'setStats', stats, perHost, aggregate }],
    };
  },
});
