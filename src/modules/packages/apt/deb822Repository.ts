/** `deb822_repository`: a repository in a `.sources` file, with its key. */
import { createHash } from 'node:crypto';
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { Probe } from '../../../target/probe.ts';
import type { Target } from '../../../target/target.ts';
import { defineResource, type ObserveContext } from '../../module.ts';
import { PROXY_SHELL, proxiesOf, tabbedValues } from '../../net/httpParams.ts';
import type { ProxyEnvironment } from '../../net/proxy.ts';
import { script } from '../../script.ts';
import { downloadKey } from '../keyDownload.ts';
import { type Deb822Params, deb822Params, slug, stanzaText } from './deb822Params.ts';

const KEYRINGS = '/etc/apt/keyrings';

/** `STANZA_FILE KEY_BASE`: the files as they are (mode, content in base64), and the proxies. */
const OBSERVE = script`
show() {
  [ -f "$2" ] || return 0
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$(stat -c %a "$2")" "$(base64 <"$2" | tr -d '\n')"
}
show stanza "$1"
for key in "$2.asc" "$2.gpg"; do show key "$key"; done
${PROXY_SHELL}
`;

interface HostFile {
  readonly path: string;
  readonly mode: string;
  readonly content: Buffer;
}

interface RepositoryState {
  readonly stanza: HostFile | undefined;
  /** Keys that were fetched for this repository. */
  readonly keys: readonly HostFile[];
  readonly proxies: ProxyEnvironment;
}

type Operation =
  | { readonly type: 'write'; readonly path: string; readonly content: Buffer }
  | { readonly type: 'remove'; readonly path: string }
  | { readonly type: 'mode'; readonly path: string };

export const deb822Repository = defineResource({
  name: 'deb822_repository',
  summary: 'Add and remove apt repositories in deb822 form',
  description:
    'The package index is not refreshed: follow it with `apt: { update_cache: true }`. A key is fetched by the controller through the network of the host, so that the host needs neither curl nor gpg.',
  params: deb822Params,
  examples: [
    '- deb822_repository:\n    name: docker\n    uris: https://download.docker.com/linux/debian\n    suites: bookworm\n    components: stable\n    signed_by: https://download.docker.com/linux/debian/gpg',
  ],
  returns: {
    dest: 'File of the repository.',
    repo: 'Its content.',
    key_filename: 'File of the key that was fetched.',
  },
  observe: (input) => ({ repository: repositoryState(input) }),
  observeWith: async (target, input, { repository }, context) => ({
    fetchedKey: await fetchKey(target, input, repository, context),
  }),
  plan: (input, { repository, fetchedKey }) => planDeb822(input, repository, fetchedKey),
  apply: (changes, target, input) => applyDeb822(changes, target, input),
  result(input, { fetchedKey }) {
    const absent = input.state === 'absent';
    return {
      dest: stanzaPath(input),
      repo: absent ? null : stanzaText(input, signedBy(input, fetchedKey)),
      key_filename: absent || fetchedKey === undefined ? null : keyPath(input, fetchedKey),
    };
  },
});

function stanzaPath({ name }: Deb822Params): string {
  return `/etc/apt/sources.list.d/${slug(name)}.sources`;
}

function repositoryState(input: Deb822Params): Probe<RepositoryState> {
  return {
    script: OBSERVE,
    args: [stanzaPath(input), `${KEYRINGS}/${slug(input.name)}`],
    parse: ({ stdout }) => repositoryStateOf(stdout.toString()),
  };
}

export function repositoryStateOf(output: string): RepositoryState {
  const rows = output.split('\n').map((line) => line.split('\t'));
  const files = (kind: string) =>
    rows
      .filter(([name]) => name === kind)
      .map(([, path = '', mode = '', content = '']) => ({
        path,
        mode: mode.padStart(4, '0'),
        content: Buffer.from(content, 'base64'),
      }));
  return {
    stanza: files('stanza')[0],
    keys: files('key'),
    proxies: proxiesOf(tabbedValues(output)),
  };
}

async function fetchKey(
  target: Target,
  input: Deb822Params,
  { proxies }: RepositoryState,
  { signal }: ObserveContext,
): Promise<Buffer | undefined> {
  const url = input.signed_by;
  if (input.state === 'absent' || url === undefined || !/^https?:\/\//.test(url)) return undefined;
  return downloadKey(target, url, { validateCerts: true, proxies, signal });
}

function signedBy(input: Deb822Params, fetchedKey: Buffer | undefined): string | undefined {
  return fetchedKey === undefined ? input.signed_by : keyPath(input, fetchedKey);
}

/** apt tells the two forms of a key by the ending of its file. */
function keyPath({ name }: Deb822Params, key: Buffer): string {
  return `${KEYRINGS}/${slug(name)}.${isArmored(key) ? 'asc' : 'gpg'}`;
}

export function isArmored(key: Buffer): boolean {
  return key.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----');
}

export function planDeb822(
  input: Deb822Params,
  { stanza, keys }: RepositoryState,
  fetchedKey: Buffer | undefined,
): readonly Change<Operation>[] {
  if (input.state === 'absent') {
    return [...(stanza === undefined ? [] : [removal(stanza)]), ...keys.map(removal)];
  }
  const content = Buffer.from(stanzaText(input, signedBy(input, fetchedKey)));
  const key = fetchedKey === undefined ? undefined : keyPath(input, fetchedKey);
  return [
    ...(fetchedKey === undefined || key === undefined
      ? []
      : fileChanges(
          key,
          fetchedKey,
          keys.find(({ path }) => path === key),
          input,
        )),
    ...fileChanges(stanzaPath(input), content, stanza, input),
  ];
}

function fileChanges(
  path: string,
  content: Buffer,
  current: HostFile | undefined,
  { mode }: Deb822Params,
): Change<Operation>[] {
  if (current === undefined || !current.content.equals(content)) {
    return [
      {
        what: path,
        before: current === undefined ? '' : shown(current.content),
        after: shown(content),
        operation: { type: 'write', path, content },
      },
    ];
  }
  if (!/^\d+$/.test(mode) || current.mode === mode.padStart(4, '0')) return [];
  return [
    { what: `${path}: mode`, before: current.mode, after: mode, operation: { type: 'mode', path } },
  ];
}

function removal({ path, content }: HostFile): Change<Operation> {
  return { what: path, before: shown(content), after: '', operation: { type: 'remove', path } };
}

/** Text as it is; a binary key by its digest. */
function shown(content: Buffer): string {
  if (!content.includes(0) && content.toString('utf8').length === content.length)
    return content.toString();
  return `sha256 ${createHash('sha256').update(content).digest('hex')} (${content.length} bytes)`;
}

async function applyDeb822(
  changes: readonly Change<Operation>[],
  target: Target,
  { mode }: Deb822Params,
): Promise<void> {
  for (const { operation } of changes) {
    if (operation.type === 'write')
      await target.writeFile(operation.path, operation.content, { mode, createParents: {} });
    else await simple(target, operation, mode);
  }
}

async function simple(
  target: Target,
  { type, path }: { readonly type: 'remove' | 'mode'; readonly path: string },
  mode: string,
): Promise<void> {
  const work = type === 'remove' ? 'rm -f "$1"' : 'chmod "$2" "$1"';
  const { rc, stderr } = await target.sh(work, { args: [path, mode] });
  if (rc !== 0) throw new ModuleError(`${path}: ${stderr.toString().trim()}`);
}
