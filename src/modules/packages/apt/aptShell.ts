/** The shell functions that every script around apt-get starts with. */
import { script } from '../../script.ts';
import { WORKING_DIRECTORY } from '../../workingDirectory.ts';

/** Quiet, untranslated tools; sections; waiting for locks; the refresh of the package index. */
export const APT_SHELL = script`
export LC_ALL=C LANG=C DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1
section() { printf '\n\036%s\n' "$1"; }
${WORKING_DIRECTORY}
LOCKS='/var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock'
lock_holders() {
  for lock in $LOCKS; do
    inode=$(stat -c %i "$lock" 2>/dev/null) || continue
    while read -r _ _ _ _ pid device _; do
      case $device in
        *:"$inode") printf '%s\t%s\t%s\n' "$lock" "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" ;;
      esac
    done </proc/locks
  done
}
# Runs a command into $tmp/out and $tmp/err; again, up to $lock_timeout seconds, while another process holds apt's locks.
locked() {
  deadline=$(($(date +%s) + lock_timeout))
  while :; do
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    rc=$?
    [ "$rc" -eq 0 ] && return 0
    grep -Eq 'Could not get lock|Unable to lock|Unable to acquire the dpkg|dpkg .*(database|lock).*(locked|is held)' "$tmp/err" || return "$rc"
    if [ "$(date +%s)" -ge "$deadline" ]; then
      lock_holders >"$tmp/holders"
      return "$rc"
    fi
    sleep 1
  done
}
report() {
  section "$1.rc"; printf '%s\n' "$rc"
  section "$1.stdout"; cat "$tmp/out"
  section "$1.stderr"; cat "$tmp/err"
  if [ -s "$tmp/holders" ]; then section holders; cat "$tmp/holders"; fi
}
# A new machine has fresh directories and no index in them.
index_time() {
  [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' 2>/dev/null)" ] || { echo 0; return; }
  stat -c %Y /var/lib/apt/periodic/update-success-stamp 2>/dev/null || stat -c %Y /var/lib/apt/lists 2>/dev/null || echo 0
}
# refresh RETRIES MAX_DELAY [APT OPTION...]: fetches the index, again with growing pauses when that fails.
refresh() {
  left=$1 max_delay=$2 pause=1
  shift 2
  while :; do
    locked apt-get update -q -o APT::Update::Error-Mode=any "$@" && return 0
    left=$((left - 1))
    [ "$left" -le 0 ] || [ -s "$tmp/holders" ] && return "$rc"
    sleep "$pause"
    pause=$((pause * 2))
    [ "$pause" -gt "$max_delay" ] && pause=$max_delay
  done
}
refresh_here() {
  refresh "$1" "$2" || return "$rc"
  touch /var/lib/apt/lists
  [ ! -e /var/lib/apt/periodic/update-success-stamp ] || touch /var/lib/apt/periodic/update-success-stamp
}
# Into a copy under $tmp, so that check mode sees today's index and the host keeps its own.
refresh_copy() {
  chmod 711 "$tmp"
  mkdir -p "$tmp/lists"
  cp -a /var/lib/apt/lists/. "$tmp/lists/" 2>/dev/null
  mkdir -p "$tmp/lists/partial"
  chown _apt "$tmp/lists/partial" 2>/dev/null
  private="-o Dir::State::Lists=$tmp/lists -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache="
  refresh "$1" "$2" $private
}
# Did something end dpkg amid its work? What it came to is then in a journal, which apt-get does not read, and is stopped by.
interrupted() { ls /var/lib/dpkg/updates 2>/dev/null | grep -q '^[0-9]*$'; }
deb_path() {
  case $1 in
    http://* | https://* | ftp://*)
      printf '%s/drover-%s.deb' "\${deb_folder:-/var/cache/apt/archives}" "$(printf %s "$1" | sha256sum | cut -c1-32)" ;;
    *) printf %s "$1" ;;
  esac
}
fetch_deb() {
  file=$(deb_path "$1")
  [ "$file" = "$1" ] || [ -s "$file" ] || locked /usr/lib/apt/apt-helper download-file "$1" "$file"
}
`;
