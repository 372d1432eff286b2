/** `apt_key`: keys that apt trusts for every repository, as files in trusted.gpg.d; neither apt-key nor gpg is needed. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { Probe } from '../../../target/probe.ts';
import type { Target } from '../../../target/target.ts';
import { defineResource, type ObserveContext } from '../../module.ts';
import { PROXY_SHELL, proxiesOf, tabbedValues } from '../../net/httpParams.ts';
import type { ProxyEnvironment } from '../../net/proxy.ts';
import { boolean, path, text } from '../../params.ts';
import { script } from '../../script.ts';
import { downloadKey } from '../keyDownload.ts';
import { armored, dearmored, isKey, type PublicKey, publicKeys } from '../openpgp.ts';

const FOLDER = '/etc/apt/trusted.gpg.d';

const params = z
  .strictObject({
    id: text()
      .optional()
      .describe(
        'Fingerprint of the key, or its last 8 or 16 digits; without it every key of the source counts.',
      ),
    url: text().optional().describe('URL of the key.'),
    data: text().optional().describe('The key itself.'),
    file: path().optional().describe('File on the host with the key.'),
    keyserver: text().optional().describe('Key server to ask for `id`.'),
    keyring: path().optional().describe('Keyring to use instead of trusted.gpg.d.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether apt trusts the key.'),
    validate_certs: boolean()
      .default(true)
      .describe("Whether the server's certificate is checked."),
  })
  .refine(
    ({ url, data, file, keyserver }) =>
      [url, data, file, keyserver].filter((each) => each !== undefined).length <= 1,
    {
      error: 'only one of "url", "data", "file" and "keyserver" can be given',
    },
  )
  .refine(({ id, url, data, file }) => [id, url, data, file].some((each) => each !== undefined), {
    error: 'one of "id", "url", "data" and "file" is needed',
  });
type Params = z.output<typeof params>;

/** `KEYRING FILE`: every keyring in base64, the file with the key, and the proxies. */
const OBSERVE = script`
show() { [ ! -f "$2" ] || printf '%s\t%s\t%s\n' "$1" "$2" "$(base64 <"$2" | tr -d '\n')"; }
if [ -n "$1" ]; then show keyring "$1"
else for each in /etc/apt/trusted.gpg /etc/apt/trusted.gpg.d/*.gpg /etc/apt/trusted.gpg.d/*.asc; do show keyring "$each"; done; fi
[ -z "$2" ] || show file "$2"
${PROXY_SHELL}
`;

interface Keyring {
  readonly path: string;
  readonly content: Buffer;
  readonly keys: readonly PublicKey[];
}

interface KeyState {
  readonly keyrings: readonly Keyring[];
  readonly file: Buffer | undefined;
  readonly proxies: ProxyEnvironment;
}

/** A file as it shall be; undefined to remove it. */
interface Operation {
  readonly path: string;
  readonly content: Buffer | undefined;
}

export const aptKey = defineResource({
  name: 'apt_key',
  summary: 'Add and remove keys that apt trusts for every repository',
  description:
    'Keys are fetched by the controller through the network of the host and told apart by their fingerprints; neither apt-key nor gpg is needed. A key for one repository only is better given to deb822_repository as `signed_by`.',
  params,
  examples: [
    '- apt_key: { url: "https://download.docker.com/linux/debian/gpg", id: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88 }',
    '- apt_key: { id: 0EBFCD88, state: absent }',
  ],
  returns: {
    id: 'The key that was asked for.',
    key_id: 'The same.',
    short_id: 'Its last 8 digits.',
    fp: 'Its fingerprint, as far as known.',
    before: 'Fingerprints that were there before.',
    after: 'Fingerprints that are there after a change.',
  },
  observe: (input) => ({ keys: keyState(input) }),
  observeWith: async (target, input, { keys }, context) => ({
    source: await keySource(target, input, keys, context),
  }),
  plan: (input, { keys, source }) => planKey(input, keys, source),
  apply: (changes, target) => applyKey(changes, target),
  result(input, { keys, source }, changes) {
    const id = wantedId(input) ?? publicKeys(source ?? Buffer.alloc(0))[0]?.fingerprint ?? '';
    const before = fingerprints(keys);
    const touched = touchedKeys(input, keys, source);
    const after =
      input.state === 'present'
        ? [...before, ...touched]
        : before.filter((each) => !touched.includes(each));
    return {
      id,
      key_id: id,
      short_id: id.slice(-8),
      fp: touched[0] ?? id,
      before,
      ...(changes.length === 0 ? {} : { after }),
    };
  },
});

