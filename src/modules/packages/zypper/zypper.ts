/** `zypper`: packages, patterns and patches of SUSE. `zypper --dry-run` says what would be done. */
import { defineResource } from '../../module.ts';
import { script } from '../../script.ts';
import { MANAGER_SHELL } from '../managerShell.ts';
import { applyCommands, changedPackages, managerProbe } from '../managerWork.ts';
import {
  globalOptions,
  localOptions,
  operationOf,
  specsOf,
  type ZypperParams,
  zypperParams,
} from './zypperParams.ts';
import { planZypper } from './zypperPlan.ts';

type ZypperInput = ZypperParams & { readonly checkMode: boolean };

/** zypper's exit code for a script that failed after the packages were in place. */
const POST_SCRIPT_FAILED = 107;

/**
 * `OPERATION REFRESH CHECK TYPE COUNT GLOBAL… COUNT LOCAL… SPEC…`; the verb is the first of the locals. In check mode (CHECK yes) the
 * repositories are refreshed into a copy of the cache. What is installed is asked of rpm where that can tell, which costs less.
 */
const OBSERVE = script`
${MANAGER_SHELL}
need zypper
operation=$1 refresh=$2 is_check=$3 type=$4
shift 4
keep globals "$@"; shift "$(($1 + 1))"
keep locals "$@"; shift "$(($1 + 1))"
verb=$(head -n 1 "$tmp/locals")
{ echo --dry-run; sed 1d "$tmp/locals"; } >"$tmp/options"
is_installed() { # NAME
  if [ "$type" = package ]; then rpm -q -- "$1" >/dev/null 2>&1
  else zypper --non-interactive --disable-repositories search --installed-only --match-exact --type "$type" -- "$1" >/dev/null 2>&1; fi
}
is_provided() { [ "$type" = package ] && rpm -q --whatprovides -- "$1" >/dev/null 2>&1; }
is_pending() { # SPEC
  case $operation:$1 in
    all:*) return 1 ;;
    latest:* | present:*[=\<\>/*:]* | present:[-+!]* | present:*.rpm) return 0 ;;
    present:*) ! is_installed "$1" && ! is_provided "$1" ;;
    absent:*) is_installed "\${1%%[=<>]*}" ;;
  esac
}
for spec; do is_pending "$spec" && printf '%s\n' "$spec"; done >"$tmp/pending"
section pending; cat "$tmp/pending"
if [ "$refresh" = yes ]; then
  if [ "$is_check" = yes ]; then
    cp -a /var/cache/zypp/raw /var/cache/zypp/solv "$tmp" 2>/dev/null
    printf '%s\n' --raw-cache-dir "$tmp/raw" --solv-cache-dir "$tmp/solv" >>"$tmp/globals"
  fi
  { cat "$tmp/globals"; echo refresh; } >"$tmp/refreshing"
  with refreshing run refresh zypper --non-interactive || exit 0
fi
[ "$operation" = all ] || [ -s "$tmp/pending" ] || exit 0
echo "$verb" >>"$tmp/globals"
[ "$operation" = all ] || { echo --; cat "$tmp/pending"; } >>"$tmp/options"
with globals with options run simulation zypper --non-interactive --xmlout
exit 0
`;

export const zypper = defineResource({
  name: 'zypper',
  collection: 'community.general',
  summary: 'Install, upgrade and remove packages on SUSE and openSUSE',
  description:
    'With `update_cache` check mode refreshes a copy of the cache, so that its prediction is exact and the host keeps its own.',
  params: zypperParams,
  examples: [
    '- zypper: { name: [nginx, git], state: present }',
    '- zypper: { name: "*", state: latest, update_cache: true }',
    '- community.general.zypper: { name: lamp_server, type: pattern }',
  ],
  returns: {
    packages: 'Names of the packages that change.',
    stdout: "zypper's output.",
    stderr: "zypper's error output.",
  },
  prepare: (params, { checkMode }): ZypperInput => ({ ...params, checkMode }),
  observe: (input) => ({ zypper: managerProbe(OBSERVE, observeArguments(input)) }),
  plan: (input, { zypper: state }) => planZypper(input, state),
  apply: (changes, target, { skip_post_errors }) =>
    applyCommands(changes, target, 'zypper', skip_post_errors ? [POST_SCRIPT_FAILED] : []),
  result: (_input, _state, changes) => ({ packages: changedPackages(changes) }),
});

function observeArguments(input: ZypperInput): string[] {
  const [globals, locals] = [globalOptions(input), localOptions(input)];
  const word = (isSet: boolean) => (isSet ? 'yes' : 'no');
  return [
    ...[operationOf(input), word(input.update_cache), word(input.checkMode), input.type],
    ...[String(globals.length), ...globals],
    ...[String(locals.length), ...locals],
    ...specsOf(input),
  ];
}
