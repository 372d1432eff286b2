/** `acl`: entries of POSIX access control lists, with getfacl and setfacl; what would change is asked of setfacl itself. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { Probe } from '../../../target/probe.ts';
import type { Target } from '../../../target/target.ts';
import { defineResource, type PlanContext } from '../../module.ts';
import { boolean, path, text } from '../../params.ts';
import { script } from '../../script.ts';
import { failed } from '../attributes.ts';
import { EXPAND_PATH } from '../fileState.ts';
import { aclAfter } from './aclAfter.ts';

const Params = z
  .strictObject({
    path: path()
      .describe('The file or directory.')
      .meta({ aliases: ['name'] }),
    state: z
      .enum(['query', 'present', 'absent'])
      .default('query')
      .describe('Whether the entry shall be there; `query` only returns the list.'),
    etype: z
      .enum(['user', 'group', 'mask', 'other'])
      .optional()
      .describe('Whom the entry is about.'),
    entity: text().default('').describe('The user or group.'),
    permissions: text().optional().describe('A combination of `r`, `w`, `x` and `X`.'),
    entry: text()
      .optional()
      .describe('The entry in short, `etype:entity:permissions`, instead of the three.'),
    default: boolean()
      .default(false)
      .describe('The entry is for what will be made in the directory.'),
    recursive: boolean()
      .default(false)
      .describe('Also for everything below.')
      .meta({ aliases: ['recurse'] }),
    recalculate_mask: z
      .enum(['default', 'mask', 'no_mask'])
      .default('default')
      .describe('Whether the mask is worked out anew; `default` as setfacl does.'),
    follow: boolean().default(true).describe('Take what a symbolic link leads to.'),
    use_nfsv4_acls: boolean().default(false).describe('Lists of NFSv4: not supported.'),
  })
  .superRefine((params, context) => {
    const { entry, etype, entity, permissions, state, recursive } = params;
    if (params.use_nfsv4_acls) context.addIssue('"use_nfsv4_acls" is not supported');
    if (
      entry !== undefined &&
      (etype !== undefined || entity !== '' || permissions !== undefined)
    ) {
      context.addIssue("'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set.");
    }
    if (state === 'query') {
      if (recursive) context.addIssue("'recursive' MUST NOT be set when 'state=query'.");
      if (params.recalculate_mask !== 'default') {
        context.addIssue(
          "'recalculate_mask' MUST NOT be set to 'mask' or 'no_mask' when 'state=query'.",
        );
      }
      return;
    }
    if (entry === undefined && etype === undefined) {
      context.addIssue("one of 'entry' and 'etype' MUST be set");
    }
    const parts = entry === undefined ? undefined : entryParts(entry);
    const wanted = parts === undefined ? permissions : parts.permissions;
    if (state === 'present' && wanted === undefined) {
      context.addIssue("'permissions' MUST be set when 'state=present'.");
    }
    if (state === 'absent' && permissions !== undefined) {
      context.addIssue("'permissions' MUST NOT be set when 'state=absent'.");
    }
  });
type Params = z.output<typeof Params>;

export interface AclState {
  readonly path: string;
  readonly problem: 'none' | 'missing' | 'no tool';
  readonly acl: readonly string[];
  /** What setfacl --test says the lists will be: `path: access,default`; `*` stands for no change. */
  readonly trial: readonly string[];
}

export const acl = defineResource({
  name: 'acl',
  collection: 'ansible.posix',
  aliases: ['ansible.builtin.acl'],
  summary: 'Set and remove entries of access control lists, or read them',
  params: Params,
  examples: [
    '- acl: { path: /srv/app, entity: deploy, etype: user, permissions: rwX, state: present, recursive: true }\n',
    '- acl: { path: /srv/app, entry: "default:group:web:rx", state: present }\n',
    '- acl: { path: /etc/app.conf }\n  register: acl_of_app\n',
  ],
  returns: { acl: 'The entries, a text for each.', msg: 'What was done, in words.' },

  observe: (params: Params) => ({ list: aclState(params) }),
  plan: (params, { list }, context) => planAcl(params, list, context),
  apply: (_changes, target, params) => applyAcl(target, params),
  result: (params, { list }, changes) => ({
    msg: params.state === 'query' ? 'current acl' : `${entryOf(params)} is ${params.state}`,
    ...predictedAcl(list, changes.length > 0),
  }),
});

interface EntryParts {
  readonly isDefault: boolean;
  readonly etype: string;
  readonly entity: string;
  readonly permissions: string | undefined;
}

