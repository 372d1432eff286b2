/** The scripts of `dnf` and `yum`. Tried with dnf 4.14 and rpm 4.18; the options are those of dnf5 and yum 3 too. */
import { script } from '../script.ts';

/** `BACKEND ROOT LOCK_TIMEOUT`: finds the tool, waits for its lock. */
const RPM_SHELL = script`
export LC_ALL=C
backend=$1 root=$2 lock_timeout=$3
shift 3
section() { printf '\n\036%s\n' "$1"; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
NL='
'
tool=
case $backend in
  auto) candidates='dnf dnf5 yum' ;;
  dnf | dnf4) candidates='dnf dnf-3' ;;
  dnf5) candidates=dnf5 ;;
  *) candidates='yum dnf' ;;
esac
for name in $candidates; do tool=$(command -v "$name") && break; done
[ -n "$tool" ] || { section missing; exit 0; }
holder() { # the process that holds the lock, and its command
  for lock in "$root"/var/run/yum.pid "$root"/run/dnf.pid "$root"/var/cache/dnf/*_lock.pid "$root"/var/lib/dnf/*_lock.pid; do
    [ -r "$lock" ] && read -r pid <"$lock" && kill -0 "$pid" 2>/dev/null || continue
    printf '%s\t%s\t%s\n' "$lock" "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
    return 0
  done
  return 1
}
deadline=$(($(date +%s) + lock_timeout))
while holder >"$tmp/holder"; do
  [ "$(date +%s)" -lt "$deadline" ] || { section holders; cat "$tmp/holder"; exit 0; }
  sleep 1
done
: >"$tmp/options"
take_options() { # COUNT OPTION…
  left=$1
  shift
  while [ "$left" -gt 0 ]; do printf '%s\n' "$1" >>"$tmp/options"; shift; left=$((left - 1)); done
}
# run NAME ARGUMENT…: the tool with the options, reported under NAME
run() {
  what=$1
  shift
  { cat "$tmp/options"; for word; do printf '%s\n' "$word"; done; } >"$tmp/words"
  IFS=$NL
  set -f
  set -- $(cat "$tmp/words")
  set +f
  unset IFS
  "$tool" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
  rc=$?
  section "$what.rc"; echo "$rc"
  section "$what.stdout"; cat "$tmp/out"
  section "$what.stderr"; cat "$tmp/err"
  return "$rc"
}
rpm_here() { if [ "$root" = / ]; then rpm "$@"; else rpm --root "$root" "$@"; fi; }
`;

/**
 * `… OPERATION REFRESH UPDATE_ONLY DOWNLOAD_DIR COUNT OPTION… SPEC…`. The sections: `pending` (the specs that are not
 * met as far as rpm alone can tell, `+` before those of which some version is installed), `installed`, and what the tool
 * would do.
 */
export const RPM_OBSERVE = script`
${RPM_SHELL}
operation=$1 refresh=$2 update_only=$3 download_dir=$4 count=$5
shift 5
take_options "$count" "$@"
shift "$count"
refresh=\${refresh#no}
is_installed() {
  case $1 in
    *://* | @* | *'*'* | *'?'* | *'['* | *[\<\>=]* | *.rpm) return 2 ;;
    /*) rpm_here -q --whatprovides "$1" >/dev/null 2>&1 ;;
    *) rpm_here -q --whatprovides "$1" >/dev/null 2>&1 || rpm_here -q "$1" >/dev/null 2>&1 ;;
  esac
}
: >"$tmp/pending"
wanted() {
  for spec; do
    is_installed "$spec"
    case $operation:$? in
      install:0 | remove:1) ;;
      install:1 | latest:1) [ "$update_only" = yes ] || printf '%s\n' "-$spec" ;;
      *:0) printf '%s\n' "+$spec" ;;
      *) printf '%s\n' "-$spec" ;;
    esac
  done
}
[ "$operation" = list ] || wanted "$@" >"$tmp/pending"
section pending; cat "$tmp/pending"
case $operation in
  none) [ -z "$refresh" ] || run refresh makecache --refresh; exit 0 ;;
  autoremove) ;;
  list)
    FORMAT='%{name}|%{arch}|%{epoch}|%{version}|%{release}|%{reponame}\n'
    case $1 in
      installed) run list -q repoquery --installed --qf "$FORMAT" ;;
      updates | upgrades) run list -q repoquery --upgrades --qf "$FORMAT" ;;
      available) run list -q repoquery --available --qf "$FORMAT" ;;
      repos | repositories) run repos -q repolist --enabled ;;
      *) run list -q repoquery --installed --qf "$FORMAT" "$1"; run available -q repoquery --available --qf "$FORMAT" "$1" ;;
    esac
    exit 0 ;;
  *) [ -s "$tmp/pending" ] || exit 0 ;;
esac
section installed; rpm_here -qa --qf '%{NAME}\t%{EPOCHNUM}\t%{VERSION}-%{RELEASE}\t%{ARCH}\n' 2>/dev/null
simulate() { # NAME VERB PREFIX: what VERB would do with the specs of that prefix
  what=$1 verb=$2
  IFS=$NL
  set -f
  set -- $(sed -n "s/^$3//p" "$tmp/pending")
  set +f
  unset IFS
  [ $# -gt 0 ] || return 0
  if [ "$verb" = upgrade ] && [ "$*" = '*' ]; then set --; fi
  run "$what" --assumeno $refresh "$verb" "$@"
}
case $operation in
  install) simulate first install '[+-]' ;;
  remove) simulate first remove '[+-]' ;;
  autoremove) run first --assumeno autoremove ;;
  latest)
    if [ "$update_only" = yes ] || [ "$(cat "$tmp/pending")" = '-*' ]; then simulate first upgrade '[+-]'
    else simulate first install -; simulate second upgrade '+'; fi ;;
esac
if [ "$operation" != remove ]; then
  section downloaded
  if [ -n "$download_dir" ]; then ls -- "$download_dir" 2>/dev/null; else find "$root/var/cache/dnf" "$root/var/cache/yum" "$root/var/cache/libdnf5" -name '*.rpm' 2>/dev/null | sed 's,.*/,,'; fi
fi
exit 0
`;

/** `… COUNT OPTION… [VERB SPEC…] [; VERB SPEC…]`: one run of the tool for each verb; stops at the first that fails. */
export const RPM_APPLY = script`
${RPM_SHELL}
count=$1
shift
take_options "$count" "$@"
shift "$count"
: >"$tmp/command"
number=0
flush() {
  [ -s "$tmp/command" ] || return 0
  number=$((number + 1))
  IFS=$NL
  set -f
  set -- $(cat "$tmp/command")
  set +f
  unset IFS
  : >"$tmp/command"
  run "work$number" -y "$@"
}
for word; do
  if [ "$word" = ';' ]; then flush || exit 0; else printf '%s\n' "$word" >>"$tmp/command"; fi
done
flush
exit 0
`;
