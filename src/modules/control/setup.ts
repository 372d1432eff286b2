import * as z from 'zod';
import { fromPlain } from '../../core/values.ts';
import { gatherFacts } from '../../target/facts.ts';
import type { Target } from '../../target/target.ts';
import { type ActionOutcome, defineAction } from '../module.ts';
import { integer, list, path, text } from '../params.ts';

export const setupParams = {
  gather_subset: list(text())
    .default(['all'])
    .describe('Families or facts to gather: `all`, `min`, `network`, …; `!name` leaves one out.'),
  filter: list(text())
    .default([])
    .describe('Shell patterns of the names to return, with or without `ansible_`.'),
  fact_path: path()
    .default('/etc/ansible/facts.d')
    .describe("Directory of the host's own facts (`*.fact`)."),
  gather_timeout: integer().default(10).describe('Without effect: facts take one request.'),
} satisfies z.ZodRawShape;

const SetupParams = z.object(setupParams);

export const setup = defineAction({
  name: 'setup',
  summary: 'Gather facts about a host: its distribution, addresses, memory, disks and so on',
  params: z.strictObject(setupParams),
  examples: [
    '- setup:\n',
    '- setup:\n    gather_subset: ["!all", network]\n    filter: ansible_default_ipv4\n',
  ],
  returns: { ansible_facts: 'The facts, with the prefix `ansible_`.' },
  checkMode: 'run',

  run: ({ target }, params) => gatheredFacts(target, params),
});

/** Facts as return keys, and as facts of the host. */
export async function gatheredFacts(
  target: Target,
  { gather_subset: subset, filter, fact_path: factPath }: z.output<typeof SetupParams>,
): Promise<ActionOutcome> {
  const facts = await gatherFacts(target, { subset, filter, factPath });
  const named = Object.entries(facts).map(([name, value]) => [prefixed(name), value] as const);
  return {
    changed: false,
    data: { ansible_facts: Object.fromEntries(named) },
    effects: [
      {
        type: 'hostFacts',
        facts: new Map(named.map(([name, value]) => [name, fromPlain(value)])),
      },
    ],
  };
}

/** Facts are variables with this prefix. */
function prefixed(name: string): string {
  return name.startsWith('ansible_') ? name : `ansible_${name}`;
}
