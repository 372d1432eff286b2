/**
 * The script that gives a command a terminal on the host and joins that with the script's own stdin and stdout. Its first byte
 * tells how far it came: a letter of `startScript.ts`, `t` for nothing on the host that makes terminals, `r` when it runs.
 */
import { script } from '../../script.ts';
import { FIND_PROGRAM, FUNCTIONS, GUARDS } from '../startScript.ts';

/**
 * Runs inside the terminal, as its session's leader: says `MARK PID`, and after the command `MARK=CODE`. No single quotes.
 * A response may be the interrupt character, which is for the command only.
 */
const INSIDE = script`mark=$1; stty rows 24 cols 80 "$2" 2>/dev/null; shift 2; printf "%s %s\n" "$mark" "$$"; trap : INT QUIT; "$@"; printf "%s=%s\n" "$mark" "$?"`;

const PYTHON = 'import pty, sys; pty.spawn(["/bin/sh", "-c", sys.argv[1]])';

/**
 * Takes `chdir creates removes program [argument…]`, and before the program MARK and `echo` or `-echo`. The first line of
 * stdin is the process id that was told, the rest is typed. `MARK.` says that the terminal is closed. When stdin ends before
 * that, because nobody waits any longer or the connection is lost, what runs on the terminal is ended.
 */
export const TERMINAL_SCRIPT = script`${FUNCTIONS}
${GUARDS}
mark=$1 echo=$2
shift 2
${FIND_PROGRAM}
quoted() { printf '%s\n' "$1" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/"; }
words=
for word in "$mark" "$echo" "$@"; do words="$words $(quoted "$word")"; done
if [ "\${SHELL+set}" ]; then inside="SHELL=$(quoted "$SHELL"); "; else inside='unset SHELL; '; fi
inside="$inside set -- $words; "'${INSIDE}'
terminal() {
  if command -v script >/dev/null; then SHELL=/bin/sh script -q -f -c "$inside" /dev/null
  else python3 -c '${PYTHON}' "$inside"; fi
}
command -v script >/dev/null || command -v python3 >/dev/null || { printf t; exit 0; }
printf r
{
  IFS= read -r leader
  cat
  # 0 and 1 would mean every process.
  case $leader in '' | 0* | 1 | *[!0-9]*) exit ;; esac
  if kill -s HUP "$leader"; then
    kill -s HUP -- "-$leader"
    sleep 1
    kill -s KILL -- "-$leader"
  fi 2>/dev/null
} | { terminal; printf %s "$mark."; }`;
