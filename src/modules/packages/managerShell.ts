/** The shell functions that the scripts of package managers start with. */
import { script } from '../script.ts';
import { WORKING_DIRECTORY } from '../workingDirectory.ts';

/**
 * Sections, `run NAME COMMAND…`, the way out where the tool is missing (`need TOOL`), and lists of words, which a shell has no
 * variables for: `keep NAME COUNT WORD…` notes the first COUNT of the words, `with NAME COMMAND…` adds them to a command.
 * `each COMMAND WORD… ; WORD… …` calls COMMAND with `work1`, `work2`, … and the words of each part, until one fails.
 */
export const MANAGER_SHELL = script`
export LC_ALL=C
section() { printf '\n\036%s\n' "$1"; }
${WORKING_DIRECTORY}
keep() {
  list=$tmp/$1 left=$2
  shift 2
  : >"$list"
  while [ "$left" -gt 0 ]; do printf '%s\n' "$1" >>"$list"; shift; left=$((left - 1)); done
}
with() {
  list=$tmp/$1
  shift
  while IFS= read -r word; do set -- "$@" "$word"; done <"$list"
  "$@"
}
need() { command -v -- "$1" >/dev/null || { section missing; exit 0; }; }
run() {
  what=$1
  shift
  "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
  rc=$?
  section "$what.rc"; echo "$rc"
  section "$what.stdout"; cat "$tmp/out"
  section "$what.stderr"; cat "$tmp/err"
  return "$rc"
}
each() {
  carry=$1 number=0
  shift
  : >"$tmp/part"
  for part; do
    if [ "$part" != ';' ]; then printf '%s\n' "$part" >>"$tmp/part"; else carry_part || return; fi
  done
  carry_part
}
carry_part() {
  [ -s "$tmp/part" ] || return 0
  number=$((number + 1))
  mv "$tmp/part" "$tmp/call"
  : >"$tmp/part"
  with call "$carry" "work$number"
}
`;
