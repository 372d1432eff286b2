/** Plays that use what is to be checked: what is no playbook is checked in the place that a play would give it. */
import { basename, dirname, join } from 'node:path';

/** Where a play stands that uses a role: `roles/` and `group_vars/` of its project are beside it. */
export function besideRole(role: string, why: string): string {
  const above = dirname(role);
  const project = basename(above) === 'roles' ? dirname(above) : above;
  return join(project, `<${why} of ${basename(role)}>`);
}

export function besideFile(file: string): string {
  return join(dirname(file), `<tasks of ${basename(file)}>`);
}

export function rolePlay(role: string): string {
  return play('roles', [{ role }]);
}

/** A use of a role with a file of its own choosing. */
export function fragmentPlay(role: string, option: string, file: string): string {
  return play('tasks', [{ import_role: { name: role, [option]: file } }]);
}

export function tasksPlay(file: string): string {
  return play('tasks', [{ import_tasks: file }]);
}

/** JSON, which is YAML. */
function play(section: string, items: readonly object[]): string {
  return JSON.stringify([{ hosts: 'all', gather_facts: false, [section]: items }]);
}
