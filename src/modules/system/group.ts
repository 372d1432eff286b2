/** `group`: groups of a host, with groupadd and its kin, or busybox's addgroup. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { boolean, integer, text } from '../params.ts';
import { script } from '../script.ts';
import { ACCOUNT_SHELL, type GroupEntry, groupEntry } from './accounts.ts';

const params = z.strictObject({
  name: text().describe('Name of the group.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall exist.'),
  gid: integer().optional().describe('Its number; without it the host picks one.'),
  gid_min: integer().optional().describe('Smallest number that the host may pick.'),
  gid_max: integer().optional().describe('Largest number that the host may pick.'),
  system: boolean().default(false).describe('Make a new group a system group.'),
  non_unique: boolean().default(false).describe('Allow a gid that another group has.'),
  local: boolean()
    .default(false)
    .describe('Look only at /etc/group, not at directory services such as LDAP.'),
  force: boolean().default(false).describe('Delete the group even if it is a primary group.'),
});
type Params = z.output<typeof params>;

interface GroupState {
  readonly entry: GroupEntry | undefined;
  /** The group that has the wanted gid. */
  readonly owner: GroupEntry | undefined;
}

type GroupOperation = { readonly type: 'create' | 'modify' | 'delete' };
type GroupChange = Change<GroupOperation>;

const OBSERVE = script`
local_only=$1
${ACCOUNT_SHELL}
printf 'entry %s\n' "$(database group "$2")"
[ -z "$3" ] || printf 'owner %s\n' "$(database group "$3")"
`;

const APPLY = script`
action=$1 name=$2 gid=$3 system=$4 non_unique=$5 force=$6 local_only=$7 gid_min=$8 gid_max=$9
${ACCOUNT_SHELL}
case $action in
  create)
    if has groupadd; then
      set -- -- "$name"
      [ "$non_unique" = no ] || set -- -o "$@"
      [ -z "$gid" ] || set -- -g "$gid" "$@"
      [ -z "$gid_max" ] || set -- -K GID_MAX="$gid_max" "$@"
      [ -z "$gid_min" ] || set -- -K GID_MIN="$gid_min" "$@"
      [ "$system" = no ] || set -- -r "$@"
      groupadd "$@"
    else
      need addgroup passwd
      set -- -- "$name"
      [ -z "$gid" ] || set -- -g "$gid" "$@"
      [ "$system" = no ] || set -- -S "$@"
      addgroup "$@"
    fi ;;
  modify)
    need groupmod "passwd (Debian), shadow (Alpine) or shadow-utils"
    if [ "$non_unique" = yes ]; then groupmod -o -g "$gid" -- "$name"; else groupmod -g "$gid" -- "$name"; fi ;;
  delete)
    if has groupdel; then
      if [ "$force" = yes ]; then groupdel -f -- "$name"; else groupdel -- "$name"; fi
    else need delgroup passwd; delgroup -- "$name"; fi ;;
esac >&2 || exit
database group "$name" || :
`;

export const group = defineResource({
  name: 'group',
  summary: 'Create, change and remove groups',
  params,
  examples: ['- group: { name: deploy, gid: 1500 }', '- group: { name: old, state: absent }'],
  returns: {
    name: 'The group.',
    gid: 'Its number, where the group exists.',
    state: 'What was asked.',
    system: 'Whether a system group was asked for.',
  },
  observe: (input) => ({ group: groupState(input) }),
  plan: (input, { group: state }) => planGroup(input, state),
  apply: (changes, target, input) => applyGroup(changes, target, input),
  result: ({ name, state, system, gid }, { group: { entry } }, changes) => {
    const number = changes.length > 0 ? gid : entry?.gid;
    return {
      name,
      state,
      system,
      ...(number === undefined || state === 'absent' ? {} : { gid: number }),
    };
  },
});

function groupState({ name, gid, local }: Params): Probe<GroupState> {
  return {
    script: OBSERVE,
    args: [local ? 'yes' : 'no', name, gid === undefined ? '' : String(gid)],
    parse: ({ stdout }) => {
      const lines = stdout.toString().split('\n');
      const find = (key: string) =>
        groupEntry(lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? '');
      return { entry: find('entry'), owner: find('owner') };
    },
  };
}

export function planGroup(
  { name, state, gid, non_unique, system }: Params,
  { entry, owner }: GroupState,
): readonly GroupChange[] {
  if (state === 'absent') return entry === undefined ? [] : [deletion(entry)];
  if (owner !== undefined && owner.name !== name && !non_unique) {
    throw new ModuleError(`gid ${gid} belongs to the group "${owner.name}"`, {
      hint: 'choose another gid, or set "non_unique: true"',
    });
  }
  if (entry === undefined) return [creation(name, gid, system)];
  if (gid === undefined || gid === entry.gid) return [];
  return [
    {
      what: `group ${name}: gid`,
      before: entry.gid,
      after: gid,
      operation: { type: 'modify' },
    },
  ];
}

function creation(name: string, gid: number | undefined, system: boolean): GroupChange {
  const details = { ...(gid === undefined ? {} : { gid }), ...(system ? { system } : {}) };
  const after = Object.keys(details).length === 0 ? 'present' : details;
  return { what: `group ${name}`, before: 'absent', after, operation: { type: 'create' } };
}

function deletion({ name, gid, members }: GroupEntry): GroupChange {
  return {
    what: `group ${name}`,
    before: { gid, members },
    after: 'absent',
    operation: { type: 'delete' },
  };
}

async function applyGroup([change]: readonly GroupChange[], target: Target, input: Params) {
  if (change === undefined) return undefined;
  const { name, gid, gid_min, gid_max, system, non_unique, force, local } = input;
  const number = (value: number | undefined) => (value === undefined ? '' : String(value));
  const flags = [system, non_unique, force, local].map((flag) => (flag ? 'yes' : 'no'));
  const range = [number(gid_min), number(gid_max)];
  const args = [change.operation.type, name, number(gid), ...flags, ...range];
  const { rc, stdout, stderr } = await target.sh(APPLY, { args });
  if (rc !== 0) {
    throw new ModuleError(`group "${name}": ${stderr.toString().trim()}`, {
      data: { rc, stderr: stderr.toString() },
    });
  }
  const entry = groupEntry(stdout.toString());
  return entry === undefined ? {} : { gid: entry.gid };
}
