/** What `attributes` and the `se*` parameters ask for: flags of chattr(1) and the SELinux context. Asked and set only when given. */
import type { Change, ResultData } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { script } from '../script.ts';
import { failed } from './attributes.ts';
import { EXPAND_PATH } from './fileState.ts';
import { nothing } from './nothing.ts';

export interface LabelParams {
  readonly attributes?: string | undefined;
  readonly seuser?: string | undefined;
  readonly serole?: string | undefined;
  readonly setype?: string | undefined;
  readonly selevel?: string | undefined;
}

export interface Labels {
  /** Letters of lsattr(1); empty for a missing file, and where the file system has none. */
  readonly flags: string;
  /** `user:role:type:level`; empty without SELinux, where contexts are not minded. */
  readonly context: string;
  /** What the policy says for the path. */
  readonly policy: string;
}

export type LabelOperation =
  | { readonly type: 'flags'; readonly path: string; readonly change: string }
  | { readonly type: 'context'; readonly path: string; readonly context: string };

const PARTS = ['seuser', 'serole', 'setype', 'selevel'] as const;

export function fileLabels(path: string, params: LabelParams): Probe<Labels | undefined> {
  const isAsked = [params.attributes, ...PARTS.map((part) => params[part])].some((value) => value);
  if (!isAsked) return nothing<Labels>();
  return {
    script: LABELS_SCRIPT,
    args: [path],
    parse({ stdout }) {
      const [flags = '', context = '', policy = ''] = stdout.toString('utf8').split('\n');
      return { flags: flags.replaceAll('-', ''), context, policy };
    },
  };
}

/** Prints flags, context and the policy's context, a line each. Without SELinux the last two are empty. */
const LABELS_SCRIPT = script`
${EXPAND_PATH}
flags=$(lsattr -d -- "$path" 2>/dev/null)
echo "\${flags%% *}"
if [ -e /sys/fs/selinux/enforce ]; then
  policy=$(matchpathcon -n -- "$path" 2>/dev/null)
  if [ -e "$path" ]; then stat -c %C -- "$path"; else echo "$policy"; fi
  echo "$policy"
fi`;

/** After the content is in place: a renamed file starts without flags. */
export function planLabels(
  path: string,
  params: LabelParams,
  labels: Labels | undefined,
  isReplaced: boolean,
): Change<LabelOperation>[] {
  if (labels === undefined) return [];
  const flags = isReplaced ? '' : labels.flags;
  return [...flagChanges(path, params.attributes, flags), ...contextChanges(path, params, labels)];
}

/** Flags that the file system sets itself. */
const OWN_FLAGS = new Set('eEhINVBZX');

function flagChanges(
  path: string,
  attributes: string | undefined,
  flags: string,
): Change<LabelOperation>[] {
  if (attributes === undefined || attributes === '') return [];
  const [, operator = '', letters = ''] = /^([-+=]?)(.*)$/.exec(attributes) ?? [];
  const current = [...flags].filter((flag) => !OWN_FLAGS.has(flag));
  const missing = [...letters].filter((flag) => !current.includes(flag));
  const extra = current.filter((flag) => !letters.includes(flag));
  const isReached = {
    '+': missing.length === 0,
    '-': extra.length === current.length,
    '=': missing.length + extra.length === 0,
  }[operator === '+' || operator === '-' ? operator : '='];
  if (isReached) return [];
  // ext4 does not let go of extents, so `=` keeps them.
  const extents = flags.includes('e') ? 'e' : '';
  const isRelative = operator === '+' || operator === '-';
  const change = isRelative ? attributes : `=${letters}${extents}`;
  const before = { path, attributes: current.join('') };
  return [
    {
      what: path,
      before,
      after: { path, attributes: change },
      operation: { type: 'flags', path, change },
    },
  ];
}

function contextChanges(
  path: string,
  params: LabelParams,
  { context, policy }: Labels,
): Change<LabelOperation>[] {
  if (context === '') return [];
  const current = partsOf(context);
  const standard = partsOf(policy);
  const wanted = PARTS.map((part, index) => {
    const value = params[part];
    return (value === '_default' ? standard[index] : value) ?? current[index] ?? '';
  });
  const after = wanted.join(':');
  if (after === current.join(':')) return [];
  const operation: LabelOperation = { type: 'context', path, context: after };
  return [
    {
      what: path,
      before: { path, secontext: context },
      after: { path, secontext: after },
      operation,
    },
  ];
}

/** Levels hold colons of their own. */
function partsOf(context: string): readonly string[] {
  const [user = '', role = '', type = '', ...level] = context.split(':');
  return [user, role, type, level.join(':')];
}

export async function applyLabel(operation: LabelOperation, target: Target): Promise<ResultData> {
  const { type, path } = operation;
  const [tool, value] =
    type === 'flags' ? ['chattr', operation.change] : ['chcon', operation.context];
  const { rc, stderr } = await target.sh('"$1" "$2" "$3"', {
    kind: 'probe',
    args: [tool, value, path],
  });
  if (rc !== 0) throw failed(`cannot label ${path} with ${tool} ${value}`, rc, stderr);
  return {};
}
