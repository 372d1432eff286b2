/** Makes the planned changes of an account in one request, and reads back what came of them. */
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { ASKPASS_SHELL } from '../crypto/askpassShell.ts';
import { script } from '../script.ts';
import { ACCOUNT_SHELL } from './accounts.ts';
import type { UserParams } from './userParams.ts';
import type { UserChange, UserOperation } from './userPlan.ts';
import {
  OBSERVE_USER,
  observeUserArguments,
  sshKeyFile,
  type UserState,
  userStateOf,
} from './userState.ts';

/**
 * `STEPS LOCAL NAME REMOVE FORCE SKELETON UMASK KEY_FILE KEY_TYPE KEY_BITS KEY_COMMENT N useradd-OPTION… N usermod-OPTION…
 * N chage-OPTION…`. STEPS: words in the order of `create modify home password lock unlock ageing sshKey delete`.
 * Standard input: the password hash, then the passphrase, a line each: secrets stay out of the process list.
 */
const APPLY = script`
steps=$1 local_only=$2 name=$3 remove=$4 force=$5 skeleton=$6 umask=$7
shift 7
key=$1 key_type=$2 key_bits=$3 key_comment=$4
shift 4
${ACCOUNT_SHELL}
${ASKPASS_SHELL}
IFS= read -r password
IFS= read -r passphrase
PACKAGE='passwd (Debian), shadow (Alpine) or shadow-utils'
home_of() { entry=$(database passwd "$name"); rest=\${entry#*:*:*:*:*:}; printf %s "\${rest%%:*}"; }
ids_of() { entry=$(database passwd "$name"); rest=\${entry#*:*:}; uid=\${rest%%:*}; rest=\${rest#*:}; printf '%s:%s' "$uid" "\${rest%%:*}"; }
create_small() { # busybox adduser, from useradd's options
  need adduser "adduser or passwd"
  further=
  small=
  while [ $# -gt 0 ]; do
    case $1 in
      -u | -s) set -- "$@" "$1" "$2"; shift 2; small=$((small + 2)) ;;
      -g) set -- "$@" -G "$2"; shift 2; small=$((small + 2)) ;;
      -d) set -- "$@" -h "$2"; shift 2; small=$((small + 2)) ;;
      -c) set -- "$@" -g "$2"; shift 2; small=$((small + 2)) ;;
      -k) set -- "$@" -k "$2"; shift 2; small=$((small + 2)) ;;
      -G) further=$2; shift 2 ;;
      -r) set -- "$@" -S; shift; small=$((small + 1)) ;;
      -M) set -- "$@" -H; shift; small=$((small + 1)) ;;
      -m) shift ;;
      --) shift; break ;;
      *) echo "this host's adduser cannot do $1; install the package $PACKAGE" >&2; return 127 ;;
    esac
  done
  adduser -D "$@" -- "$name" || return
  for group in $(echo "$further" | tr , ' '); do addgroup -- "$name" "$group" || return; done
}
do_create() {
  if has useradd; then
    case " $* " in *' -g '*) ;; *) [ -z "$(database group "$name")" ] || set -- -N "$@" ;; esac
    useradd "$@" -- "$name"
  else
    create_small "$@" --
  fi
}
do_modify() { need usermod "$PACKAGE"; usermod "$@" -- "$name"; }
do_ageing() { need chage "$PACKAGE"; chage "$@" -- "$name"; }
do_home() {
  home=$(home_of)
  [ ! -d "$home" ] || return 0
  mode=$(sed -n 's/^[[:space:]]*HOME_MODE[[:space:]]*//p' /etc/login.defs 2>/dev/null)
  [ -z "$umask" ] || mode=
  (umask "\${umask:-022}"; mkdir -p -- "$home") || return
  [ ! -d "\${skeleton:-/etc/skel}" ] || cp -R -- "\${skeleton:-/etc/skel}/." "$home/" || return
  [ -z "$mode" ] || chmod -- "$mode" "$home" || return
  chown -R -h -- "$(ids_of)" "$home"
}
do_password() { need chpasswd "$PACKAGE"; printf '%s:%s\n' "$name" "$password" | chpasswd -e; }
do_lock() { if has usermod; then usermod -L -- "$name"; else passwd -l -- "$name"; fi; }
do_unlock() { if has usermod; then usermod -U -- "$name"; else passwd -u -- "$name"; fi; }
do_delete() {
  if has userdel; then
    set -- -- "$name"
    [ "$remove" = no ] || set -- -r "$@"
    [ "$force" = no ] || set -- -f "$@"
    userdel "$@"
  else
    need deluser "passwd or adduser"
    if [ "$remove" = yes ]; then deluser --remove-home -- "$name"; else deluser -- "$name"; fi
  fi
}
do_sshKey() {
  need ssh-keygen openssh-client
  case $key in /*) file=$key ;; *) file=$(home_of)/$key ;; esac
  ids=$(ids_of)
  folder=\${file%/*}
  [ ! -L "$folder" ] || { echo "$folder is a symbolic link" >&2; return 1; }
  if [ ! -d "$folder" ]; then (umask 077; mkdir -p -- "$folder") && chown -- "$ids" "$folder" || return; fi
  rm -f -- "$file" "$file.pub"
  set -- -q -t "$key_type" -C "\${key_comment:-ansible-generated on $(hostname 2>/dev/null || uname -n)}" -f "$file"
  [ -z "$key_bits" ] || set -- "$@" -b "$key_bits"
  if [ -z "$passphrase" ]; then ssh-keygen "$@" -N '' </dev/null || return
  else
    private=$(mktemp -d) || return
    made=0
    asking "$private" "$passphrase" ssh-keygen "$@" </dev/null || made=$?
    rm -rf -- "$private"
    [ "$made" -eq 0 ] || return "$made"
  fi
  chown -h -- "$ids" "$file" "$file.pub"
}
take() { # STEP COUNT OPTION...: runs the step with its options if it is asked for
  step=$1 count=$2
  shift 2
  case " $steps " in *" $step "*) ;; *) return 0 ;; esac
  total=$# left=$count
  for each; do # the first COUNT arguments move to the end, the rest is dropped
    shift
    if [ "$left" -gt 0 ]; then set -- "$@" "$each"; left=$((left - 1)); fi
  done
  "do_$step" "$@"
}
set -e
exec 3>&1 1>&2
take create "$@"; skip=$(($1 + 1)); shift "$skip"
take modify "$@"; skip=$(($1 + 1)); shift "$skip"
for step in home password lock unlock; do case " $steps " in *" $step "*) "do_$step" ;; esac; done
take ageing "$@"
for step in sshKey delete; do case " $steps " in *" $step "*) "do_$step" ;; esac; done
`;

