/** The script of `pacman`. Tried with pacman 6.0.2. */
import { script } from '../../script.ts';
import { MANAGER_SHELL } from '../managerShell.ts';

/**
 * `CONFIG ROOT CACHEDIR PROGRAM OPERATION REFRESH CHECK COUNT REFRESH_WORD… COUNT EXTRA_WORD… SPEC…`; REFRESH is no, yes or force.
 * In check mode (CHECK yes) databases and packages are fetched into a copy. The sections: `installed`, `explicit`, `wanted`
 * (a line for each package that a spec stands for: sync or file, the spec, the name), `pending` (the specs that the work is to
 * be told), `simulation` and `files` (what pacman would do), `replaced` (what an upgrade puts a new package in the place of).
 */
export const PACMAN_OBSERVE = script`
${MANAGER_SHELL}
config=$1 root=$2 cachedir=$3 program=$4
shift 4
need "$program"
operation=$1 refresh=$2 is_check=$3 database=
shift 3
keep refreshing "$@"; shift "$(($1 + 1))"
keep extra "$@"; shift "$(($1 + 1))"
call() {
  "$program" \${config:+--config="$config"} \${root:+--root="$root"} \${database:+--dbpath="$database"} \${cachedir:+--cachedir="$cachedir"} "$@"
}
steps_of() { # COMMAND...: the packages that it would bring, with their versions
  call --print --print-format 'step %n %v' --noconfirm "$@"
}
databases() { find "\${database:-$live}/sync" -type f -exec cksum {} + 2>/dev/null | sed 's, [^ ]*/, ,' | sort | cksum; }
if [ "$is_check" = yes ]; then
  chmod 711 "$tmp"
  mkdir "$tmp/cache" "$tmp/db"
fi
if [ "$refresh" != no ]; then
  live=$(call -v 2>/dev/null | sed -n 's,^DB Path *: \(.*\)/$,\1,p')
  before=$(databases)
  if [ "$is_check" = yes ]; then
    cp -a "$live/sync" "$tmp/db/" 2>/dev/null
    ln -s "$live/local" "$tmp/db/local"
    database=$tmp/db
  fi
  [ "$refresh" = yes ] || echo --refresh >>"$tmp/refreshing"
  with refreshing run refresh call --sync --refresh --noconfirm || exit 0
  [ "$(databases)" = "$before" ] || { section renewed; echo yes; }
fi
[ "$is_check" = no ] || cachedir=$tmp/cache
section installed; call --query 2>/dev/null
section explicit; call --query --explicit --quiet 2>/dev/null

is_installed() { call --query -- "$1" >/dev/null 2>&1; }
want() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$tmp/wanted"; } # KIND SPEC NAME
name_of() { sed -n 's/^step \([^ ]*\) .*/\1/p' | tail -n 1; }
resolve() {
  case $1 in
    *://* | /* | ./* | *.pkg.tar*)
      want file "$1" "$(steps_of --upgrade --nodeps --nodeps -- "$1" 2>/dev/null | name_of)"
      return ;;
  esac
  members=$(call --sync --groups --quiet -- "$1" 2>/dev/null)
  if [ -n "$members" ]; then
    for member in $members; do want sync "$member" "$member"; done
  elif is_installed "$1"; then
    want sync "$1" "$1"
  else
    name=$(steps_of --sync --nodeps --nodeps -- "$1" 2>/dev/null | name_of)
    want sync "$1" "\${name:-$1}"
  fi
}
: >"$tmp/wanted"
for spec; do resolve "$spec"; done
section wanted; cat "$tmp/wanted"
pend() { # KIND SPEC NAME: noted under its kind unless it is there already
  case $operation:$1 in
    install:sync) call --deptest -- "\${2#*/}" >/dev/null 2>&1 || printf '%s\n' "$2" >>"$tmp/sync" ;;
    remove:*) ! is_installed "$3" || printf '%s\n' "$3" >>"$tmp/sync" ;;
    *) printf '%s\n' "$2" >>"$tmp/$1" ;;
  esac
}
: >"$tmp/sync"
: >"$tmp/file"
while IFS='	' read -r kind spec name; do pend "$kind" "$spec" "$name"; done <"$tmp/wanted"
section pending; cat "$tmp/sync" "$tmp/file"
[ "$operation" = upgrade ] || echo -- >>"$tmp/extra"
case $operation in
  install | latest)
    [ ! -s "$tmp/sync" ] || with extra with sync run simulation steps_of --sync --needed
    [ ! -s "$tmp/file" ] || with extra with file run files steps_of --upgrade --needed ;;
  remove) [ ! -s "$tmp/sync" ] || with extra with sync run simulation steps_of --remove ;;
  upgrade)
    with extra run simulation steps_of --sync --sysupgrade
    sed -n 's/^step \([^ ]*\) .*/\1/p' "$tmp/out" >"$tmp/names"
    section replaced
    [ ! -s "$tmp/names" ] || with names call --sync --info 2>/dev/null | sed -n 's/^Replaces *: //p' ;;
esac
exit 0
`;
