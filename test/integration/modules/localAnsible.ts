/** The same scenarios by the real Ansible on this machine, in one process for each processor. */

import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Module } from '../../../src/modules/module.ts';
import { fullName } from '../../../src/modules/registry.ts';
import { type AnsibleResult, playByAnsible } from '../../support/ansible.ts';
import type { LocalScenario, LocalSuite } from './localScenarios.ts';
import { placed, snapshotCommand, snapshotOf, startingFolder } from './scenarioFolder.ts';

export interface Theirs {
  /** The first and the second time. */
  readonly changed: readonly boolean[];
  /** The snapshot between the two. */
  readonly end: string;
  readonly data: AnsibleResult;
  readonly folder: string;
}

interface Play {
  readonly module: Module;
  readonly scenario: LocalScenario;
  readonly folder: string;
}

/** @returns what each scenario came to; an Error for one that failed. */
export async function runLocalAnsible(
  suites: readonly LocalSuite[],
  root: string,
): Promise<ReadonlyMap<LocalScenario, Theirs | Error>> {
  const plays = suites.flatMap(({ module, scenarios }) =>
    scenarios
      .filter(({ unlikeAnsible }) => unlikeAnsible === undefined)
      .map((scenario) => ({ module, scenario, folder: startingFolder(root, module, scenario) })),
  );
  const count = availableParallelism();
  const parts = Array.from({ length: count }, (_none, part) =>
    plays.filter((_play, index) => index % count === part),
  );
  const outcomes = await Promise.all(parts.map((part, index) => runPart(part, `${root}/${index}`)));
  return new Map(outcomes.flat());
}

/** What one process plays: Ansible takes a processor each, and most of its time is not the modules'. */
async function runPart(plays: readonly Play[], folder: string) {
  if (plays.length === 0) return [];
  mkdirSync(folder, { recursive: true });
  const tasks = plays.flatMap(tasksOf);
  const options = ['-c', 'local'];
  const results = await playByAnsible({ host: 'localhost', tasks, folder, options });
  return plays.map((play): [LocalScenario, Theirs | Error] => {
    const own = results.splice(0, tasksOf(play).length);
    return [play.scenario, outcomeOf(play, own)];
  });
}

/** What changes nothing at first needs no second time; what acts always needs its end looked at in between. */
function tasksOf({ module, scenario, folder }: Play): object[] {
  const { args, variables = {}, environment = {}, changed, actsAlways = false } = scenario;
  const task = {
    [fullName(module)]: placed(args, folder),
    vars: variables,
    environment: placed(environment, folder),
  };
  if (!changed) return [task];
  const snapshot = { 'ansible.builtin.raw': snapshotCommand(folder, scenario) };
  return actsAlways ? [task, snapshot, task] : [task, task];
}

function outcomeOf(play: Play, results: readonly AnsibleResult[]): Theirs | Error {
  const { scenario, folder } = play;
  const [first = {}] = results;
  const failed = results.find((result) => result['failed'] === true);
  if (failed !== undefined) return new Error(`ansible: ${JSON.stringify(failed)}`);
  const changed = [first['changed'] === true, results.at(-1)?.['changed'] === true];
  const between = results.length === 3 ? String(results[1]?.['stdout']).trimEnd() : undefined;
  const end = between ?? snapshotOf(folder, scenario);
  return { changed, end, data: first, folder };
}
