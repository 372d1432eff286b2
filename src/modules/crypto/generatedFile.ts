/**
 * Files that a tool on the host makes (keys, requests, certificates): owner, mode, backup, removal. The content is never
 * seen here; a private key does not leave its host.
 */
import { ModuleError } from '../../core/errors.ts';
import type { Change, ResultData } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import {
  attributeArgs,
  attributeChange,
  attributeDiff,
  attributeResult,
  type ExactAttributes,
  SET_ATTRIBUTES,
  startingAttributes,
  wantedAttributes,
} from '../files/attributes.ts';
import {
  applyLabel,
  fileLabels,
  type LabelOperation,
  type LabelParams,
  type Labels,
  planLabels,
} from '../files/fileLabels.ts';
import { octal } from '../files/fileMode.ts';
import { type FileState, fileState } from '../files/fileState.ts';
import { script } from '../script.ts';
import { WORKING_DIRECTORY } from '../workingDirectory.ts';

export interface GeneratedParams extends LabelParams {
  readonly path: string;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: string | undefined;
  readonly backup?: boolean | undefined;
  readonly state?: 'present' | 'absent' | undefined;
}

export interface GeneratedState {
  readonly file: FileState;
  readonly labels: Labels | undefined;
}

export type GeneratedOperation =
  | { readonly type: 'generate'; readonly place: readonly string[]; readonly how: string }
  | { readonly type: 'attributes'; readonly path: string; readonly attributes: ExactAttributes }
  | { readonly type: 'remove'; readonly path: string; readonly backup: boolean }
  | LabelOperation;

export type GeneratedChange = Change<GeneratedOperation>;

export function observeGenerated(params: GeneratedParams) {
  const { path, owner, group } = params;
  return { file: fileState(path, { owner, group }), labels: fileLabels(path, params) };
}

/** What shall become of the content. */
export interface Generation {
  /** As a user reads it: what is there, what will be. */
  readonly before: unknown;
  readonly after: unknown;
  /** Handed to the script, which may know several ways (`generate`, `convert`). */
  readonly how: string;
}

/** @param defaultMode of a new file when the task names none. @param generation undefined when the content stays. */
export function planGenerated(
  params: GeneratedParams,
  { file, labels }: GeneratedState,
  generation: Generation | undefined,
  defaultMode: string,
): GeneratedChange[] {
  if (file.followed?.type === 'directory') throw new ModuleError(`${file.path} is a directory`);
  if (params.state === 'absent') return removal(params, file);
  const existing = file.followed;
  const start = startingAttributes(file, existing, 'file');
  const mode = params.mode ?? (existing === undefined ? defaultMode : undefined);
  const wanted = wantedAttributes(start, { ...params, mode }, file, 'file');
  if (generation !== undefined) {
    const { owner = '', group = '', backup = false } = params;
    const place = [file.path, owner, group, octal(wanted.mode), backup ? 'yes' : ''];
    const operation: GeneratedOperation = { type: 'generate', place, how: generation.how };
    const { before, after } = generation;
    return [
      { what: file.path, before, after, operation },
      ...planLabels(file.path, params, labels, true),
    ];
  }
  const attributes = existing === undefined ? undefined : attributeChange(existing, wanted);
  const diff = existing === undefined ? {} : attributeDiff(file.path, existing, wanted);
  return [
    ...(attributes === undefined
      ? []
      : [
          {
            what: file.path,
            ...diff,
            operation: { type: 'attributes' as const, path: file.path, attributes },
          },
        ]),
    ...planLabels(file.path, params, labels, false),
  ];
}

function removal({ backup = false }: GeneratedParams, file: FileState): GeneratedChange[] {
  if (file.own === undefined) return [];
  const operation: GeneratedOperation = { type: 'remove', path: file.path, backup };
  return [{ what: file.path, before: 'present', after: 'absent', operation }];
}

/** Owner, mode, … of the file as it will be; empty when there is none. */
export function generatedResult(
  params: GeneratedParams,
  { file }: GeneratedState,
  defaultMode: string,
): ResultData {
  if (params.state === 'absent') return {};
  const start = startingAttributes(file, file.followed, 'file');
  const mode = params.mode ?? (file.followed === undefined ? defaultMode : undefined);
  return attributeResult(wantedAttributes(start, { ...params, mode }, file, 'file'));
}

/**
 * Head of every generating script: `PATH OWNER GROUP MODE BACKUP …`. It makes `$temporary` beside the file and `$tmp`, a
 * directory for what is needed meanwhile, both for their user alone; `put_in_place` ends the work.
 */
export const GENERATE_SHELL = script`
export LC_ALL=C
path=$1 owner=$2 group=$3 mode=$4 backup=$5
shift 5
umask 077
case $path in */*) directory=\${path%/*} ;; *) directory=. ;; esac
[ -d "\${directory:-/}" ] || { echo "the directory $directory does not exist" >&2; exit 1; }
${WORKING_DIRECTORY}
temporary=$(mktemp "\${directory%/}/.drover-XXXXXX") || exit 1
trap 'rm -rf "$tmp" "$temporary"' EXIT
trap 'exit 1' HUP INT TERM
section() { printf '\n\036%s\n' "$1"; }
keep_backup() {
  [ -n "$backup" ] && [ -f "$path" ] || return 0
  copy=$path.$$.$(date +%Y-%m-%d@%H:%M:%S)~
  cp -p -- "$path" "$copy" || exit 1
  section backup; printf '%s\n' "$copy"
}
put_in_place() {
  [ ! -e "$path" ] || chown "$(stat -L -c %u:%g -- "$path")" "$temporary" 2>/dev/null
  [ -z "$owner$group" ] || chown -- "$owner\${group:+:$group}" "$temporary" || exit 1
  chmod -- "$mode" "$temporary" || exit 1
  keep_backup
  [ ! -L "$path" ] || path=$(readlink -f -- "$path")
  mv -f -- "$temporary" "$path" || exit 1
}
`;

const REMOVE = script`
if [ -n "$2" ] && [ -f "$1" ]; then
  copy=$1.$$.$(date +%Y-%m-%d@%H:%M:%S)~
  cp -p -- "$1" "$copy" || exit 1
  printf '%s\n' "$copy"
fi
rm -f -- "$1"
`;

/** Carries out what is no generation. @returns the backup of a removed file. */
export async function applySimple(
  changes: readonly GeneratedChange[],
  target: Target,
): Promise<ResultData> {
  let data: ResultData = {};
  for (const { operation } of changes) {
    if (operation.type === 'remove') data = await remove(operation, target);
    else if (operation.type === 'attributes') await setAttributes(operation, target);
    else if (operation.type !== 'generate') await applyLabel(operation, target);
  }
  return data;
}

async function remove(
  { path, backup }: { readonly path: string; readonly backup: boolean },
  target: Target,
): Promise<ResultData> {
  const { rc, stdout, stderr } = await target.sh(REMOVE, { args: [path, backup ? 'yes' : ''] });
  if (rc !== 0) throw new ModuleError(`${path}: ${stderr.toString().trim()}`);
  const copy = stdout.toString().trim();
  return copy === '' ? {} : { backup_file: copy };
}

async function setAttributes(
  { path, attributes }: { readonly path: string; readonly attributes: ExactAttributes },
  target: Target,
): Promise<void> {
  const args = attributeArgs(path, attributes, true);
  const { rc, stderr } = await target.sh(`${SET_ATTRIBUTES}\nset_attributes "$@"`, { args });
  if (rc !== 0) throw new ModuleError(`${path}: ${stderr.toString().trim()}`);
}
