/** Connection variables in the spelling before 2.0: they work, and a warning names the one of today. */
import type { Problems } from '../source/problems.ts';
import type { Inventory, Variables } from './inventory.ts';

const NEW_NAMES: Readonly<Record<string, string>> = {
  ansible_ssh_host: 'ansible_host',
  ansible_ssh_port: 'ansible_port',
  ansible_ssh_user: 'ansible_user',
  ansible_ssh_pass: 'ansible_password',
  ansible_sudo: 'ansible_become',
  ansible_sudo_user: 'ansible_become_user',
  ansible_sudo_pass: 'ansible_become_password',
  ansible_sudo_exe: 'ansible_become_exe',
  ansible_sudo_flags: 'ansible_become_flags',
};

/** Each old name once, at the first place that sets it. */
export function warnOfOldNames(inventory: Inventory, problems: Problems): void {
  const places: Variables[] = [
    ...inventory.groupNames.map((group) => inventory.groupVars(group)),
    ...inventory.hostNames.map((host) => inventory.variablesOf(host)),
  ];
  for (const [old, current] of Object.entries(NEW_NAMES)) {
    const first = places.find((variables) => variables.has(old))?.get(old);
    if (first === undefined) continue;
    problems.deprecate(`"${old}" is an old spelling`, first.source, `write "${current}" instead`);
  }
}