type StepType = UserOperation['type'];

/** @throws ModuleError with what the tool said. */
export async function applyUser(
  changes: readonly UserChange[],
  target: Target,
  params: UserParams,
): Promise<UserState> {
  const operations = changes.map(({ operation }) => operation);
  const stdin = `${params.password ?? ''}\n${params.ssh_key_passphrase ?? ''}\n`;
  const { rc, stderr } = await target.sh(APPLY, {
    args: applyArguments(operations, params),
    stdin,
  });
  const text = stderr.toString();
  if (rc !== 0) {
    throw new ModuleError(`user "${params.name}": ${text.trim() || `exit code ${rc}`}`, {
      data: { rc, stderr: text, name: params.name },
    });
  }
  const { stdout } = await target.sh(OBSERVE_USER, { args: observeUserArguments(params) });
  return userStateOf(stdout.toString());
}

function applyArguments(operations: readonly UserOperation[], params: UserParams): string[] {
  const steps = [...new Set(operations.map(({ type }) => type))].join(' ');
  return [
    steps,
    yesNo(params.local),
    params.name,
    yesNo(params.remove),
    yesNo(params.force),
    params.skeleton ?? '',
    params.umask ?? '',
    sshKeyFile(params),
    params.ssh_key_type,
    params.ssh_key_bits === undefined ? '' : String(params.ssh_key_bits),
    params.ssh_key_comment ?? '',
    ...counted(optionsOf(operations, 'create')),
    ...counted(optionsOf(operations, 'modify')),
    ...counted(optionsOf(operations, 'ageing')),
  ];
}

function optionsOf(operations: readonly UserOperation[], type: StepType): string[] {
  return operations.flatMap((operation) =>
    operation.type === type && 'options' in operation ? operation.options : [],
  );
}

function counted(options: readonly string[]): string[] {
  return [String(options.length), ...options];
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
