/**
 * The script that starts a command on the host: changes directory, looks at `creates` and `removes`, finds the program
 * and becomes it. The first byte that it writes tells how far it came, so one round trip is enough and the
 * command's own output cannot be mistaken for it:
 * `d` no such directory, `c` creates exists, `m` removes is missing, `n` no such program, `w` would run, `r` runs.
 */
import { script } from '../script.ts';

export interface StartOptions {
  /** Expand `$NAME`, `${NAME}` and a leading `~` in the words of the command. */
  readonly expands: boolean;
  /** Stop before the command. */
  readonly dryRun: boolean;
}

/** Takes `chdir creates removes program [argument…]`; empty means not given. */
export function startScript({ expands, dryRun }: StartOptions): string {
  const start = dryRun ? 'printf w; exit 0' : 'printf r; exec "$@"';
  return [FUNCTIONS, GUARDS, expands ? EXPANSION : '', FIND_PROGRAM, start].join('\n');
}

/** Helpers, all of them shell builtins: `expand_home`, and `any_exists` for a path or glob. */
export const FUNCTIONS = script`
expand_home() {
  case $1 in
    "~") path=$HOME ;;
    "~/"*) path=$HOME/\${1#"~/"} ;;
    *) path=$1 ;;
  esac
}
any_exists() (
  expand_home "$1"
  IFS=
  for found in $path; do
    if [ -e "$found" ] || [ -L "$found" ]; then exit 0; fi
  done
  exit 1
)`;

/** Consumes `chdir creates removes`. */
export const GUARDS = script`
if [ -n "$1" ]; then
  expand_home "$1"
  cd -- "$path" || { printf d; exit 0; }
fi
if [ -n "$2" ] && any_exists "$2"; then printf c; exit 0; fi
if [ -n "$3" ] && ! any_exists "$3"; then printf m; exit 0; fi
shift 3`;

/** Expands the words in place; the name of an unknown variable stays as it is written. */
const EXPANSION = script`
value_of() {
  case $1 in
    "" | [0-9]* | *[!A-Za-z0-9_]*) value=$2 ;;
    *) eval 'value=\${'"$1"'-$2}' ;;
  esac
}
expand_word() {
  expand_home "$1"
  rest=$path word=
  while :; do
    case $rest in *'$'*) ;; *) break ;; esac
    word=$word\${rest%%'$'*}
    rest=\${rest#*'$'}
    case $rest in
      "{"*"}"*) name=\${rest%%"}"*} name=\${name#"{"} written='$'{$name} rest=\${rest#*"}"} ;;
      *) name=\${rest%%[!A-Za-z0-9_]*} written='$'$name rest=\${rest#"$name"} ;;
    esac
    value_of "$name" "$written"
    word=$word$value
  done
  word=$word$rest
}
for word do
  expand_word "$word"
  set -- "$@" "$word"
  shift
done`;

/** `exec` reports a missing program in many ways; look for it as it does, so that the answer is sure. */
export const FIND_PROGRAM = script`
has_program() (
  case $1 in */*) [ -f "$1" ]; exit ;; esac
  IFS=:
  set -f
  for directory in $PATH; do
    if [ -f "\${directory:-.}/$1" ] && [ -x "\${directory:-.}/$1" ]; then exit 0; fi
  done
  exit 1
)
if ! has_program "$1"; then printf n; exit 0; fi`;