function keyState({ keyring, file }: Params): Probe<KeyState> {
  return {
    script: OBSERVE,
    args: [keyring ?? '', file ?? ''],
    parse: ({ stdout }) => keyStateOf(stdout.toString()),
  };
}

export function keyStateOf(output: string): KeyState {
  const rows = output.split('\n').map((line) => line.split('\t'));
  const keyrings = rows
    .filter(([kind]) => kind === 'keyring')
    .map(([, at = '', base64 = '']) => {
      const content = Buffer.from(base64, 'base64');
      return { path: at, content, keys: publicKeys(content) };
    });
  const file = rows.find(([kind]) => kind === 'file')?.[2];
  return {
    keyrings,
    file: file === undefined ? undefined : Buffer.from(file, 'base64'),
    proxies: proxiesOf(tabbedValues(output)),
  };
}

/** `0x9DC8 5822 …` as hexadecimal digits. @throws ModuleError when it is no key id. */
function wantedId({ id }: Params): string | undefined {
  if (id === undefined) return undefined;
  const digits = id.replace(/\s+/g, '').replace(/^0x/i, '').toUpperCase();
  if (/^[0-9A-F]{8}([0-9A-F]{8})*$/.test(digits)) return digits;
  throw new ModuleError(`"${id}" is not the id of a key`, {
    hint: 'give the fingerprint: 40 hexadecimal digits',
  });
}

function fingerprints({ keyrings }: KeyState): string[] {
  return keyrings.flatMap(({ keys }) => keys.map(({ fingerprint }) => fingerprint));
}

/** Where the key comes from; undefined when nothing has to be fetched: the key named by its id is there, or shall go. */
async function keySource(
  target: Target,
  input: Params,
  state: KeyState,
  context: ObserveContext,
): Promise<Buffer | undefined> {
  const id = wantedId(input);
  if (id !== undefined && (input.state === 'absent' || holdsKey(state, id))) return undefined;
  if (input.data !== undefined) return Buffer.from(input.data);
  if (input.file !== undefined) {
    if (state.file !== undefined) return state.file;
    throw new ModuleError(`there is no file "${input.file}" on the host`);
  }
  const url = input.keyserver === undefined ? input.url : keyserverUrl(input.keyserver, id);
  if (url !== undefined) {
    const { proxies } = state;
    const { signal } = context;
    return downloadKey(target, url, { validateCerts: input.validate_certs, proxies, signal });
  }
  throw new ModuleError(`the key ${id} is not there, and nothing says where it comes from`, {
    hint: 'add "url", "data", "file" or "keyserver"',
  });
}

function holdsKey({ keyrings }: KeyState, id: string): boolean {
  return keyrings.some(({ keys }) => keys.some((key) => isKey(key, id)));
}

/** The web form of a key server's address (HKP). @throws ModuleError without an id. */
export function keyserverUrl(keyserver: string, id: string | undefined): string {
  if (id === undefined) throw new ModuleError('"keyserver" needs "id"');
  const [, scheme = 'https', host = ''] = /^(?:(hkps?|https?):\/\/)?(.*)$/.exec(keyserver) ?? [];
  const base =
    scheme === 'hkp'
      ? `http://${/:\d+$/.test(host) ? host : `${host}:11371`}`
      : `${scheme.replace('hkps', 'https')}://${host}`;
  return `${base.replace(/\/+$/, '')}/pks/lookup?op=get&options=mr&search=0x${id}`;
}

