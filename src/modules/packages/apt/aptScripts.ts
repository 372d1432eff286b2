/**
 * The two shell scripts behind `apt`: one that looks (and simulates), one that works. Values arrive as positional
 * parameters. Output is cut into sections by lines that start with the record separator, which no tool here prints.
 */
import { script } from '../../script.ts';
import { APT_SHELL } from './aptShell.ts';

/**
 * `OPERATION CHECK REFRESH STALE_AFTER RETRIES MAX_DELAY LOCK_TIMEOUT PURGE LATEST ONLY_UPGRADE COUNT OPTION… SPEC…`.
 * OPERATION: install, remove, build-dep, fixed, upgrade, dist-upgrade, deb, autoremove, none. REFRESH: yes, no.
 * CHECK (yes, no): what is fetched is not kept. Refreshes only when asked, when the index is older than STALE_AFTER seconds, and when the answer depends on it.
 */
export const OBSERVE_SCRIPT = script`
command -v apt-get >/dev/null || { printf '\n\036missing\n'; exit 0; }
operation=$1 check=$2 refresh=$3 stale_after=$4 retries=$5 max_delay=$6 lock_timeout=$7 purge=$8 latest=$9
shift 9
only_upgrade=$1 count=$2
shift 2
${APT_SHELL}
TAB=$(printf '\t')
NL='
'
[ "$check" = no ] || deb_folder=$tmp
section index; index_time; date +%s
now=$(date +%s)
stale=no
[ "$refresh" = no ] || [ $(($(index_time) + stale_after)) -gt "$now" ] || stale=yes
section stale; echo "$stale"
if interrupted; then section interrupted; dpkg --simulate --configure -a 2>/dev/null; fi
section held; dpkg-query -W -f '\${db:Status-Want} \${Package}\n' 2>/dev/null | sed -n 's/^hold //p'

: >"$tmp/options"
while [ "$count" -gt 0 ]; do
  printf '%s\n' "$1" >>"$tmp/options"
  shift
  count=$((count - 1))
done
split() { # SPEC -> name, relation, version
  case $1 in
    *'>='*) name=\${1%%>=*} relation='>=' version=\${1#*>=} ;;
    *=*) name=\${1%%=*} relation='=' version=\${1#*=} ;;
    *) name=$1 relation= version= ;;
  esac
}
installed_list() {
  dpkg-query -W -f '\${Package}\t\${Architecture}\t\${db:Status-Status}\t\${Version}\n' -- "$@" 2>/dev/null
}
lookup() { # NAME -> status, current, architecture
  status=not-installed current= architecture=
  while IFS="$TAB" read -r package arch state value; do
    case $1 in "$package" | "$package:$arch" | "$package:any") ;; *) continue ;; esac
    [ "$status" = installed ] || { status=$state current=$value architecture=$arch; }
  done <<END
$known
END
}
provided() { # NAME: does an installed package provide it?
  [ -n "$provides" ] || provides=$(dpkg-query -W -f '\${db:Status-Status} \${Provides}\n' | sed -n 's/^installed \(..*\)/, \1,/p' | sed 's/ ([^)]*)//g')
  printf '%s\n' "$provides" | grep -Fq ", $1,"
}
satisfied() {
  [ "$status" = installed ] || { [ -z "$relation" ] && [ "$status" = not-installed ] && provided "$name"; return; }
  case $relation in
    '') return 0 ;;
    '>=') dpkg --compare-versions "$current" ge "$version" ;;
    *) case $current in $version) return 0 ;; *) return 1 ;; esac ;;
  esac
}
candidate() { # NAME: the version that apt-get would install, after pins and the default release
  release=$(sed -n '/^-t$/{n;p;}' "$tmp/options")
  apt-cache $private \${release:+-o APT::Default-Release="$release"} policy "$1" 2>/dev/null | sed -n 's/^  Candidate: \([^(].*\)/\1/p'
}
add() { printf '%s\n' "$1" >>"$tmp/pending"; }
add_spec() {
  case $relation in '>=') ;; *) add "$1"; return ;; esac
  found=$(candidate "$name")
  if [ -z "$found" ]; then add "$name=$version"
  elif dpkg --compare-versions "$found" ge "$version"; then add "$name=$found"
  elif ! satisfied; then printf '%s>=%s\t%s\n' "$name" "$version" "$found" >>"$tmp/old"; fi
}
expand() { # the names that a pattern stands for
  case $name in *[*?[]*) ;; *) printf '%s\n' "$name"; return ;; esac
  if [ "$operation" = remove ]; then dpkg-query -W -f '\${Package}\n' "$name" 2>/dev/null; return; fi
  apt-cache $private pkgnames "\${name%%[*?[]*}" | while read -r candidate; do
    case $candidate in $name) printf '%s\n' "$candidate" ;; esac
  done | sort
}
each_spec() { # FUNCTION SPEC...: calls FUNCTION for every package that a spec stands for
  callback=$1
  shift
  for spec; do
    split "$spec"
    for name in $(set -f; expand); do
      lookup "$name"
      "$callback" "$name\${relation:+$relation$version}"
    done
  done
}
want_install() {
  case $status in
    installed) if [ "$latest" = yes ] || ! satisfied; then add_spec "$1"; fi ;;
    *) if [ "$only_upgrade" = no ] && ! satisfied; then add_spec "$1"; fi ;;
  esac
}
want_remove() {
  case $status in
    not-installed) ;;
    config-files) [ "$purge" = no ] || add "$name" ;;
    *) case $relation in '') add "$name" ;; *) ! satisfied || add "$name" ;; esac ;;
  esac
}
record() { printf '%s\t%s\t%s\n' "$1" "$status" "$current"; }
installed_name() { [ "$status" != installed ] || printf '%s %s\n' "\${name%%:*}" "$architecture"; }
# Which of the packages asked for are there because others need them, and would go with those. A package of all architectures is noted with the host's.
automatic() {
  each_spec installed_name "$@" >"$tmp/names"
  [ -s "$tmp/names" ] && [ -s /var/lib/apt/extended_states ] || return
  awk 'FNR == NR { named[$1] = $2; next }
    $1 == "Package:" { package = $2 }
    $1 == "Architecture:" { architecture = $2 }
    $1 == "Auto-Installed:" && $2 == 1 && (named[package] == "all" || named[package] == architecture) { print package ":" architecture }' \
    "$tmp/names" /var/lib/apt/extended_states
}
resolve() { # SPEC...: fills $tmp/pending, and $tmp/old with what the candidates are too old for
  : >"$tmp/pending"
  : >"$tmp/old"
  provides=
  known=
  case $operation in
    install | remove)
      names=
      set -f
      for spec; do split "$spec"; names="$names $name"; done
      known=$(installed_list $names)
      set +f
      if [ "$operation" = install ]; then each_spec want_install "$@"; else each_spec want_remove "$@"; fi ;;
    build-dep) for spec; do add "$spec"; done ;;
  esac
}
observe_deb() {
  fetch_deb "$1" || { report simulation; return 1; }
  file=$(deb_path "$1")
  [ -r "$file" ] || { section nodeb; echo "$file"; return 1; }
  if ! dpkg-deb -f "$file" Package Version Architecture >"$tmp/fields" 2>"$tmp/err"; then
    rc=2; : >"$tmp/out"; report simulation; return 1
  fi
  section deb; cat "$tmp/fields"
  name=$(sed -n 's/^Package: //p' "$tmp/fields") value=$(sed -n 's/^Version: //p' "$tmp/fields")
  architecture=$(sed -n 's/^Architecture: //p' "$tmp/fields")
  known=$(installed_list "$name")
  [ "$architecture" = all ] || [ "$architecture" = "$(dpkg --print-architecture)" ] || name=$name:$architecture
  lookup "$name"
  section packages; record "$name"
  if [ "$status:$current" != "installed:$value" ]; then
    printf '%s\n' "$file" >"$tmp/pending"
  elif [ "$file" != "$1" ]; then rm -f "$file"; fi
}

private=
: >"$tmp/pending"
set -f
case $operation in
  none | autoremove | fixed | upgrade | dist-upgrade) needed=yes ;;
  deb) observe_deb "$1" || exit 0; [ -s "$tmp/pending" ] && needed=yes || needed=no ;;
  *) resolve "$@"; [ -s "$tmp/pending" ] || [ -s "$tmp/old" ] && needed=yes || needed=no ;;
esac
case $operation in install) for spec; do case $spec in *[*?[]*) needed=yes ;; esac; done ;; esac

index_print() { # FOLDER: the same as long as the repositories say the same
  find "$1" -maxdepth 1 -type f -name '*Release' -exec cksum {} + 2>/dev/null | sed 's, [^ ]*/, ,' | sort | cksum
}
if [ "$stale" = yes ] && [ "$needed" = yes ]; then
  printed=$(index_print /var/lib/apt/lists)
  if [ "$check" = no ]; then refresh_here "$retries" "$max_delay"; else refresh_copy "$retries" "$max_delay"; fi || { report refresh; exit 0; }
  section refreshed; index_time
  if [ "$check" = no ]; then lists=/var/lib/apt/lists; else lists=$tmp/lists; fi
  [ "$(index_print "$lists")" = "$printed" ] || { section renewed; echo yes; }
  case $operation in install | remove) resolve "$@" ;; esac
fi
case $operation in
  install | remove)
    section packages
    each_spec record "$@"
    section old; cat "$tmp/old" ;;
esac
if [ "$operation" = install ]; then section automatic; automatic "$@"; fi
section pending; cat "$tmp/pending"

simulate() { # VERB [SPEC...]
  { cat "$tmp/options"; for word; do printf '%s\n' "$word"; done; } >"$tmp/words"
  IFS=$NL
  set -- $(cat "$tmp/words")
  unset IFS
  rc=0
  apt-get -s -y $private "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || rc=$?
  report simulation
}
IFS=$NL
set -- $(cat "$tmp/pending")
unset IFS
case $operation in
  install | deb) [ $# -eq 0 ] || simulate install "$@" ;;
  remove) [ $# -eq 0 ] || simulate remove "$@" ;;
  build-dep) [ $# -eq 0 ] || simulate build-dep "$@" ;;
  fixed) simulate install --fix-broken ;;
  upgrade) simulate upgrade --with-new-pkgs ;;
  dist-upgrade) simulate dist-upgrade ;;
  autoremove) simulate autoremove ;;
esac
`;

