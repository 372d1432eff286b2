/**
 * A sample of the fault matrix: each fault at one step, several hosts of a run by faults of their own. `npm run faults` has all of
 * them at all steps; docs/reliability.md says what holds.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetDown, fleetMissing } from '../fleet/fleet.ts';
import { stateFor } from '../fleet/state.ts';
import type { Injection } from './experiment.ts';
import { FAULTS } from './faults.ts';
import { judged } from './matrix.ts';
import { numberOf, STEPS } from './site.ts';
import { Stage } from './stage.ts';

const missing = fleetMissing();
if (missing.length > 0) process.stderr.write(`no fleet on this machine:\n${missing.join('\n')}\n`);

/** Name of the fault, and number of the step in the midst of which it strikes. */
type Case = readonly [fault: string, step: string];

const ON_HOSTS: readonly (readonly Case[])[] = [
  [
    ['cut', '09'],
    ['silence', '06'],
    ['reboot', '08'],
    ['kill-command', '14'],
  ],
  [
    ['sshd', '07'],
    ['kill-session', '25'],
    ['disk-full', '09'],
    ['slow', '05'],
  ],
];
const ON_RUNNER: readonly (readonly Case[])[] = [
  [['interrupt', '14']],
  [['terminate', '05']],
  [['kill-runner', '09']],
  [['asleep', '06']],
];

/** Steps that take long by themselves: packages and jobs. */
const SLOW_STEPS = ['13', '23', '24', '26'];
const OPTIONS = { sleepMs: 5_000, limitMs: 120_000 };

describe.skipIf(missing.length > 0)('faults on real hosts', () => {
  const state = stateFor('faults');
  let stage: Stage;

  beforeAll(async () => {
    const without = STEPS.filter((step) => SLOW_STEPS.includes(numberOf(step)));
    const payloadBytes = 4 * 1024 * 1024;
    stage = await Stage.set({ state, payloadBytes, without, say: () => undefined });
  });

  afterAll(async () => {
    await stage?.close();
    await fleetDown({ state });
  });

  const injectionsOf = (cases: readonly Case[]): Injection[] =>
    cases.map(([name, number], index) => {
      const fault = FAULTS.find((each) => each.name === name);
      const step = STEPS.find((each) => numberOf(each) === number);
      const host = stage.places[index + 1]?.host.name;
      if (fault === undefined || step === undefined || host === undefined)
        throw new Error(`no such case: ${name} ${number}`);
      return { fault, step, host, point: 'during' };
    });

  it.each([...ON_HOSTS, ...ON_RUNNER].map((cases) => [names(cases), cases] as const))(
    '%s: no promise is broken',
    async (_names, cases) => {
      const verdicts = await judged(stage, injectionsOf(cases), OPTIONS);
      expect(verdicts.flatMap(({ findings }) => findings)).toEqual([]);
      expect(verdicts.filter(({ outcome }) => outcome === 'missed')).toEqual([]);
    },
  );
});

function names(cases: readonly Case[]): string {
  return cases.map(([name]) => name).join(', ');
}
