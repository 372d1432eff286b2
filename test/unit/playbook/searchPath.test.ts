import { describe, expect, test } from 'vitest';
import type { Item, Task } from '../../../src/playbook/model.ts';
import {
  fileCandidates,
  includeCandidates,
  searchPlace,
} from '../../../src/playbook/searchPath.ts';
import { loadPlay } from './loading.ts';

function firstTask(items: readonly Item[]): Task {
  for (const item of items) {
    if (item.kind === 'task') return item;
    if (item.block.length > 0) return firstTask(item.block);
  }
  throw new Error('no task');
}

const play = await loadPlay({
  '/p/site.yml': '- hosts: all\n  roles: [outer]\n  tasks: [{ping: }]\n',
  '/p/roles/outer/meta/main.yml': 'dependencies: [inner]\n',
  '/p/roles/inner/tasks/main.yml': '- import_tasks: sub/x.yml\n',
  '/p/roles/inner/tasks/sub/x.yml': '- ping:\n',
});

describe('fileCandidates', () => {
  test('in a role: its folder, the role that uses it, the folder of the task, the playbook', () => {
    const place = searchPlace(firstTask(play.roles.block), '/p');
    expect(fileCandidates('templates', 'a.j2', place)).toEqual([
      '/p/roles/inner/templates/a.j2',
      '/p/roles/inner/a.j2',
      '/p/roles/outer/templates/a.j2',
      '/p/roles/outer/a.j2',
      '/p/roles/inner/tasks/sub/templates/a.j2',
      '/p/roles/inner/tasks/sub/a.j2',
      '/p/templates/a.j2',
      '/p/a.j2',
    ]);
  });

  test('outside of roles', () => {
    const place = searchPlace(firstTask(play.tasks.block), '/p');
    expect(fileCandidates('files', 'a', place)).toEqual(['/p/files/a', '/p/a']);
    expect(fileCandidates('files', 'files/a', place)).toEqual(['/p/files/a']);
    expect(fileCandidates('files', '/etc/a', place)).toEqual(['/etc/a']);
  });
});

test('includeCandidates: beside the task first, then the tasks of the roles', () => {
  expect(includeCandidates('b.yml', firstTask(play.roles.block), '/p').slice(0, 3)).toEqual([
    '/p/roles/inner/tasks/sub/b.yml',
    '/p/roles/inner/tasks/b.yml',
    '/p/roles/inner/b.yml',
  ]);
});
