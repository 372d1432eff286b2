import { describe, expect, it } from 'vitest';
import { playRoot } from '../../../../src/engine/plays/playTree.ts';
import { StartAt } from '../../../../src/engine/plays/startAt.ts';
import { Stepper } from '../../../../src/engine/plays/stepper.ts';
import type { Task } from '../../../../src/playbook/model.ts';
import { loadPlay } from '../../playbook/loading.ts';

const play = await loadPlay({
  '/p/site.yml': `- hosts: a
  roles: [r]
  tasks:
    - {name: one, debug: }
    - block: [{name: two, debug: }]
      rescue: [{name: rescue, debug: }]
      always: [{name: three, debug: }]
`,
  '/p/roles/r/tasks/main.yml': '- {name: in role, debug: }\n',
});
const root = () => playRoot(play, undefined);

function skipped(wanted: string | undefined, isSelected: (task: Task) => boolean = () => true) {
  const start = new StartAt(wanted);
  const names = [...start.skippedIn(root(), isSelected)]
    .filter(({ module }) => module === 'debug')
    .map(({ name }) => name?.value);
  return { names, isAhead: start.isAhead };
}

describe('--start-at-task', () => {
  it.each<[string | undefined, readonly string[], boolean]>([
    [undefined, [], false],
    ['one', ['in role'], false],
    ['r : in role', [], false],
    ['t*', ['in role', 'one'], false],
    ['three', ['in role', 'one', 'two'], false],
    ['rescue', ['in role', 'one', 'two', 'three'], true],
  ])('%s', (wanted, names, isAhead) => {
    expect(skipped(wanted)).toEqual({ names, isAhead });
  });

  it('does not start at a task that tags leave out', () => {
    const result = skipped('t*', ({ name }) => name?.value !== 'two');
    expect(result.names).toEqual(['in role', 'one', 'two']);
  });
});

describe('--step', () => {
  const ref = {
    id: '1',
    name: 'n',
    module: 'm',
    kind: 'task',
    source: { file: 'f', line: 1, column: 1 },
  } as const;

  it('runs what is answered with yes, and all after continue', async () => {
    const answers = ['n', 'yes', '', 'c'];
    const stepper = new Stepper(true, async () => answers.shift());
    const ran: boolean[] = [];
    for (let i = 0; i < 5; i += 1) ran.push(await stepper.mayRun(ref));
    expect(ran).toEqual([false, true, false, true, true]);
  });
});
