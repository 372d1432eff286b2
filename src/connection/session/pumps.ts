/**
 * Shell functions that give what a session starts pipes of its own, and hand on what comes through them.
 *
 * A pump is a `cat` that outlives the requests: it reads two pipes in turn, one "file" after the other, and goes on to the
 * next when nobody holds the one it reads any more. So a request costs no process here, its output is handed on byte for
 * byte, and what it leaves behind holds a pipe that no later request writes to. There is one pump for stdout and one for stderr.
 *
 * A here-document makes a pipe without a process in dash, in busybox and in bash from 5.1, and through `/proc` a pipe can be
 * opened for writing again. The session holds 6 and 7, where the pumps read; so they wait. Before it lets go of those it
 * opens the other two (`$_next`), which the pumps are done with: the caller has seen the last mark that came through them.
 * A pump has its pipes at the numbers that it was born with (3 and 4, 8 and 9): those are right before it has run at all.
 *
 * Where a pipe cannot be had like that, each request gets a reader for each stream. Each statement ends in `;`, so that lines may
 * be joined; `_newline`, `_leader`, `_say` and `_mark` are the session's.
 */

/** How many pipes a pump reads before another takes its place; `_turns` names as many. */
const TURNS = 32;

/**
 * `_isolate FUNCTION` runs FUNCTION, then marks both streams with its exit code, and once more when nobody holds them any more.
 * `_pumps_here` says before that whether there can be pumps. In the C locale `cat` reads no files of the locale: a third less.
 */
export const PUMPS = `_pumps_here() {
  _body=$_newline$_newline"E"; _bodies=$_body$_body$_body$_body; _ahead=;
  _turns='/dev/fd/3 /dev/fd/4'; _turns_err='/dev/fd/8 /dev/fd/9';
  for _rest in 1 2 3 4; do _turns="$_turns $_turns"; _turns_err="$_turns_err $_turns_err"; done;
  [ ! "$KSH_VERSION" ] && [ "$_leader" ] && eval "{ [ -p /proc/self/fd/3 ] >/proc/self/fd/3; } 2>/dev/null 3<<E$_body" && _ahead=0;
};
_pump() {
  exec 6>&- 7>&-;
  eval "exec 3<<E 4<<E 8<<E 9<<E$_bodies";
  for _pipe in 3 4 8 9; do eval "read -r _rest <&$_pipe"; done;
  exec 6>/proc/self/fd/3 7>/proc/self/fd/8;
  LC_ALL=C cat $_turns </dev/null 2>/dev/null 6>&- 7>&- 8<&- 9<&- & _out=$!;
  LC_ALL=C cat $_turns_err </dev/null >&2 2>/dev/null 3<&- 4<&- 6>&- 7>&- & _err=$!;
  exec 3<&- 4<&- 8<&- 9<&-;
  _next=4; _ahead=${TURNS - 1};
  _is_pumped || { exec 6>&- 7>&-; _ahead=; };
};
_is_pumped() { [ -e "/proc/$_out/fd/4" ] && [ -e "/proc/$_err/fd/9" ]; };
_isolate() {
  case $_ahead in
  '') ;;
  0) _pump;;
  *) _is_pumped || _pump;;
  esac;
  if [ "$_ahead" ]; then
    "$1" >&6 2>&7 6>&- 7>&-;
    _mark $? >&6 2>&7;
    exec 6>"/proc/$_out/fd/$_next" 7>"/proc/$_err/fd/$((_next + 5))";
    _next=$((7 - _next)); _ahead=$((_ahead - 1));
    _mark . >&6 2>&7;
  else
    { { { { "$1"; _mark $?; } 6>&- | LC_ALL=C cat >&6 2>/dev/null 6>&-; } 2>&1 | LC_ALL=C cat >&2 6>&-; } 6>&1; };
    _mark .;
  fi;
};
`;
