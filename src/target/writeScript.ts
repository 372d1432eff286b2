/** The host's side of `writeFile.ts`: needs `cat`, `mv`, `rm`, `chmod`, `chown`, `wc`, and uses more where it is there. */

/** Exit codes of the script's own; any other is that of the command that failed. */
export const WRITE_FAILURES: Readonly<Record<number, { code: string; reason: string }>> = {
  71: { code: 'DROVER_NO_DIRECTORY', reason: 'its directory does not exist' },
  72: { code: 'DROVER_IS_DIRECTORY', reason: 'it is a directory' },
  73: { code: 'DROVER_SHORT_CONTENT', reason: 'the content did not arrive whole' },
  74: { code: 'DROVER_VALIDATE_FAILED', reason: 'validation failed' },
  75: { code: 'DROVER_CHOWN_FAILED', reason: 'owner or group cannot be set' },
  76: { code: 'DROVER_CHMOD_FAILED', reason: 'the mode cannot be set' },
  77: { code: 'DROVER_BACKUP_FAILED', reason: 'no backup can be made' },
  79: { code: 'DROVER_NO_DIRECTORY', reason: 'its directory cannot be made' },
  78: { code: 'DROVER_CHECKSUM', reason: 'the content arrived with another checksum' },
};

/**
 * Arguments: path, how names of temporary files of this write begin, size, sha1 or nothing, owner, group, mode, mode of a new file, and the
 * switches `follow`, `backup`, `unsafe`, then the validation command, `yes` or a mode when missing directories are to be
 * made, and `given` and the content. Other content comes on stdin: the shell cannot hold it, and two programs more are needed.
 */
export const WRITE_SCRIPT = String.raw`
path=$1 stem=$2 size=$3 sha1=$4 owner=$5 group=$6 mode=$7 create=$8
shift 8
follow=$1 backup=$2 unsafe=$3 validate=$4 parents=$5 given=$6 content=$7

fail() { code=$1; shift; rm -f -- "$temporary"; [ $# -eq 0 ] || echo "$*" >&2; exit "$code"; }

if [ "$follow" ] && [ -L "$path" ]; then
  resolved=$(readlink -f -- "$path" && echo .) && path=\${resolved%??}
fi
case $path in
/*/*) directory=\${path%/*};;
/*) directory=/;;
*/*) directory=\${path%/*};;
*) directory=. path=./$path;;
esac
temporary=\${directory%/}/$stem.$$
make_parents() (
  case $parents in
  '') fail 71;;
  [0-7]*) umask -- "$(printf %o "$((0777 & ~0$parents))")";;
  esac
  mkdir -p -- "$directory" || fail 79
)
[ -d "$directory" ] || make_parents || exit
[ -L "$path" ] && [ ! "$follow" ] || [ ! -d "$path" ] || fail 72
exists=; [ -f "$path" ] && { [ "$follow" ] || [ ! -L "$path" ]; } && exists=yes

# Of an attempt whose host went away.
for former in "\${directory%/}/$stem".*; do [ ! -f "$former" ] || rm -f -- "$former"; done
trap 'rm -f -- "$temporary"' EXIT
trap 'exit 1' HUP INT TERM PIPE
set -C
[ "$exists$mode$create" ] && umask 077
exec 9>"$temporary" || exit
set +C

keep_attributes() {
  cp --attributes-only --preserve="$1" -- "$path" "$temporary" 2>/dev/null && return
  set -- $(stat -c '%u:%g %a' -- "$path") || fail 76
  chown -- "$1" "$temporary" 2>/dev/null || chgrp -- "\${1#*:}" "$temporary" 2>/dev/null
  chmod -- "$2" "$temporary" || fail 76
}
if [ "$exists" ]; then
  case $mode in
  [0-7]*) keep_attributes ownership;;
  *) keep_attributes mode,ownership;;
  esac
  [ -e /sys/fs/selinux/enforce ] && chcon --reference="$path" -- "$temporary" 2>/dev/null
elif [ -e /sys/fs/selinux/enforce ] && context=$(matchpathcon -n -- "$path" 2>/dev/null); then
  chcon -- "$context" "$temporary" 2>/dev/null
fi
[ ! "$owner$group" ] || chown -- "$owner\${group:+:$group}" "$temporary" || fail 75
[ "$exists" ] || [ ! "$create" ] || chmod -- "$create" "$temporary" || fail 76
[ ! "$mode" ] || chmod -- "$mode" "$temporary" || fail 76

if [ "$KSH_VERSION" ]; then put() { print -rn -- "$content"; }; else put() { printf %s "$content"; }; fi
# Some shells do not say why they cannot write: cat does.
if [ "$given" ]; then put >&9 2>/dev/null || { put | cat >&9; fail 73; }
else cat >&9 || fail 73; fi
exec 9>&-
[ "$given" ] || [ "$(wc -c <"$temporary")" -eq "$size" ] || fail 73
if [ "$sha1" ] && command -v sha1sum >/dev/null; then
  set -- $(sha1sum <"$temporary")
  [ "$1" = "$sha1" ] || fail 78
fi
# A write by anybody but root takes setuid and setgid away.
case $mode in
*s*|[1-7][0-7][0-7][0-7]|0[1-7][0-7][0-7][0-7]) chmod -- "$mode" "$temporary" || fail 76;;
esac
if [ "$validate" ]; then
  (eval "$validate") </dev/null || { code=$?; fail 74 "exit code $code of: $validate"; }
fi
sync -- "$temporary" 2>/dev/null
if [ "$backup" ] && [ "$exists" ]; then
  copy=$path.$$.$(date +%Y-%m-%d@%H:%M:%S)~
  cp -p -- "$path" "$copy" || { rm -f -- "$copy"; fail 77; }
fi
if ! mv -f -- "$temporary" "$path"; then
  [ "$unsafe" ] || fail 1
  cat <"$temporary" >"$path" || fail 1
  rm -f -- "$temporary"
fi
trap - EXIT
[ ! "$copy" ] || printf 'backup %s\n' "$copy"
exit 0
`.replaceAll('\\$', '$');