/** `[default:]etype[:entity[:permissions]]`, with the short names of setfacl. */
export function entryParts(entry: string): EntryParts {
  const [first = '', ...rest] = entry.split(':');
  const isDefault = first === 'default' || first === 'd';
  const [etype = '', entity = '', permissions] = isDefault ? rest : [first, ...rest];
  return { isDefault, etype, entity, permissions };
}

/** As setfacl takes it, without the mark of defaults. */
export function entryOf({ entry, etype, entity, permissions, state }: Params): string {
  const parts =
    entry === undefined ? { etype: etype ?? '', entity, permissions } : entryParts(entry);
  const start = `${parts.etype}:${parts.entity}`;
  return state === 'absent' || parts.permissions === undefined
    ? start
    : `${start}:${parts.permissions}`;
}

/** The words between `setfacl` and the path. */
export function setfaclWords(params: Params): string[] {
  const isDefault =
    params.default || (params.entry !== undefined && entryParts(params.entry).isDefault);
  const { recalculate_mask: mask } = params;
  return [
    ...(isDefault ? ['-d'] : []),
    ...(params.recursive ? ['--recursive'] : []),
    ...(mask === 'mask' ? ['--mask'] : []),
    ...(mask === 'no_mask' ? ['--no-mask'] : []),
    ...(params.follow ? [] : ['--physical']),
    ...[params.state === 'absent' ? '-x' : '-m', entryOf(params)],
  ];
}

/** Arguments: path, state, how getfacl walks, and the words of setfacl. */
const OBSERVE = script`
${EXPAND_PATH}
printf '%s\0' "$path"
command -v setfacl >/dev/null && command -v getfacl >/dev/null || { printf 'no tool\0'; exit 0; }
[ -e "$path" ] || { printf 'missing\0'; exit 0; }
printf 'none\0'
state=$2 walk=$3
shift 3
getfacl --omit-header --absolute-names $walk -- "$path" || exit
printf '\0'
[ "$state" = query ] || setfacl --test "$@" -- "$path"`;

function aclState(params: Params): Probe<AclState> {
  const words = params.state === 'query' ? [] : setfaclWords(params);
  return {
    script: OBSERVE,
    args: [params.path, params.state, walkOf(params), ...words],
    parse({ rc, stdout, stderr }) {
      if (rc !== 0) throw failed(`cannot read the list of ${params.path}`, rc, stderr);
      const [file = '', problem, list = '', trial = ''] = stdout.toString().split('\0');
      const known = problem === 'missing' || problem === 'no tool' ? problem : 'none';
      return { path: file, problem: known, acl: listOf(list), trial: listOf(trial) };
    },
  };
}

export function planAcl(
  params: Params,
  { path: file, problem, acl: before, trial }: AclState,
  { checkMode }: Pick<PlanContext, 'checkMode'>,
): Change[] {
  const isPredicted = checkMode && params.state !== 'query';
  if (problem === 'no tool' && !isPredicted) {
    throw new ModuleError('this host has no setfacl', { hint: 'install the package acl first' });
  }
  if (problem === 'missing' && !isPredicted) {
    throw new ModuleError('Path not found or not accessible.', { data: { path: file } });
  }
  const after = `${entryOf(params)} ${params.state}`;
  const change = { what: `${file}: acl`, before, after, operation: undefined };
  if (problem !== 'none') return [change];
  const isChanged = trial.some((line) => !line.endsWith('*,*'));
  return isChanged ? [change] : [];
}

const APPLY = script`
${EXPAND_PATH}
walk=$2
shift 2
setfacl "$@" -- "$path" || exit
getfacl --omit-header --absolute-names $walk -- "$path"`;

async function applyAcl(target: Target, params: Params) {
  const args = [params.path, walkOf(params), ...setfaclWords(params)];
  const { rc, stdout, stderr } = await target.sh(APPLY, { kind: 'probe', args });
  if (rc !== 0) throw failed(`cannot set the list of ${params.path}`, rc, stderr);
  return { acl: listOf(stdout.toString()) };
}

function predictedAcl({ acl: before, trial, problem }: AclState, isChanged: boolean) {
  if (!isChanged) return { acl: before };
  const after = problem === 'none' ? aclAfter(before, trial) : undefined;
  return after === undefined ? {} : { acl: after };
}

/** Words for getfacl; the shell splits them. */
function walkOf({ follow, recursive }: Params): string {
  return `${follow ? '' : '--physical '}${recursive ? '--recursive' : ''}`;
}

/** Lines; the lists of a tree have an empty one between them. */
function listOf(output: string): string[] {
  const trimmed = output.trimEnd();
  return trimmed === '' ? [] : trimmed.split('\n');
}
