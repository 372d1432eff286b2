/** `authorized_key`: the public keys that may log in as a user. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { nothing } from '../files/nothing.ts';
import { defineResource, type ObserveContext } from '../module.ts';
import { PROXY_SHELL, proxiesOf, tabbedValues } from '../net/httpParams.ts';
import type { ProxyEnvironment } from '../net/proxy.ts';
import { downloadKey } from '../packages/keyDownload.ts';
import { boolean, path, text } from '../params.ts';
import { script } from '../script.ts';
import { ACCOUNT_SHELL, type PasswdEntry, passwdEntry } from '../system/accounts.ts';
import { wantedKeys, withKeys, withoutKeys } from './authorizedKeys.ts';

const params = z.strictObject({
  user: text().describe('The user who may log in with the keys.'),
  key: text().describe('Public keys, one a line, or a URL that gives them.'),
  path: path()
    .optional()
    .describe('The file with the keys. Default: .ssh/authorized_keys of the user.'),
  manage_dir: boolean()
    .default(true)
    .describe('Make the directory of the file, the user’s own and 0700.'),
  state: z
    .enum(['present', 'absent'])
    .default('present')
    .describe('Whether the keys shall be there.'),
  key_options: text().optional().describe('Options before the keys, as in no-pty,command="…".'),
  exclusive: boolean().default(false).describe('Remove everything else from the file.'),
  comment: text().optional().describe('Comment of the keys in place of their own.'),
  follow: boolean().default(false).describe('Write through a symbolic link, do not replace it.'),
  validate_certs: boolean().default(true).describe('Whether the certificate of a URL is checked.'),
});
type Params = z.output<typeof params>;

interface KeyFile {
  /** Undefined when there is no such user. */
  readonly account: PasswdEntry | undefined;
  readonly path: string;
  /** Empty when there is no file. */
  readonly text: string;
}

type FileChange = Change<{ readonly path: string; readonly text: string }>;

/** `USER PATH FOLLOW`: the account, the path and the file, each ended by NUL. */
const OBSERVE = script`
user=$1 file=$2 follow=$3 local_only=no
${ACCOUNT_SHELL}
account=$(database passwd "$user")
if [ -z "$file" ]; then
  home=\${account%:*}
  file=\${home##*:}/.ssh/authorized_keys
fi
case $file in "~/"*) file=$HOME/\${file#"~/"} ;; esac
if [ "$follow" = yes ] && [ -L "$file" ]; then file=$(readlink -f -- "$file"); fi
printf '%s\0%s\0' "$account" "$file"
[ ! -f "$file" ] || cat -- "$file"`;

/** `FILE UID GID`: the directory, as it has to be. */
const MANAGE_DIRECTORY = script`
case $1 in */*) directory=\${1%/*} ;; *) directory=. ;; esac
mkdir -p -m 0700 -- "$directory" && chown "$2:$3" -- "$directory" && chmod 0700 -- "$directory" &&
  { [ ! -e /sys/fs/selinux/enforce ] || restorecon -- "$directory"; }`;

export const authorizedKey = defineResource({
  name: 'authorized_key',
  collection: 'ansible.posix',
  aliases: ['ansible.builtin.authorized_key'],
  summary: 'Manage the public keys that may log in as a user',
  params,
  examples: [
    "- authorized_key:\n    user: deploy\n    key: \"{{ lookup('file', 'files/deploy.pub') }}\"\n",
    '- authorized_key:\n    user: backup\n    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl b\n    key_options: \'no-pty,from="10.0.0.0/8"\'\n',
    '- authorized_key: { user: deploy, key: "https://git.example.org/deploy.keys", exclusive: true }',
  ],
  returns: {
    user: 'The user.',
    key: 'The keys as given.',
    keyfile: 'The file.',
    path: 'The path as given.',
    state: 'What was asked.',
    key_options: 'The options as given.',
    comment: 'The comment as given.',
    exclusive: 'Whether other keys were removed.',
    manage_dir: 'Whether the directory was managed.',
    follow: 'Whether links were followed.',
    validate_certs: 'Whether certificates were checked.',
  },
  observe: (input: Params) => ({
    file: keyFile(input),
    proxies: isUrl(input.key) ? proxyProbe() : nothing<ProxyEnvironment>(),
  }),
  async observeWith(target, { key, validate_certs: validateCerts }, { proxies }, context) {
    if (proxies === undefined) return { keys: key };
    return { keys: await keysFrom(target, key, validateCerts, proxies, context) };
  },
  plan: (input, { file, keys }, { checkMode }) => planKeys(input, file, keys, checkMode),
  apply: (changes, target, input) => applyKeys(changes, target, input),
  result: (input, { file }) => ({
    ...Object.fromEntries(RETURNED.map((name) => [name, input[name] ?? null])),
    keyfile: file.path,
  }),
});

