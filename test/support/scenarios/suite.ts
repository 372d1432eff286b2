/** Scenarios on a host of the fleet by drover, and at the same time by Ansible on a host that has Python: both must agree. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetDown, fleetMissing, fleetUp } from '../../fleet/fleet.ts';
import { stateFor } from '../../fleet/state.ts';
import { hasAnsible } from '../ansible.ts';
import { type AnsibleDeed, runByAnsible } from './ansibleSide.ts';
import type { Alteration } from './hostState.ts';
import { type Deed, runScenario } from './ourSide.ts';
import type { Scenario } from './scenario.ts';
import { type ScenarioHost, scenarioHost } from './scenarioHost.ts';

export interface HostSuite {
  readonly title: string;
  /** Name of the fleet. */
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  /** Shell script that both hosts run as root before anything is looked at. */
  readonly prepare?: string;
}

export function testHostScenarios({ title, name, scenarios, prepare }: HostSuite): void {
  const missing = fleetMissing();
  const skips = missing.length > 0 && process.env['CI'] === undefined;
  if (missing.length > 0)
    process.stderr.write(`no fleet on this machine:\n${missing.join('\n')}\n`);
  const compares = hasAnsible();
  if (!compares) process.stderr.write('no ansible-playbook here: modules run without it\n');
  const numbered = scenarios.map((scenario, index) => ({ number: index + 1, scenario }));
  const comparable = numbered.filter(({ scenario }) => scenario.unlikeAnsible === undefined);

  describe.skipIf(skips)(title, () => {
    const sides = useSides({ name, prepare }, compares ? comparable : undefined);
    const ours = new Map<number, Deed>();

    it.for(numbered)('$number $scenario.module $scenario.args', async (each, context) => {
      const { number, scenario } = each;
      ours.set(number, await runScenario(scenario, sides.ours(), context));
    });

    it.skipIf(!compares).for(comparable)(
      '$number $scenario.module $scenario.args, the same by Ansible',
      async ({ number, scenario }) => {
        const their = (await sides.theirs()).get(number);
        if (their === undefined || their instanceof Error) throw their;
        expectSame(scenario, ours.get(number), their);
      },
    );
  });
}

interface Numbered {
  readonly number: number;
  readonly scenario: Scenario;
}

/** Both hosts of the fleet `name`; Ansible begins at once and goes on beside drover. */
function useSides(
  { name, prepare }: Pick<HostSuite, 'name'> & { readonly prepare: string | undefined },
  comparable: readonly Numbered[] | undefined,
) {
  const state = stateFor(name);
  const hosts: ScenarioHost[] = [];
  let theirs: Promise<ReadonlyMap<number, AnsibleDeed | Error>>;
  const raise = async (python: boolean): Promise<ScenarioHost> => {
    const host = await scenarioHost(await fleetUp({ state, hosts: 1, python }), prepare);
    hosts.push(host);
    return host;
  };
  beforeAll(async () => {
    await raise(false);
    if (comparable === undefined) return;
    theirs = playedByAnsible(comparable, await raise(true));
    theirs.catch(() => undefined);
  });
  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await fleetDown({ state });
  });
  const ours = () => {
    const [plain] = hosts;
    if (plain === undefined) throw new Error('the fleet has no host');
    return plain;
  };
  return { ours, theirs: () => theirs };
}

async function playedByAnsible(comparable: readonly Numbered[], host: ScenarioHost) {
  const played = comparable.map(({ scenario }) => scenario);
  const deeds = await runByAnsible(played, host);
  return new Map(
    comparable.map(({ number }, index) => [number, deeds[index] ?? new Error('not played')]),
  );
}

function expectSame(scenario: Scenario, our: Deed | undefined, their: AnsibleDeed): void {
  const { changed, actsAlways = false, sameKeys = [], otherFiles } = scenario;
  expect(their.changed).toEqual([changed, actsAlways]);
  if (scenario.shows !== undefined) expect(their.shown).toBe(scenario.shows);
  if (our === undefined) return;
  expect(our.shown).toBe(their.shown);
  const left = (deed: Deed) => endState(deed.alterations, otherFiles);
  expect(left(our)).toEqual(left(their));
  const returned = (deed: Deed) => sameKeys.map((key) => [key, deed.data[key]]);
  expect(returned(our)).toEqual(returned(their));
}

/** What is left of what was touched. The names of backups hold a time and a process id. */
function endState(alterations: readonly Alteration[], others: RegExp | undefined): string[] {
  return alterations
    .filter(({ what }) => others?.test(what) !== true)
    .map(({ what, after = 'gone' }) => {
      const name = what.replace(/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/, '.<backup>~');
      return `${name}: ${after}`;
    });
}
