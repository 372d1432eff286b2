/** Carries out what the `file` module planned: one script, one round trip (labels, where asked, after it), stopping at the first failure. */
import type { Target } from '../../../target/target.ts';
import { script } from '../../script.ts';
import { attributeArgs, type ExactAttributes, failed, SET_ATTRIBUTES } from '../attributes.ts';
import { applyLabel, type LabelOperation } from '../fileLabels.ts';
import type { FileType } from '../fileState.ts';

export type FileOperation =
  | LabelOperation
  | { readonly type: 'remove'; readonly path: string }
  | { readonly type: 'directory'; readonly path: string; readonly attributes: ExactAttributes }
  | { readonly type: 'create'; readonly path: string; readonly attributes: ExactAttributes }
  | {
      readonly type: 'attributes';
      readonly path: string;
      readonly attributes: ExactAttributes;
      readonly follow: boolean;
    }
  | {
      readonly type: 'recurse';
      readonly path: string;
      /** The mode as it was written: symbolic modes mean something else for each entry. */
      readonly attributes: ExactAttributes;
      readonly follow: boolean;
    }
  | {
      readonly type: 'link' | 'hard';
      readonly path: string;
      readonly src: string;
      readonly replaces: FileType | undefined;
    }
  | {
      readonly type: 'time';
      readonly path: string;
      readonly which: 'access' | 'modification';
      /** `now` or a time as touch(1) -t takes it. */
      readonly stamp: string;
    };

export async function applyFileOperations(
  operations: readonly FileOperation[],
  target: Target,
): Promise<void> {
  const labels = operations.filter(isLabel);
  const args = operations.flatMap((operation) =>
    isLabel(operation) ? [] : operationArgs(operation),
  );
  if (args.length > 0) {
    const { rc, stderr } = await target.sh(APPLY_SCRIPT, { kind: 'probe', args });
    if (rc !== 0) throw failed(`cannot change ${operations[0]?.path ?? 'the file'}`, rc, stderr);
  }
  for (const label of labels) await applyLabel(label, target);
}

function isLabel(operation: FileOperation): operation is LabelOperation {
  return operation.type === 'flags' || operation.type === 'context';
}

/** Seven words each: name, path, owner, group, mode, follow, extra. */
function operationArgs(operation: Exclude<FileOperation, LabelOperation>): string[] {
  const { type, path } = operation;
  switch (type) {
    case 'remove':
      return [type, path, '', '', '', '', ''];
    case 'directory':
    case 'create':
      return [type, ...attributeArgs(path, operation.attributes, true), ''];
    case 'attributes':
    case 'recurse':
      return [type, ...attributeArgs(path, operation.attributes, operation.follow), ''];
    case 'link':
    case 'hard':
      return [type, path, '', '', '', operation.replaces ?? '', operation.src];
    case 'time':
      return [type, path, '', '', '', operation.which, operation.stamp];
    default:
      return type satisfies never;
  }
}

const APPLY_SCRIPT = script`
${SET_ATTRIBUTES}

make_directory() {
  [ ! -d "$1" ] || return 0
  case $1 in
    */*) if [ -n "\${1%/*}" ]; then make_directory "\${1%/*}" "$2" "$3" "$4" "$5"; fi ;;
  esac
  # Many hosts delegate this to one at the same time: another may be the first.
  mkdir -- "$1" || [ -d "$1" ] || exit
  set_attributes "$@"
}

# Links have an owner of their own; what they lead to follows suit, unless that is nothing.
set_tree() {
  others="! -type l"
  [ -z "$5" ] || others="( ! -type l -o -exec test -e {} ; )"
  set -f
  if [ -n "$2$3" ]; then
    find "$1/." ! -name . -exec chown -h -- "$2\${3:+:$3}" {} + || exit
    [ -z "$5" ] || find "$1/." -type l -exec test -e {} ';' -exec chown -- "$2\${3:+:$3}" {} + || exit
  fi
  case $4 in [0-7]*) set -- "$1" "$2" "$3" "0$4" ;; esac
  [ -z "$4" ] || find "$1/." ! -name . $others -exec chmod -- "$4" {} + || exit
  set +f
}

# A directory in the place must be empty; anything else is replaced in one step where mv knows -T.
make_link() {
  if [ "$3" = directory ]; then rmdir -- "$2" || exit; fi
  temporary=$2.drover.$$
  ln $4 -- "$1" "$temporary" || exit
  mv -fT -- "$temporary" "$2" 2>/dev/null ||
    { rm -f -- "$2" && mv -f -- "$temporary" "$2"; } ||
    { rm -f -- "$temporary"; exit 1; }
  rm -f -- "$temporary"
}

set_time() {
  option=-m
  [ "$2" = modification ] || option=-a
  if [ "$3" = now ]; then touch -c "$option" -- "$1"; else touch -c "$option" -t "$3" -- "$1"; fi || exit
}

while [ $# -gt 0 ]; do
  case $1 in
    remove) rm -rf -- "$2" || exit ;;
    directory) make_directory "\${2%/}" "$3" "$4" "$5" "$6" ;;
    create) : >>"$2" || exit; set_attributes "$2" "$3" "$4" "$5" "$6" ;;
    attributes) set_attributes "$2" "$3" "$4" "$5" "$6" ;;
    recurse) set_tree "$2" "$3" "$4" "$5" "$6" ;;
    link) make_link "$7" "$2" "$6" -s ;;
    hard) make_link "$7" "$2" "$6" "" ;;
    time) set_time "$2" "$6" "$7" ;;
  esac
  shift 7
done`;
