/** Where a script keeps what its tools can only be given, or only give, as files. */
import { script } from './script.ts';

/**
 * Makes `$tmp`, a directory for this script alone, which goes with it. A script that is killed leaves its own: the next one of
 * the same user on the same host removes it first. The name tells whose it is, as containers may share a directory and not
 * their processes: `.drover-work-PID-HOST-XXXXXX`.
 */
export const WORKING_DIRECTORY = script`
tmp_host=
read -r tmp_host 2>/dev/null </proc/sys/kernel/hostname || :
for tmp in "\${TMPDIR:-/tmp}"/.drover-work-*; do
  [ -d "$tmp" ] && [ ! -h "$tmp" ] && [ -O "$tmp" ] || continue
  tmp_name=\${tmp##*/.drover-work-}
  tmp_pid=\${tmp_name%%-*}
  case $tmp_name in "$tmp_pid-$tmp_host"-??????) kill -0 "$tmp_pid" 2>/dev/null || rm -rf -- "$tmp" ;; esac
done
tmp=$(mktemp -d "\${TMPDIR:-/tmp}/.drover-work-$$-$tmp_host-XXXXXX") || exit 1
trap 'rm -rf -- "$tmp"' EXIT
`;
