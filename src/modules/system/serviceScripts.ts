/** The shell side of `service` for every manager; systemd's part is in `systemctl.ts`. */
import { script } from '../script.ts';
import { WORKING_DIRECTORY } from '../workingDirectory.ts';
import { SYSTEMCTL_SHELL } from './systemctl.ts';

export const INIT_SHELL = script`
export PATH="$PATH:/sbin:/usr/sbin:/usr/local/sbin"
init_script() {
  for folder in /etc/init.d /etc/rc.d /usr/local/etc/rc.d; do
    [ -x "$folder/$name" ] && { printf '%s' "$folder/$name"; return; }
  done
  return 1
}
listed() { # TEXT: is it in the command line of a process?
  if [ -r /proc/self/cmdline ]; then
    set -- "$1" "$(cd /proc && tail -n +1 [0-9]*/cmdline 2>/dev/null | tr '\0' ' ')"
  else set -- "$1" "$(ps axww)"; fi
  case $2 in *"$1"*) return 0 ;; esac
  return 1
}
`;

/**
 * `USE NAME PATTERN RUNLEVEL ARGUMENTS RELOAD REEXEC SCOPE`: prints the manager, then what it says. For OpenRC and System V the words
 * `exists`, `running` and `enabled`, as far as they are true.
 */
export const OBSERVE_SCRIPT = script`
use=$1 name=$2 pattern=$3 runlevel=$4 words=$5 reload=$6 reexec=$7 scope=$8
${SYSTEMCTL_SHELL}
${INIT_SHELL}
if [ "$use" = auto ] || [ "$use" = service ]; then
  if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then use=systemd
  elif command -v rc-service >/dev/null; then use=openrc
  else use=sysvinit; fi
fi
echo "$use"
case $use in
  systemd)
    [ "$reexec" != yes ] || sc "$scope" daemon-reexec >&2 || exit
    [ "$reload" != yes ] || sc "$scope" daemon-reload >&2 || exit
    [ -z "$name" ] || observe_unit "$scope" "$name" ;;
  openrc)
    [ -e "/etc/init.d/$name" ] && echo exists
    if [ -n "$pattern" ]; then listed "$pattern" && echo running
    else rc-service "$name" status >/dev/null 2>&1 && echo running; fi
    [ -e "/etc/runlevels/$runlevel/$name" ] && echo enabled ;;
  *)
    file=$(init_script) && echo exists
    if [ -n "$pattern" ]; then listed "$pattern" && echo running
    elif [ -n "$file" ]; then "$file" status $words </dev/null >/dev/null 2>&1 && echo running; fi
    for link in /etc/rc[2345].d/S[0-9][0-9]"$name" /etc/rc.d/rc[2345].d/S[0-9][0-9]"$name"; do
      [ -e "$link" ] && { echo enabled; break; }
    done ;;
esac
exit 0
`;

/** `MANAGER NAME RUNLEVEL ARGUMENTS SLEEP ACTION…` for OpenRC and System V. Services keep no handle on our streams. */
export const ACT_SCRIPT = script`
manager=$1 name=$2 runlevel=$3 words=$4 pause=$5
shift 5
${INIT_SHELL}
run() {
  if [ "$manager" = openrc ]; then rc-service "$name" "$1" $words
  else
    file=$(init_script) || { echo "there is no init script for $name" >&2; return 1; }
    "$file" "$1" $words
  fi </dev/null >"$log" 2>&1 || { rc=$?; cat "$log" >&2; return "$rc"; }
}
switch() { # enable or disable
  if [ "$manager" = openrc ]; then
    case $1 in enable) rc-update add "$name" "$runlevel" ;; *) rc-update del "$name" "$runlevel" ;; esac
  elif command -v update-rc.d >/dev/null; then
    case $1 in enable) update-rc.d "$name" defaults && update-rc.d "$name" enable ;; *) update-rc.d "$name" disable ;; esac
  elif command -v chkconfig >/dev/null; then
    case $1 in enable) chkconfig --add "$name" && chkconfig "$name" on ;; *) chkconfig "$name" off ;; esac
  else echo 'this host has neither update-rc.d (package init-system-helpers) nor chkconfig' >&2; return 127; fi >&2
}
${WORKING_DIRECTORY}
log=$tmp/log
: >"$log"
for action; do
  case $action in
    enable | disable) switch "$action" ;;
    restart) run stop; sleep "$pause"; run start ;;
    *) run "$action" ;;
  esac || exit
done
`;
