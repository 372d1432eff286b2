/** The scripts of `dnf` and `yum`. Tried with dnf 4.14 and rpm 4.18; the options are those of dnf5 and yum 3 too. */
import { script } from '../../script.ts';
import { MANAGER_SHELL } from '../managerShell.ts';

/**
 * `BACKEND ROOT LOCK_TIMEOUT SIGNATURES COUNT OPTION…`: finds the tool, waits for its lock. With SIGNATURES `check` packages need a good
 * signature whatever the configuration says, as with Ansible; yum 3 (which is no link to dnf) has always gone by its configuration.
 */
const RPM_SHELL = script`
${MANAGER_SHELL}
backend=$1 root=$2 lock_timeout=$3 signatures=$4
shift 4
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
keep options "$@"
shift "$(($1 + 1))"
case $signatures:$(readlink -f "$tool") in
  check:*/yum | skip:*) ;;
  *) printf '%s\n' --setopt=gpgcheck=True --setopt=localpkg_gpgcheck=True >>"$tmp/options" ;;
esac
ask() { # NAME ARGUMENT...: the tool with the options, reported under NAME
  what=$1
  shift
  { cat "$tmp/options"; for word; do printf '%s\n' "$word"; done; } >"$tmp/words"
  with words run "$what" "$tool"
}
rpm_here() { if [ "$root" = / ]; then rpm "$@"; else rpm --root "$root" "$@"; fi; }
`;

/**
 * `… OPERATION REFRESH UPDATE_ONLY AUTOREMOVE DOWNLOAD_DIR SPEC…`. The sections: `pending` (the specs that are
 * not met as far as rpm alone can tell, `+` before the name of an installed package), `installed`, `streams` (the files that say
 * which streams of modules are enabled), and what the tool would do.
 */
export const RPM_OBSERVE = script`
${RPM_SHELL}
operation=$1 refresh=$2 update_only=$3 autoremove=$4 download_dir=$5
shift 5
refresh=\${refresh#no}
# what rpm says of SPEC: 0 for an installed package, 1 for nothing, 2 when only the tool can tell, 3 for what a package provides
presence() {
  case $1 in *://* | @* | *'*'* | *'?'* | *'['* | *[\<\>=]* | *.rpm) return 2 ;; esac
  rpm_here -q -- "$1" >/dev/null 2>&1 && return 0
  rpm_here -q --whatprovides -- "$1" >/dev/null 2>&1 && return 3
  return 1
}
: >"$tmp/pending"
wanted() {
  for spec; do
    presence "$spec"
    case $operation:$? in
      install:[03] | remove:1) ;;
      latest:[13]) [ "$update_only" = yes ] || printf '%s\n' "-$spec" ;;
      latest:0) printf '%s\n' "+$spec" ;;
      *) printf '%s\n' "-$spec" ;;
    esac
  done
}
[ "$operation" = list ] || wanted "$@" >"$tmp/pending"
section pending; cat "$tmp/pending"
case $operation in
  none) [ -z "$refresh" ] || ask refresh makecache --refresh; exit 0 ;;
  autoremove) ;;
  list)
    FORMAT='%{name}|%{arch}|%{epoch}|%{version}|%{release}|%{reponame}\n'
    case $1 in
      installed) ask list -q repoquery --installed --qf "$FORMAT" ;;
      updates | upgrades) ask list -q repoquery --upgrades --qf "$FORMAT" ;;
      available) ask list -q repoquery --available --qf "$FORMAT" ;;
      repos | repositories) ask repos -q repolist --enabled ;;
      *) ask list -q repoquery --installed --qf "$FORMAT" "$1"; ask available -q repoquery --available --qf "$FORMAT" "$1" ;;
    esac
    exit 0 ;;
  remove) [ -s "$tmp/pending" ] || [ "$autoremove" = yes ] || exit 0 ;;
  *) [ -s "$tmp/pending" ] || exit 0 ;;
esac
section installed; rpm_here -qa --qf '%{NAME}\t%{EPOCHNUM}\t%{VERSION}-%{RELEASE}\t%{ARCH}\n' 2>/dev/null
simulate() { # NAME VERB PREFIX: what VERB would do with the specs of that prefix
  sed -n "s/^$3//p" "$tmp/pending" >"$tmp/specs"
  [ -s "$tmp/specs" ] || return 0
  if [ "$2" = upgrade ] && [ "$(cat "$tmp/specs")" = '*' ]; then : >"$tmp/specs"; fi
  with specs ask "$1" --assumeno $refresh "$2"
}
case $operation in
  install) simulate first install '[+-]' ;;
  remove)
    simulate first remove '[+-]'
    [ "$autoremove" = no ] || ask second --assumeno autoremove
    section streams; cat "$root"/etc/dnf/modules.d/*.module 2>/dev/null ;;
  autoremove) ask first --assumeno autoremove ;;
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

/** `… [VERB SPEC…] [; VERB SPEC…]`: one run of the tool for each verb; stops at the first that fails. */
export const RPM_APPLY = script`
${RPM_SHELL}
work() {
  name=$1
  shift
  ask "$name" -y "$@"
}
each work "$@"
exit 0
`;