const RETURNED = [
  'user',
  'key',
  'path',
  'state',
  'key_options',
  'comment',
  'exclusive',
  'manage_dir',
  'follow',
  'validate_certs',
] as const;

function isUrl(key: string): boolean {
  return /^https?:\/\//.test(key);
}

function keyFile({ user, path: file, follow }: Params): Probe<KeyFile> {
  return {
    script: OBSERVE,
    args: [user, file ?? '', follow ? 'yes' : 'no'],
    parse({ stdout }) {
      const [entry = '', path = '', ...content] = stdout.toString().split('\0');
      return { account: passwdEntry(entry), path, text: content.join('\0') };
    },
  };
}

function proxyProbe(): Probe<ProxyEnvironment | undefined> {
  return {
    script: PROXY_SHELL,
    args: [],
    parse: ({ stdout }) => proxiesOf(tabbedValues(stdout.toString())),
  };
}

async function keysFrom(
  target: Target,
  url: string,
  validateCerts: boolean,
  proxies: ProxyEnvironment,
  { signal }: ObserveContext,
): Promise<string> {
  const body = await downloadKey(target, url, { validateCerts, proxies, signal });
  return body.toString();
}

export function planKeys(
  { user, path: given, key_options: options, comment, state, exclusive }: Params,
  { account, path, text: before }: KeyFile,
  keys: string,
  checkMode: boolean,
): readonly FileChange[] {
  if (account === undefined && !checkMode) {
    throw new ModuleError(`there is no user "${user}" on this host`, {
      hint: 'make the account with the module "user" first',
    });
  }
  const wanted = wantedKeys({ keys, options, comment });
  const after =
    state === 'present' ? withKeys(before, wanted, exclusive) : withoutKeys(before, wanted);
  if (after === before) return [];
  const isUnknown = account === undefined && given === undefined;
  const what = isUnknown ? `~${user}/.ssh/authorized_keys` : path;
  return [
    {
      what,
      diff: { before, after, beforeHeader: what, afterHeader: what },
      operation: { path, text: after },
    },
  ];
}

async function applyKeys(
  [change]: readonly FileChange[],
  target: Target,
  { user, manage_dir: managesDirectory, follow }: Params,
) {
  if (change === undefined) return;
  const { path: file, text: content } = change.operation;
  const uid = await directoryFor(user, file, managesDirectory, target);
  await target.writeFile(file, content, { ...uid, mode: '0600', follow });
}

/** Makes the directory and tells who the file shall belong to. */
async function directoryFor(user: string, file: string, isManaged: boolean, target: Target) {
  const program = `uid=$(id -u -- "$2") && gid=$(id -g -- "$2") && echo "$uid $gid" || exit
set -- "$1" "$uid" "$gid"
${isManaged ? MANAGE_DIRECTORY : ''}`;
  const { rc, stdout, stderr } = await target.sh(program, { args: [file, user] });
  if (rc !== 0) {
    throw new ModuleError(`cannot prepare ${file}: ${stderr.toString().trim()}`, { data: { rc } });
  }
  const [owner, group] = stdout.toString().trim().split(' ');
  return { owner, group };
}
