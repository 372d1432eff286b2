/**
 * The `sh` program of a shell session, and the form of what it is sent. It must run in dash, bash, busybox ash and mksh,
 * so it holds to POSIX and to what those four share. Its own names begin with `_`: what it runs sees them.
 *
 * A request is one header line, up to three shell texts that make one, and, perhaps, the bytes of its stdin:
 *
 *     KEY KIND HEAD SCRIPT TAIL STDIN NONCE
 *
 * HEAD and TAIL say how long their texts are: `L<lines>` (read line by line: no process is started) or `B<bytes>` (cheaper from
 * 2 kB on). SCRIPT is the number of a text that the session keeps, with `=<length>` when it comes now (`keptScripts.ts`).
 * STDIN is a number of bytes or `-`. KEY proves that the line comes from us: were the two sides ever out of step, the session
 * ends instead of running content as commands.
 */

import { quote } from '../quote.ts';
import type { KeptScript } from './keptScripts.ts';
import { PUMPS } from './pumps.ts';
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

/** What the watcher waits by, a process beside what the session runs. */
export const WATCH_PAUSE = 'sleep 2';

/**
 * `probe` requests are evaluated in a subshell whose stdout and stderr are the session's own: one fork. That is right
 * only for scripts that leave no process behind.
 *
 * `command` and `script` requests get pipes of their own with a reader behind each (`pumps.ts`), so that a process that outlives them
 * holds *those* pipes and never the session's. The first mark ends the request's output; the second says that both
 * pipes are closed. When it does not come, something was left behind, and the caller stops using this session.
 * A `script` runs in a fresh shell under `setsid`: a process group of its own, and nothing of its text in an argv. A `command`
 * is evaluated, and ends in `exec $_leader` with its program: two programs less to start.
 *
 * `_watch` runs beside the session: when the process that connects it (sshd, or drover itself for `local`) is gone, what
 * the session still runs is ended as `processTree.ts` would, TERM first. Without `/proc` nobody watches. A probe that is ended from
 * outside takes the watcher and the pumps along: who comes next starts them again.
 */
const PROGRAM = String.raw`
${TAKE_BYTES}_drain() { if [ "$1" -le 4096 ]; then while read -r _rest; do :; done; else cat >/dev/null; fi; };
_read() {
  _got=; _left=\${1#?};
  case $1 in
  L*) while [ "$_left" -gt 0 ]; do IFS= read -r _line || exit; _got=$_got$_line$_newline; _left=$((_left - 1)); done;;
  *) [ "$taker" ] || pick; _got=$(take "$_left")$_newline;;
  esac;
};
_assemble() {
  _read "$_head"; _text=$_got; _number=\${_script%%=*};
  [ "$_number" = "$_script" ] || { _read "\${_script#*=}"; eval "_kept$_number="'$_got'; };
  eval '_text=$_text$_kept'"$_number";
  _read "$_tail"; _text=$_text$_got;
};
_start() {
  case $_kind$_leader in
  script?*) { _say "exec 7<&-$_newline$_text" | setsid "$_shell" /dev/fd/7 7<&0 <&8 8<&-; } 8<&0;;
  *) ( eval "$_text" ) 6>&- 7>&-;;
  esac;
};
_feed() {
  if [ "$_stdin" = - ]; then _start </dev/null;
  else take "$_stdin" | { _start; _code=$?; _drain "$_stdin"; exit "$_code"; }; fi;
};
_mark() { _say "$_nonce $1$_newline"; _say "$_nonce $1$_newline" >&2; };
${PUMPS}_connector() {
  _owner=$PPID;
  while read -r _line <"/proc/$_owner/stat"; do
    case $_line in
    *"(sudo)"*|*"(sudo-rs)"*|*"(su)"*|*"(doas)"*|*"(sh)"*|*"(dash)"*|*"(ash)"*|*"(bash)"*|*"(mksh)"*|*"(busybox)"*)
      set -- \${_line##*\)}; _owner=$2;;
    *) return;;
    esac;
  done 2>/dev/null;
};
_below() {
  _known=" $$ "; _targets=; _more=yes; read -r _self _rest </proc/self/stat;
  read -r _line </proc/$$/stat || return; set -- \${_line##*\)}; _group=$3;
  while [ "$_more" ]; do
    _more=;
    for _stat in /proc/[0-9]*/stat; do
      read -r _line <"$_stat" || continue;
      _pid=\${_line%% *}; set -- \${_line##*\)};
      case $_known in *" $_pid "*) continue;; *" $2 "*) ;; *) continue;; esac;
      _known="$_known$_pid "; _more=yes;
      [ "$3" = "$_group" ] || _targets="$_targets -$3";
      [ "$_leader" ] || [ "$_pid" = "$_self" ] || _targets="$_targets $_pid";
    done;
  done;
};
_watch() {
  while [ -e "/proc/$_owner" ]; do ${WATCH_PAUSE} || return; [ -e "/proc/$$" ] || return; done;
  _below; [ "$_targets" ] || return;
  kill -s TERM -- $_targets; sleep 2; kill -s KILL -- $_targets;
};
_guard() {
  [ -e "/proc/$_watcher/fd/0" ] || [ ! -e "/proc/$_owner/stat" ] || { _watch </dev/null >/dev/null 2>&1 6>&- 7>&- & _watcher=$!; };
};
_newline=\${IFS#??}; taker=; _leader=;
if [ "$KSH_VERSION" ]; then _say() { print -rn -- "$1"; }; else _say() { printf %s "$1"; }; fi;
[ -e /dev/fd/0 ] && command -v setsid >/dev/null 2>&1 && _leader='setsid --';
_pumps_here; _nonce=$_key; _mark "$$";
_connector; _watcher=; _guard;
while IFS=' ' read -r _given _kind _head _script _tail _stdin _nonce; do
  [ "$_given" = "$_key" ] || exit 97;
  _assemble; [ "$_stdin" = - ] || [ "$taker" ] || pick;
  case $_kind in
  probe) _feed; _mark $?;;
  *) _guard; _isolate _feed;;
  esac;
done;
[ ! "$_watcher" ] || kill "$_watcher" 2>/dev/null
`.replaceAll('\\$', '$');

