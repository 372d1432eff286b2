/** The scripts of `openssh_keypair`. */
import { script } from '../script.ts';
import { WORKING_DIRECTORY } from '../workingDirectory.ts';
import { ASKPASS_SHELL } from './askpassShell.ts';

const KEYGEN_SHELL = script`
export LC_ALL=C
section() { printf '\n\036%s\n' "$1"; }
${WORKING_DIRECTORY}
trap 'exit 1' HUP INT TERM
${ASKPASS_SHELL}
ask() { asking "$tmp" "$@"; }
own_copy() { # PATH COPY: ssh-keygen reads no key that others may read
  (umask 077; cat -- "$1" >"$2")
}
describe() { # the public key on stdin, then what ssh-keygen says of it
  cat >"$tmp/public"
  [ -s "$tmp/public" ] || return 0
  cat "$tmp/public"
  ssh-keygen -l -f "$tmp/public" 2>/dev/null
}
`;

/** `PATH PASSPHRASE`. What ssh-keygen says of a private key that it cannot read is on stderr. */
export const KEYPAIR_STATE = script`
command -v ssh-keygen >/dev/null || exit 127
${KEYGEN_SHELL}
path=$1
case $path in "~/"*) path=$HOME/\${path#"~/"} ;; esac
if [ -e "$path" ]; then
  section format
  case $(head -n 1 <"$path") in
    *'BEGIN OPENSSH PRIVATE KEY'*) echo ssh ;;
    *'BEGIN PRIVATE KEY'* | *'BEGIN ENCRYPTED PRIVATE KEY'*) echo pkcs8 ;;
    *) echo pkcs1 ;;
  esac
  own_copy "$path" "$tmp/key"
  section open; ssh-keygen -y -P '' -f "$tmp/key" 2>"$tmp/err" </dev/null | describe
  [ -z "$2" ] || { section unlocked; ask "$2" ssh-keygen -y -f "$tmp/key" 2>"$tmp/err" </dev/null | describe; }
  cat "$tmp/err" >&2
fi
[ ! -e "$path.pub" ] || { section stored; describe <"$path.pub"; }
exit 0
`;

/**
 * `PATH OWNER GROUP MODE PUBLIC_MODE HOW TYPE SIZE FORMAT HAS_COMMENT COMMENT`; the passphrase is the line on stdin.
 * HOW: `generate` makes both files, `public` the public one, `comment` changes the comment in both. Prints the public half.
 */
export const KEYGEN = script`
path=$1 owner=$2 group=$3 mode=$4 public_mode=$5 how=$6 type=$7 size=$8 format=$9
shift 9
has_comment=$1 comment=$2
IFS= read -r passphrase
case $path in "~/"*) path=$HOME/\${path#"~/"} ;; esac
case $path in */*) directory=\${path%/*} ;; *) directory=. ;; esac
[ -d "\${directory:-/}" ] || { echo "the directory $directory does not exist" >&2; exit 1; }
umask 077
${KEYGEN_SHELL}
work=$(mktemp -d "\${directory%/}/.drover-XXXXXX") || exit 1
trap 'rm -rf "$tmp" "$work"' EXIT
key=$work/key
keygen() {
  if [ -n "$passphrase" ]; then ask "$passphrase" ssh-keygen "$@"; else ssh-keygen "$@" -N ''; fi >/dev/null 2>"$tmp/err" </dev/null
}
read_key() {
  if [ -n "$passphrase" ]; then ask "$passphrase" ssh-keygen -y -f "$1"; else ssh-keygen -y -P '' -f "$1"; fi 2>"$tmp/err" </dev/null
}
fail() { cat "$tmp/err" >&2; exit 1; }
if [ -z "$has_comment" ] && [ "$how" != generate ] && [ -e "$path.pub" ]; then
  comment=$(cut -d ' ' -f 3- <"$path.pub" | head -n 1)
fi
[ -n "$public_mode" ] || public_mode=$(stat -L -c %a -- "$path.pub" 2>/dev/null || echo 644)
case $how in
  generate)
    set -- -q -t "$type" -f "$key" -C "$comment"
    [ "$type" = ed25519 ] || set -- "$@" -b "$size"
    case $format in pkcs1) set -- "$@" -m PEM ;; pkcs8) set -- "$@" -m PKCS8 ;; ssh) set -- "$@" -m RFC4716 ;; esac
    keygen "$@" || fail ;;
  public) own_copy "$path" "$tmp/key" && read_key "$tmp/key" | { IFS=' ' read -r kind blob rest; [ -n "$blob" ] && printf '%s\n' "$kind $blob\${comment:+ $comment}"; } >"$key.pub" || fail ;;
  comment)
    own_copy "$path" "$key" || exit 1
    if [ -n "$passphrase" ]; then ask "$passphrase" ssh-keygen -q -c -C "$comment" -f "$key"; else ssh-keygen -q -c -C "$comment" -P '' -f "$key"; fi >/dev/null 2>"$tmp/err" </dev/null || fail
    [ -s "$key.pub" ] || read_key "$key" >"$key.pub" || fail ;;
esac
describe <"$key.pub"
put() { # FILE PLACE MODE
  [ ! -e "$2" ] || chown "$(stat -L -c %u:%g -- "$2")" "$1" 2>/dev/null
  [ -z "$owner$group" ] || chown -- "$owner\${group:+:$group}" "$1" || exit 1
  chmod -- "$3" "$1" || exit 1
  mv -f -- "$1" "$2" || exit 1
}
case $how in
  generate) put "$key" "$path" "$mode"; put "$key.pub" "$path.pub" "$public_mode" ;;
  comment) put "$key" "$path" "$(stat -L -c %a -- "$path")"; put "$key.pub" "$path.pub" "$mode" ;;
  public) put "$key.pub" "$path.pub" "$mode" ;;
esac
`;