/** Fingerprints that are added or removed. */
function touchedKeys(input: Params, state: KeyState, source: Buffer | undefined): string[] {
  const there = new Set(fingerprints(state));
  const offered = offeredKeys(input, source).map(({ fingerprint }) => fingerprint);
  if (input.state === 'present') return offered.filter((each) => !there.has(each));
  const id = wantedId(input);
  if (id === undefined) return offered.filter((each) => there.has(each));
  const keys = state.keyrings.flatMap(({ keys: each }) => each);
  return keys.filter((key) => isKey(key, id)).map(({ fingerprint }) => fingerprint);
}

/** The keys of the source that are wanted. @throws ModuleError when it does not hold them. */
function offeredKeys(input: Params, source: Buffer | undefined): PublicKey[] {
  if (source === undefined) return [];
  const keys = publicKeys(source);
  const id = wantedId(input);
  const wanted = id === undefined ? keys : keys.filter((key) => isKey(key, id));
  if (wanted.length > 0) return wanted;
  const found = keys.map(({ fingerprint }) => fingerprint).join(', ') || 'no key at all';
  throw new ModuleError(
    id === undefined ? 'the source holds no OpenPGP key' : `the source does not hold the key ${id}`,
    {
      hint: `it holds ${found}`,
    },
  );
}

export function planKey(
  input: Params,
  state: KeyState,
  source: Buffer | undefined,
): readonly Change<Operation>[] {
  const touched = touchedKeys(input, state, source);
  if (input.state === 'absent') return removals(state, touched);
  const missing = offeredKeys(input, source).filter(({ fingerprint }) =>
    touched.includes(fingerprint),
  );
  return input.keyring === undefined
    ? missing.map(addedFile)
    : addedTo(input.keyring, state, missing);
}

function addedFile({ fingerprint, packets }: PublicKey): Change<Operation> {
  const operation = { path: `${FOLDER}/${fingerprint}.gpg`, content: packets };
  return { what: `key ${fingerprint}`, before: 'absent', after: 'trusted', operation };
}

function addedTo(
  keyring: string,
  { keyrings }: KeyState,
  missing: readonly PublicKey[],
): Change<Operation>[] {
  const current = keyrings.find(({ path: at }) => at === keyring)?.content ?? Buffer.alloc(0);
  const packets = Buffer.concat([dearmored(current), ...missing.map((key) => key.packets)]);
  const content = encoded(keyring, packets);
  return missing.map(({ fingerprint }) => ({
    what: `key ${fingerprint}`,
    before: 'absent',
    after: `trusted (${keyring})`,
    operation: { path: keyring, content },
  }));
}

/** Files named `.asc` are armored, all others binary (apt-secure(8)). */
function encoded(file: string, packets: Buffer): Buffer {
  return file.endsWith('.asc') ? Buffer.from(armored(packets)) : packets;
}

function removals({ keyrings }: KeyState, touched: readonly string[]): Change<Operation>[] {
  return keyrings.flatMap(({ path: file, keys }) => {
    const gone = keys.filter(({ fingerprint }) => touched.includes(fingerprint));
    const kept = keys.filter((key) => !gone.includes(key));
    const content =
      kept.length === 0
        ? undefined
        : encoded(file, Buffer.concat(kept.map(({ packets }) => packets)));
    return gone.map(({ fingerprint }) => ({
      what: `key ${fingerprint}`,
      before: `trusted (${file})`,
      after: 'absent',
      operation: { path: file, content },
    }));
  });
}

async function applyKey(changes: readonly Change<Operation>[], target: Target): Promise<void> {
  const files = new Map(changes.map(({ operation }) => [operation.path, operation.content]));
  for (const [file, content] of files) {
    if (content !== undefined) {
      await target.writeFile(file, content, { mode: '0644' });
      continue;
    }
    const { rc, stderr } = await target.sh('rm -f "$1"', { args: [file] });
    if (rc !== 0) throw new ModuleError(`${file}: ${stderr.toString().trim()}`);
  }
}