/** The program as the one line that `LOADER` reads. */
export function programLine(key: string, shell: string): string {
  const oneLine = PROGRAM.trim()
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
  return `_key=${quote(key)}; _shell=${quote(shell)}; ${oneLine}\n`;
}

/**
 * `probe`: a script of ours that starts nothing which outlives it; costs one fork on the host. `command`: a script that ends by
 * becoming one program, by `RUN_ARGUMENTS`, which gets a process group and output pipes of its own. `script`: anything; the same in a
 * fresh shell. A command costs the host about 1.3 ms more than a probe with the same program, a script 3.1 ms.
 */
export type RequestKind = 'probe' | 'command' | 'script';

/** How a `command` ends. Elsewhere than in a session it just becomes the program. */
export const RUN_ARGUMENTS = 'exec $_leader "$@"';

export interface Request {
  readonly kind: RequestKind;
  /** Directory, environment and arguments, as shell text. */
  readonly head: string;
  readonly script: KeptScript;
  /** Shell text after the script. */
  readonly tail: string;
  readonly stdinBytes: number | undefined;
}

/** Up to here reading byte by byte in the shell (0.3 µs each) is cheaper than starting `head` (0.6 ms). */
const MAX_READ_BYTES = 2048;

/** Header and texts; the bytes of stdin follow them. */
export function encodeRequest(
  { kind, head, script, tail, stdinBytes }: Request,
  key: string,
  nonce: string,
): Buffer {
  const [first, kept, last] = [textOf(head), textOf(script.text ?? ''), textOf(tail)];
  const number = script.text === undefined ? `${script.number}` : `${script.number}=${kept.size}`;
  const sizes = `${first.size} ${number} ${last.size} ${stdinBytes ?? '-'}`;
  const header = Buffer.from(`${key} ${kind} ${sizes} ${nonce}\n`);
  return Buffer.concat([header, first.bytes, kept.bytes, last.bytes]);
}

/** Whole lines, and how their length is told. */
function textOf(text: string): { readonly bytes: Buffer; readonly size: string } {
  if (text === '') return { bytes: Buffer.alloc(0), size: 'L0' };
  const bytes = Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { bytes, size: bytes.length <= MAX_READ_BYTES ? `L${lines}` : `B${bytes.length}` };
}
