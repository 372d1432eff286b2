/** The state of one account, observed in one round trip. */
import type { Probe } from '../../target/probe.ts';
import { script } from '../script.ts';
import {
  ACCOUNT_SHELL,
  type GroupEntry,
  groupEntry,
  type PasswdEntry,
  passwdEntry,
  type ShadowEntry,
  shadowEntry,
} from './accounts.ts';
import { type UserParams, wantedGroups } from './userParams.ts';

export interface SshKey {
  readonly file: string;
  readonly exists: boolean;
  readonly publicKey: string;
  readonly fingerprint: string;
}

export interface UserState {
  readonly entry: PasswdEntry | undefined;
  readonly shadow: ShadowEntry | undefined;
  /** Groups that list it as a member, sorted; the primary one only where it does too. */
  readonly groups: readonly string[];
  /** Wanted groups (and the wanted primary one) by the name the playbook gives; those that exist. */
  readonly known: ReadonlyMap<string, GroupEntry>;
  /** The account that has the wanted uid. */
  readonly uidOwner: string | undefined;
  /** The folder that shall be its home exists. */
  readonly hasHome: boolean;
  /** The folder that is its home now exists. */
  readonly hasOldHome: boolean;
  /** What a new account gets when nothing is said: the folder of homes, and the shell. */
  readonly defaults: { readonly homes: string; readonly shell: string };
  readonly sshKey: SshKey | undefined;
}

/** `LOCAL NAME UID HOME SSH_KEY_FILE GROUP…`: also run after changes, for the return keys. */
export const OBSERVE_USER = script`
local_only=$1
name=$2 uid=$3 wanted_home=$4 key=$5
shift 5
${ACCOUNT_SHELL}
line() { printf '%s\t%s\n' "$1" "$2"; }
entry=$(database passwd "$name")
line entry "$entry"
for group; do line "known $group" "$(database group "$group")"; done
line defaults "$(useradd -D 2>/dev/null | tr '\n' ' ')"
[ -z "$uid" ] || line uid "$(database passwd "$uid")"
if [ -n "$entry" ]; then
  rest=\${entry#*:*:*:} gid=\${rest%%:*}
  line shadow "$(while IFS= read -r each; do case $each in "$name":*) printf '%s' "$each" ;; esac; done 2>/dev/null </etc/shadow)"
  while IFS=: read -r group _ number members; do
    case ,$members, in *,"$name",*) line member "$group" ;; esac
  done <<END
$(if [ "$local_only" != yes ] && has getent; then getent group; else cat /etc/group; fi)
END
  rest=\${entry#*:*:*:*:*:} home=\${rest%%:*}
  [ ! -d "$home" ] || line oldhome yes
  [ ! -d "\${wanted_home:-$home}" ] || line home yes
  if [ -n "$key" ]; then
    case $key in /*) file=$key ;; *) file=$home/$key ;; esac
    line keyfile "$file"
    if [ -e "$file" ]; then
      line keyexists yes
      [ ! -r "$file.pub" ] || line publickey "$(cat "$file.pub")"
      line fingerprint "$(ssh-keygen -l -f "$file" </dev/null 2>/dev/null)"
    fi
  fi
fi
exit 0
`;

export function userState(params: UserParams): Probe<UserState> {
  return {
    script: OBSERVE_USER,
    args: observeUserArguments(params),
    parse: ({ stdout }) => userStateOf(stdout.toString()),
  };
}

export function observeUserArguments(params: UserParams): string[] {
  const { local, name, uid, group } = params;
  return [
    local ? 'yes' : 'no',
    name,
    uid === undefined ? '' : String(uid),
    params.home ?? '',
    params.generate_ssh_key ? sshKeyFile(params) : '',
    ...(group === undefined ? [] : [group]),
    ...(wantedGroups(params) ?? []),
  ];
}

export function sshKeyFile({ ssh_key_file, ssh_key_type }: UserParams): string {
  return ssh_key_file ?? `.ssh/id_${ssh_key_type}`;
}

/** The answer of `OBSERVE_USER`. */
export function userStateOf(output: string): UserState {
  const rows = output.split('\n').map((line) => line.split('\t'));
  const values = (key: string) =>
    rows.filter(([name]) => name === key).map(([, value = '']) => value);
  const first = (key: string) => values(key)[0] ?? '';
  return {
    entry: passwdEntry(first('entry')),
    shadow: shadowEntry(first('shadow')),
    groups: values('member').sort(),
    known: knownGroups(rows),
    uidOwner: passwdEntry(first('uid'))?.name,
    defaults: {
      homes: /HOME=(\S+)/.exec(first('defaults'))?.[1] ?? '/home',
      shell: /SHELL=(\S+)/.exec(first('defaults'))?.[1] ?? '/bin/sh',
    },
    hasHome: first('home') === 'yes',
    hasOldHome: first('oldhome') === 'yes',
    sshKey: sshKeyOf(first),
  };
}

function knownGroups(rows: readonly string[][]): ReadonlyMap<string, GroupEntry> {
  const known = new Map<string, GroupEntry>();
  for (const [key = '', value = ''] of rows) {
    const entry = key.startsWith('known ') ? groupEntry(value) : undefined;
    if (entry !== undefined) known.set(key.slice('known '.length), entry);
  }
  return known;
}

function sshKeyOf(first: (key: string) => string): SshKey | undefined {
  const file = first('keyfile');
  if (file === '') return undefined;
  return {
    file,
    exists: first('keyexists') === 'yes',
    publicKey: first('publickey'),
    fingerprint: first('fingerprint'),
  };
}
