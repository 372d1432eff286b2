/**
 * The `sh` program of a shell session, and the form of what it is sent. It must run in dash, bash, busybox ash and mksh,
 * so it holds to POSIX and to what those four share.
 *
 * A request is one header line, the request's shell text and, perhaps, the bytes of its stdin:
 *
 *     KEY KIND TEXT STDIN NONCE
 *
 * TEXT is `L<lines>` (read line by line: no process is started) or `B<bytes>` (cheaper from 2 kB on); STDIN is a number
 * of bytes or `-`. KEY proves that the line comes from us: were the two sides ever out of step, the session ends
 * instead of running content as commands.
 */
import { quote } from './quote.ts';
import { TAKE_BYTES } from './takeBytes.ts';

/**
 * Passes unharmed through any login shell (sh, csh, fish: single quotes without `!`, `\` and newlines). `read` takes no
 * byte beyond the line on a pipe, so that everything else can follow on the same stdin at once. A restricted shell (rbash)
 * refuses `exec` and names with a slash, and goes on to the second half.
 */
export function startCommand(shell: string): string {
  const name = shell.slice(shell.lastIndexOf('/') + 1);
  return `exec ${shell} -c '${LOADER}' || ${name} -c '${LOADER}'`;
}

/** Reads a program of one line and becomes it. */
const LOADER = 'IFS= read -r p && eval "$p"';

/** The same without a dollar sign, which `sudo -i` hands to the login shell unprotected. */
export const LOADER_WITHOUT_DOLLAR =
  String.raw`eval \`printf %b 'IFS= read -r p && eval \0042\0044p\0042'\``.replaceAll('\\`', '`');

/**
 * `probe` requests are evaluated in a subshell whose stdout and stderr are the session's own: one fork. That is right
 * only for scripts that leave no process behind.
 *
 * `script` and `argv` requests get pipes of their own with a `cat` behind each, so that a process that outlives them
 * holds *those* pipes and never the session's. The first mark ends the request's output; the second says that both
 * pipes are closed. When it does not come, something was left behind, and the caller stops using this session.
 * A `script` runs in a fresh shell under `setsid`: a process group of its own, and nothing of its text in an argv.
 *
 * `watch` runs beside the session: when the process that connects it (sshd, or drover itself for `local`) is gone, what
 * the session still runs is ended as `processTree.ts` would, TERM first. Without `/proc` nobody watches.
 */
const PROGRAM = String.raw`
${TAKE_BYTES}drain() { if [ "$1" -le 4096 ]; then while read -r rest; do :; done; else cat >/dev/null; fi; };
text() {
  size=\${1#?}; text=;
  case $1 in
  L*) while [ "$size" -gt 0 ]; do IFS= read -r line || exit; text=$text$line$newline; size=$((size - 1)); done;;
  *) [ "$taker" ] || pick; text=$(take "$size");;
  esac;
};
start() {
  if [ "$kind" = script ]; then
    { say "$text" | setsid "$shell" /dev/fd/7 7<&0 <&8 8<&-; } 8<&0;
  else ( eval "$text" ); fi;
};
feed() {
  if [ "$stdin" = - ]; then start </dev/null;
  else take "$stdin" | { start; code=$?; drain "$stdin"; exit "$code"; }; fi;
};
mark() { say "$nonce $1$newline"; say "$nonce $1$newline" >&2; };
connector() {
  owner=$PPID;
  while read -r line <"/proc/$owner/stat"; do
    case $line in
    *"(sudo)"*|*"(sudo-rs)"*|*"(su)"*|*"(doas)"*|*"(sh)"*|*"(dash)"*|*"(ash)"*|*"(bash)"*|*"(mksh)"*|*"(busybox)"*)
      set -- \${line##*\)}; owner=$2;;
    *) return;;
    esac;
  done 2>/dev/null;
};
below() {
  known=" $$ "; targets=; more=yes; read -r self rest </proc/self/stat;
  read -r line </proc/$$/stat || return; set -- \${line##*\)}; group=$3;
  while [ "$more" ]; do
    more=;
    for stat in /proc/[0-9]*/stat; do
      read -r line <"$stat" || continue;
      pid=\${line%% *}; set -- \${line##*\)};
      case $known in *" $pid "*) continue;; *" $2 "*) ;; *) continue;; esac;
      known="$known$pid "; more=yes;
      [ "$3" = "$group" ] || targets="$targets -$3";
      [ "$own" = own ] || [ "$pid" = "$self" ] || targets="$targets $pid";
    done;
  done;
};
watch() {
  while [ -e "/proc/$owner" ]; do sleep 1 || return; [ -e "/proc/$$" ] || return; done;
  below; [ "$targets" ] || return;
  kill -s TERM -- $targets; sleep 2; kill -s KILL -- $targets;
};
newline=\${IFS#??}; taker=; own=shared;
if [ "$KSH_VERSION" ]; then say() { print -rn -- "$1"; }; else say() { printf %s "$1"; }; fi;
[ -e /dev/fd/0 ] && command -v setsid >/dev/null 2>&1 && own=own;
nonce=$key; mark "$$ $own";
connector; watcher=; [ ! -e "/proc/$owner/stat" ] || { watch </dev/null >/dev/null 2>&1 & watcher=$!; };
while IFS=' ' read -r given kind size stdin nonce; do
  [ "$given" = "$key" ] || exit 97;
  text "$size"; [ "$stdin" = - ] || [ "$taker" ] || pick;
  if [ "$kind" = probe ]; then feed; mark $?;
  else { { { feed; mark $?; } 2>&1 >&6 6>&- | cat >&2 6>&-; } 6>&1 | cat; }; mark .; fi;
done;
[ ! "$watcher" ] || kill "$watcher" 2>/dev/null
`.replaceAll('\\$', '$');

/** The program as the one line that `LOADER` reads. */
export function programLine(key: string, shell: string): string {
  const oneLine = PROGRAM.trim()
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
  return `key=${quote(key)}; shell=${quote(shell)}; ${oneLine}\n`;
}

export type RequestKind = 'probe' | 'script' | 'argv';

export interface Request {
  readonly kind: RequestKind;
  /** Shell text with everything in it: directory, environment, arguments, script. */
  readonly text: string;
  readonly stdinBytes: number | undefined;
}

/** Up to here reading byte by byte in the shell (0.3 µs each) is cheaper than starting `head` (0.6 ms). */
const MAX_READ_BYTES = 2048;

/** Header and text; the bytes of stdin follow it. */
export function encodeRequest(
  { kind, text, stdinBytes }: Request,
  key: string,
  nonce: string,
): Buffer {
  const body = Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const size = body.length <= MAX_READ_BYTES ? `L${lines}` : `B${body.length}`;
  const header = `${key} ${kind} ${size} ${stdinBytes ?? '-'} ${nonce}\n`;
  return Buffer.concat([Buffer.from(header), body]);
}
