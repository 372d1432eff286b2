/**
 * Jobs that `async` leaves on a host. Each has a status file `DIR/ID`, JSON that other tools may read, and a folder
 * `DIR/ID.job` with what it takes to tell the outcome later:
 *
 *     memo    what was started, as JSON           owner   pid of the shell that waits for it; none when drover follows it
 *     start   seconds since 1970, and the limit   rc      exit code, when it ended; `late` when its time ran out
 *     stdout, stderr                              end     seconds since 1970
 *     result  the whole outcome as JSON, of a job that drover followed
 *
 * POSIX `sh` and nothing else is needed.
 */
import { script } from '../script.ts';

/** Consumes `DIR ID`; a leading `~` of DIR is the home of the user. */
const PLACE = script`
case $1 in "~") directory=$HOME ;; "~/"*) directory=$HOME/\${1#"~/"} ;; *) directory=$1 ;; esac
id=$2
job=$directory/$id.job
shift 2
publish() { printf '%s' "$2" >"$1.new" && mv -f -- "$1.new" "$1"; }`;

/** Takes `DIR ID LIMIT MEMO`; lays the job's files and prints the path of its status file. */
const LAY = script`
limit=$1 memo=$2
shift 2
mask=$(umask)
umask 077
mkdir -p -- "$job" || exit
publish "$job/memo" "$memo" || exit
publish "$job/start" "$(date +%s) $limit
" || exit
publish "$directory/$id" '{"ansible_job_id": "'"$id"'", "started": 1, "finished": 0}' || exit
printf '%s\n' "$directory/$id"`;

/** A job whose end drover itself will tell. */
export const FOLLOW_SCRIPT = `${PLACE}${LAY}`;

/**
 * Takes `DIR ID LIMIT MEMO SCRIPT ARGUMENT…` and the job's standard input. What waits for the job stays on the host,
 * ends the job's processes when its time runs out, and writes down how it ended.
 */
export const START_SCRIPT = `${PLACE}${LAY}${script`
publish "$job/program" "$1" || exit
shift
cat >"$job/stdin" || exit
if command -v setsid >/dev/null 2>&1; then apart=setsid group=-; else apart= group=; fi
finish() {
  [ -e "$job/rc" ] && return
  publish "$job/end" "$(date +%s)"
  publish "$job/rc" "$1"
  publish "$directory/$id" '{"ansible_job_id": "'"$id"'", "started": 1, "finished": 1, "rc": "'"$1"'"}'
}
watch() {
  while [ "$limit" -gt 0 ]; do
    sleep 1
    [ -e "$job/rc" ] && return
    # The job may be forgotten by now, and its process id another's.
    kill -0 "$1" || return
    limit=$((limit - 1))
  done
  finish late
  kill -s TERM -- "$group$1"
  sleep 2
  kill -s KILL -- "$group$1"
}
{
  (
    umask "$mask"
    exec $apart sh "$job/program" "$@" <"$job/stdin" >"$job/stdout" 2>"$job/stderr"
  ) &
  main=$!
  trap '' HUP
  watch "$main" &
  wait "$main"
  finish "$?"
} >/dev/null 2>&1 </dev/null &
publish "$job/owner" "$!"`}`;

/**
 * Takes `DIR ID`; exit code 3 when there is no such job. Prints a line `STATE RC START END SIZE PATH`, SIZE bytes of memo
 * or result, and the standard output; its standard error is the job's. STATE: `running`, `ended`, `late`, `lost` (the
 * host restarted, or somebody ended what waited for the job), `result`.
 */
export const LOOK_SCRIPT = `${PLACE}${script`
[ -d "$job" ] || exit 3
{ read -r start limit <"$job/start"; } 2>/dev/null
value() { cat -- "$job/$1" 2>/dev/null; }
size() { set -- $(wc -c <"$job/$1"); echo "$1"; }
is_alive() { [ -n "$1" ] && { [ -d "/proc/$1" ] || kill -0 "$1" 2>/dev/null; }; }
say() { printf '%s %s %s %s %s %s\n' "$1" "$2" "$start" "$(value end || echo 0)" "$(size "$3")" "$directory/$id"; value "$3"; }
state() {
  if [ -e "$job/result" ]; then echo result
  elif [ -e "$job/rc" ]; then [ "$(value rc)" = late ] && echo late || echo ended
  elif [ ! -e "$job/owner" ]; then [ "$(date +%s)" -gt $((start + limit + 60)) ] && echo lost || echo running
  else is_alive "$(value owner)" && echo running || echo lost
  fi
}
state=$(state)
[ "$state" = lost ] && [ -e "$job/rc" ] && state=ended
case $state in
  result) say result 0 result ;;
  ended) say ended "$(value rc)" memo; value stdout; value stderr >&2 ;;
  *) say "$state" 0 memo ;;
esac`}`;

/** Takes `DIR ID RESULT`: the end of a job that drover followed. */
export const RESULT_SCRIPT = `${PLACE}
umask 077
publish "$job/result" "$1" && publish "$directory/$id" "$1"`;

/** Takes `DIR ID`. Prints the path of the status file. */
export const FORGET_SCRIPT = `${PLACE}
rm -rf -- "$job" "$directory/$id"
printf '%s\\n' "$directory/$id"`;
