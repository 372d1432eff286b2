import { expect, it } from 'vitest';
import { runPlaybook } from '../../support/runPlaybook.ts';

it('gives a task an id for each place where it runs, the same for all hosts and batches', async () => {
  const run = await runPlaybook({
    'hosts.ini': 'one\ntwo\n',
    'more.yml': '- name: included\n  debug:\n',
    'site.yml': `- hosts: all
  gather_facts: false
  serial: 1
  tasks:
    - include_tasks: more.yml
    - include_tasks: more.yml
    - name: own
      debug:
`,
  });
  const seen: string[] = [];
  const ids = run.events.flatMap((event) => {
    if (event.type !== 'hostFinished') return [];
    const { host, task } = event;
    if (!seen.includes(task.id)) seen.push(task.id);
    return [`${host} ${task.name} ${seen.indexOf(task.id)}`];
  });
  expect(ids).toEqual([
    'one included 0',
    'one included 1',
    'one own 2',
    'two included 0',
    'two included 1',
    'two own 2',
  ]);
});
