/**
 * The script that starts a command on the host: changes directory, looks at `creates` and `removes`, finds the program
 * and becomes it. When it does not come that far its whole output is `NOT_STARTED` and a letter, which no command's output is by
 * chance, so one round trip is enough and a command costs no word more than its own:
 * `d` no such directory, `c` creates exists, `m` removes is missing, `n` no such program, `w` would run.
 */
import { RUN_ARGUMENTS } from '../../target/target.ts';
import { script } from '../script.ts';

export interface StartOptions {
  /** Expand `$NAME`, `${NAME}` and a leading `~` in the words of the command. */
  readonly expands: boolean;
  /** Stop before the command. */
  readonly dryRun: boolean;
}

/** Takes `chdir creates removes program [argument…]`; empty means not given. */
export function startScript({ expands, dryRun }: StartOptions): string {
  const start = dryRun ? 'tell w' : RUN_ARGUMENTS;
  return [FUNCTIONS, TELL, GUARDS, expands ? EXPANSION : '', FIND_PROGRAM, start].join('\n');
}

const NOT_STARTED = '\0drover:';

/** How far a start came that led to no command; undefined when the output is a command's. */
export function toldBy(output: Buffer): string | undefined {
  const text = output.length === NOT_STARTED.length + 1 ? output.toString('latin1') : '';
  return text.startsWith(NOT_STARTED) ? text.slice(NOT_STARTED.length) : undefined;
}

const TELL = script`tell() { printf '\0drover:%s' "$1"; exit 0; }`;

/** Helpers, all of them shell builtins: `expand_home`, `any_exists` for a path or glob, and `tell`, which ends the script. */
export const FUNCTIONS = script`
tell() { printf %s "$1"; exit 0; }
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
  cd -- "$path" || tell d
fi
if [ -n "$2" ] && any_exists "$2"; then tell c; fi
if [ -n "$3" ] && ! any_exists "$3"; then tell m; fi
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

/** `exec` reports a missing program in many ways; look for it as it does, so that the answer is sure. Starts no process: every command comes by. */
export const FIND_PROGRAM = script`
has_program() {
  case $1 in */*) [ -f "$1" ]; return ;; esac
  separators=$IFS IFS=: found=1
  set -f
  for directory in $PATH; do
    if [ -f "\${directory:-.}/$1" ] && [ -x "\${directory:-.}/$1" ]; then found=0; break; fi
  done
  set +f
  IFS=$separators
  return "$found"
}
if ! has_program "$1"; then tell n; fi`;
