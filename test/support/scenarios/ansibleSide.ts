/** The same scenarios by the real Ansible on a host that has Python: all in one process, which is what takes the time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullName } from '../../../src/modules/registry.ts';
import { type AnsibleResult, playByAnsible } from '../ansible.ts';
import { LOOK, STATE_FOLDER } from './hostState.ts';
import type { Deed } from './ourSide.ts';
import { moduleNamed, type Scenario } from './scenario.ts';
import type { ScenarioHost } from './scenarioHost.ts';

export interface AnsibleDeed extends Deed {
  /** The first and the second time. */
  readonly changed: readonly [boolean, boolean];
}

const RAW = 'ansible.builtin.raw';

/** The scripts around the tasks; what they print is fetched at the end. */
const AROUND = `${LOOK}
cd ${STATE_FOLDER}
case $1 in
  before) [ -e setup.$2 ] && sh setup.$2; cd ${STATE_FOLDER}; look >before.$2 ;;
  after) look >after.$2; cd /; [ -e ${STATE_FOLDER}/look.$2 ] && sh ${STATE_FOLDER}/look.$2 >${STATE_FOLDER}/shown.$2 ;;
esac 2>/dev/null
true`;

/** @returns what each scenario came to, in order; an Error for one that failed. */
export async function runByAnsible(
  scenarios: readonly Scenario[],
  host: ScenarioHost,
): Promise<(AnsibleDeed | Error)[]> {
  await placeScripts(scenarios, host);
  const folder = mkdtempSync(join(tmpdir(), 'drover-ansible-'));
  try {
    const tasks = scenarios.map(tasksOf);
    const options = host.ansibleOptions;
    const play = { host: '127.0.0.1', tasks: tasks.flat(), folder, options };
    const results = await playByAnsible(play);
    const texts = await collected(scenarios.length, host);
    return tasks.map(({ length }, index) => {
      const own = results.splice(0, length).filter(({ action }) => action !== RAW);
      const before = texts.at(`before.${index}`);
      // Nobody looked when nothing was prepared.
      if (before !== '') host.replay(before);
      const alterations = host.replay(texts.at(`after.${index}`));
      const shown = texts.at(`shown.${index}`).trim();
      return outcomeOf(own) ?? { ...deedOf(own), alterations, shown };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function placeScripts(scenarios: readonly Scenario[], { target }: ScenarioHost) {
  const place = (name: string, text: string) => target.writeFile(`${STATE_FOLDER}/${name}`, text);
  await place('around', AROUND);
  for (const [index, { setup, look }] of scenarios.entries()) {
    if (setup !== undefined) await place(`setup.${index}`, setup);
    if (look !== undefined) await place(`look.${index}`, look);
  }
}

/** What changes nothing at first needs no second time, and what nobody prepared is as it was left. */
function tasksOf(scenario: Scenario, index: number, all: readonly Scenario[]): object[] {
  const { module, args, setup, changed } = scenario;
  const around = (when: string) => ({ [RAW]: `sh ${STATE_FOLDER}/around ${when} ${index}` });
  const task = { [fullName(moduleNamed(module))]: args };
  const isLeft = setup === undefined && all[index - 1]?.actsAlways !== true;
  return [...(isLeft ? [] : [around('before')]), task, around('after'), ...(changed ? [task] : [])];
}

/** The files that the scripts made, in one request. */
async function collected(count: number, { output }: ScenarioHost) {
  const names = [...Array(count).keys()].flatMap((index) => [
    `before.${index}`,
    `after.${index}`,
    `shown.${index}`,
  ]);
  const mark = '=== end of a text';
  const script = `cd ${STATE_FOLDER}; for name in ${names.join(' ')}; do cat $name 2>/dev/null; echo '${mark}'; done`;
  const texts = (await output(script)).split(`${mark}\n`);
  return { at: (name: string) => texts[names.indexOf(name)]?.replace(mark, '') ?? '' };
}

function outcomeOf(results: readonly AnsibleResult[]): Error | undefined {
  const failed = results.find((each) => each['failed'] === true || each['unreachable'] === true);
  return failed && new Error(`ansible: ${JSON.stringify(failed)}`);
}

function deedOf(results: readonly AnsibleResult[]) {
  const [first = {}] = results;
  const again = results.at(-1)?.['changed'] === true;
  const changed: [boolean, boolean] = [first['changed'] === true, again];
  return { changed, data: first };
}