/** Which archive files `clean` (all) and `autoclean` (outdated ones) would delete: `MODE`. */
export const ARCHIVES_SCRIPT = script`
case $1 in
  clean) find /var/cache/apt/archives -type f -name '*.deb' 2>/dev/null | sed 's/.*\///' ;;
  autoclean) LC_ALL=C apt-get -s autoclean 2>/dev/null | sed -n 's/^Del //p' ;;
esac
exit 0
`;

/**
 * `LOCK_TIMEOUT POLICY REPAIR CLEAN DEB_URL MARKS COUNT OPTION… [VERB SPEC…]`. REPAIR: yes or no; MARKS: packages to note as asked for;
 * CLEAN: no, clean or autoclean; POLICY: exit code of a policy-rc.d for the time of the work, or empty.
 * After a failure dpkg is asked to finish what it can, and what stays half done is named.
 */
export const APPLY_SCRIPT = script`
lock_timeout=$1 policy=$2 repair=$3 clean=$4 deb_url=$5 marks=$6 count=$7
shift 7
${APT_SHELL}
NL='
'
: >"$tmp/options"
: >"$tmp/dpkg"
while [ "$count" -gt 0 ]; do
  printf '%s\n' "$1" >>"$tmp/options"
  case $1 in Dpkg::Options::=*) printf '%s\n' "\${1#Dpkg::Options::=}" >>"$tmp/dpkg" ;; esac
  shift
  count=$((count - 1))
done
if [ -n "$policy" ]; then
  [ ! -e /usr/sbin/policy-rc.d ] || cp -p /usr/sbin/policy-rc.d "$tmp/policy-rc.d"
  restore_policy() { if [ -e "$tmp/policy-rc.d" ]; then cp -p "$tmp/policy-rc.d" /usr/sbin/policy-rc.d; else rm -f /usr/sbin/policy-rc.d; fi; }
  trap 'restore_policy; rm -rf "$tmp"' EXIT
  printf '#!/bin/sh\nexit %s\n' "$policy" >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi
unfinished() {
  dpkg-query -W -f '\${db:Status-Status} \${Package}\n' 2>/dev/null | sed -En 's/^(unpacked|half-installed|half-configured|triggers-awaited|triggers-pending) //p'
}
configure() {
  IFS=$NL
  set -- $(cat "$tmp/dpkg")
  unset IFS
  locked dpkg "$@" --configure -a
}
work() {
  { cat "$tmp/options"; for word; do printf '%s\n' "$word"; done; } >"$tmp/words"
  IFS=$NL
  set -f
  set -- $(cat "$tmp/words")
  unset IFS
  locked apt-get -y -q "$@"
}
finish() {
  section index; index_time
  exit 0
}
if [ "$repair" = yes ]; then
  configure || { report work; section unfinished; unfinished; finish; }
  [ $# -gt 0 ] || report work
fi
if [ $# -gt 0 ]; then
  work "$@" || {
    report work
    if [ ! -s "$tmp/holders" ] && { interrupted || [ -n "$(unfinished)" ]; }; then
      configure
      section repair.stderr; cat "$tmp/err"
      section unfinished; unfinished
    fi
    finish
  }
  report work
fi
if [ -n "$marks" ]; then
  locked apt-mark manual $marks || { report work; finish; }
  [ $# -gt 0 ] || report work
fi
[ -z "$deb_url" ] || { file=$(deb_path "$deb_url"); [ "$file" = "$deb_url" ] || rm -f "$file"; }
if [ "$clean" != no ]; then locked apt-get -y -q "$clean"; report clean; fi
finish
`;
