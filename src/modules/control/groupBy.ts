import * as z from 'zod';
import { isDict } from '../../core/values.ts';
import { defineAction } from '../module.ts';
import { list, text } from '../params.ts';

export const groupBy = defineAction({
  name: 'group_by',
  summary: 'Put the host into a group made from its variables',
  params: z.strictObject({
    key: text().describe('Name of the group; blanks become hyphens.'),
    parents: list(text()).default(['all']).describe('Groups that the group belongs to.'),
  }),
  examples: ['- group_by:\n    key: os_{{ ansible_distribution }}\n    parents: [linux]\n'],
  returns: { add_group: 'The group.', parent_groups: 'Its parents.' },
  runsOn: 'controller',
  checkMode: 'run',

  run({ controller }, { key, parents }) {
    const group = groupName(key);
    const groups = controller.variable('groups') ?? null;
    const members = isDict(groups) ? groups.get(group) : undefined;
    const isMember = Array.isArray(members) && members.includes(controller.host);
    const parentGroups = parents.map(groupName);
    return {
      changed: !isMember,
      data: { add_group: group, parent_groups: parentGroups },
      effects: [{ type: 'addToGroup', group, parents: parentGroups }],
    };
  },
});

function groupName(text: string): string {
  return text.replaceAll(' ', '-');
}
