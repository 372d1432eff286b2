/**
 * A sample of the fault matrix: each fault at one step. Several hosts of a run are struck by faults of their own; faults of the
 * runner strike runs of one host each, at the same time. `npm run faults` has all of them at all steps, and on five hosts;
 * docs/reliability.md says what holds.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetMissing } from '../fleet/fleet.ts';
import { stateFor } from '../fleet/state.ts';
import type { Injection } from './experiment.ts';
import { FAULTS } from './faults.ts';
import { judged, type Verdict } from './matrix.ts';
import { numberOf, STEPS } from './site.ts';
import type { Place, Stage } from './stage.ts';
import { HOSTS, Theatre } from './theatre.ts';

const missing = fleetMissing();
if (missing.length > 0) process.stderr.write(`no fleet on this machine:\n${missing.join('\n')}\n`);

/** Name of the fault, and number of the step in the midst of which it strikes. */
type Case = readonly [fault: string, step: string];

/** Faults that are waited for: half of the time nothing is done but that. The first host is struck by none. */
const WAITING: readonly Case[] = [
  ['silence', '15'],
  ['slow', '05'],
  ['reboot', '08'],
  ['disk-full', '09'],
];
/** Each of a run with one host; those of a pair go on side by side, and all of them beside the faults that are waited for. */
const ON_RUNNER: readonly (readonly Case[])[] = [
  [
    ['interrupt', '14'],
    ['asleep', '06'],
  ],
  [
    ['terminate', '05'],
    ['kill-runner', '09'],
  ],
];
const QUICK: readonly Case[] = [
  ['cut', '09'],
  ['sshd', '07'],
  ['kill-command', '14'],
  ['kill-session', '25'],
];

/** For the runs of one host. */
const SPARE_HOSTS = 2;
/** Steps that take long by themselves: packages and jobs. */
const SLOW_STEPS = ['13', '23', '24', '26'];
const OPTIONS = { sleepMs: 5_000, limitMs: 120_000 };

describe.skipIf(missing.length > 0)('faults on real hosts', () => {
  let theatre: Theatre;
  let stage: Stage;

  beforeAll(async () => {
    theatre = await Theatre.open({
      sets: 1,
      hosts: HOSTS + SPARE_HOSTS,
      state: stateFor('faults'),
      payloadBytes: 4 * 1024 * 1024,
      connectSeconds: 5,
      without: STEPS.filter((step) => SLOW_STEPS.includes(numberOf(step))),
      say: () => undefined,
    });
    stage = theatre.stage;
  });

  afterAll(() => theatre?.close());

  const runHosts = (): readonly string[] => stage.places.slice(0, HOSTS).map(nameOfPlace);
  const spareHosts = (): readonly string[] => stage.places.slice(HOSTS).map(nameOfPlace);

  async function struckTogether(cases: readonly Case[]): Promise<Verdict[]> {
    const part = stage.part(runHosts());
    try {
      return await judged(part, injectionsOf(cases, runHosts().slice(1)), OPTIONS);
    } finally {
      part.leave();
    }
  }

  async function struckInTurn(pairs: readonly (readonly Case[])[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const cases of pairs)
      verdicts.push(...(await judged(stage, injectionsOf(cases, spareHosts()), OPTIONS)));
    return verdicts;
  }

  it(`${names([...WAITING, ...ON_RUNNER.flat()])}: no promise is broken`, async () => {
    expectNoHarm(await Promise.all([struckTogether(WAITING), struckInTurn(ON_RUNNER)]));
  });

  it(`${names(QUICK)}: no promise is broken`, async () => {
    expectNoHarm([await struckTogether(QUICK)]);
  });
});

function injectionsOf(cases: readonly Case[], hosts: readonly string[]): Injection[] {
  return cases.map(([name, number], index) => {
    const fault = FAULTS.find((each) => each.name === name);
    const step = STEPS.find((each) => numberOf(each) === number);
    const host = hosts[index];
    if (fault === undefined || step === undefined || host === undefined)
      throw new Error(`no such case: ${name} ${number}`);
    return { fault, step, host, point: 'during' };
  });
}

function expectNoHarm(verdicts: readonly (readonly Verdict[])[]): void {
  const all = verdicts.flat();
  expect(all.flatMap(({ findings }) => findings)).toEqual([]);
  expect(all.filter(({ outcome }) => outcome === 'missed')).toEqual([]);
}

const nameOfPlace = ({ host }: Place): string => host.name;

function names(cases: readonly Case[]): string {
  return cases.map(([name]) => name).join(', ');
}
