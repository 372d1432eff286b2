/** What the account databases of a host say, read with `getent` (or the files themselves where it is missing). */
import { script } from '../script.ts';

/** Shell functions that `group` and `user` share. `database passwd KEY` prints the entry, or nothing. */
export const ACCOUNT_SHELL = script`
export LC_ALL=C
database() {
  case $2 in -*) return 2 ;; esac # nobody's name, and an option to getent
  if [ "$local_only" != yes ] && command -v getent >/dev/null; then getent "$1" "$2"; return; fi
  while IFS= read -r entry; do
    rest=\${entry#*:*:}
    case $entry in "$2":*) printf '%s\n' "$entry"; return ;; esac
    case $2 in *[!0-9]*) ;; *) case $rest in "$2":*) printf '%s\n' "$entry"; return ;; esac ;; esac
  done <"/etc/$1"
  return 2
}
has() { command -v "$1" >/dev/null; }
need() { # TOOL: ends the script, saying which package brings the tool
  has "$1" || { echo "this host has no $1; install the package $2" >&2; exit 127; }
}
`;

export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

/** Password ageing as `/etc/shadow` has it; days, undefined where the field is empty (shadow(5)). */
export interface ShadowEntry {
  readonly password: string;
  readonly minDays: number | undefined;
  readonly maxDays: number | undefined;
  readonly warnDays: number | undefined;
  readonly inactiveDays: number | undefined;
  /** Days since 1970-01-01 on which the account expires. */
  readonly expiresDay: number | undefined;
}

/** `name:x:gid:member,member`; undefined for an empty line. */
export function groupEntry(line: string): GroupEntry | undefined {
  const [name = '', , gid = '', members = ''] = line.trim().split(':');
  if (name === '') return undefined;
  return { name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') };
}

/** `name:x:uid:gid:comment:home:shell`; undefined for an empty line. */
export function passwdEntry(line: string): PasswdEntry | undefined {
  const [name = '', , uid = '', gid = '', comment = '', home = '', shell = ''] = line
    .trim()
    .split(':');
  if (name === '') return undefined;
  return { name, uid: Number(uid), gid: Number(gid), comment, home, shell };
}

/** `name:password:changed:min:max:warn:inactive:expires:`; undefined when it cannot be read. */
export function shadowEntry(line: string): ShadowEntry | undefined {
  const [name = '', password = '', , min = '', max = '', warn = '', inactive = '', expires = ''] =
    line.trim().split(':');
  if (name === '') return undefined;
  return {
    password,
    minDays: days(min),
    maxDays: days(max),
    warnDays: days(warn),
    inactiveDays: days(inactive),
    expiresDay: days(expires),
  };
}

function days(field: string): number | undefined {
  return field === '' ? undefined : Number(field);
}
