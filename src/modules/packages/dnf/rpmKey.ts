/** `rpm_key`: the keys that rpm trusts; gpg is not needed. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { Target } from '../../../target/target.ts';
import { defineResource, type ObserveContext } from '../../module.ts';
import { PROXY_SHELL, proxiesOf, tabbedValues } from '../../net/httpParams.ts';
import type { ProxyEnvironment } from '../../net/proxy.ts';
import { boolean, list, text } from '../../params.ts';
import { script } from '../../script.ts';
import { sectionsOf } from '../../scriptOutput.ts';
import { WORKING_DIRECTORY } from '../../workingDirectory.ts';
import { downloadKey } from '../keyDownload.ts';
import { armored, type PublicKey, publicKeys } from '../openpgp.ts';

const params = z.strictObject({
  key: text().describe('URL of a key, file with it on the host, or (for `absent`) its id.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether rpm trusts the key.'),
  validate_certs: boolean().default(true).describe("Whether the server's certificate is checked."),
  fingerprint: list(text()).optional().describe('Fingerprints, one of which the key must have.'),
});
type Params = z.output<typeof params>;

/** `FILE`: the keys that rpm trusts, the file with the key, and the proxies. */
const OBSERVE = script`
section() { printf '\n\036%s\n' "$1"; }
command -v rpm >/dev/null || exit 127
section proxies
${PROXY_SHELL}
for package in $(rpm -qa gpg-pubkey --qf '%{VERSION}-%{RELEASE}\n' 2>/dev/null); do
  section "key gpg-pubkey-$package"
  rpm -q --qf '%{DESCRIPTION}\n' "gpg-pubkey-$package"
done
if [ -n "$1" ]; then
  if [ -r "$1" ]; then section file; base64 <"$1"; else section nofile; fi
fi
exit 0
`;

interface TrustedKey {
  /** Name of the package that holds it for rpm. */
  readonly package: string;
  readonly keys: readonly PublicKey[];
}

interface RpmKeyState {
  readonly trusted: readonly TrustedKey[];
  readonly file: Buffer | undefined;
  readonly proxies: ProxyEnvironment;
}

type Operation =
  | { readonly type: 'import'; readonly key: Buffer }
  | { readonly type: 'erase'; readonly package: string };

export const rpmKey = defineResource({
  name: 'rpm_key',
  summary: 'Trust keys that sign packages of the RPM family, or no longer',
  description: 'A URL is fetched by the controller through the network of the host.',
  params,
  examples: [
    '- rpm_key: { key: https://download.example.com/RPM-GPG-KEY-example }',
    '- rpm_key: { key: /etc/pki/rpm-gpg/RPM-GPG-KEY-epel, fingerprint: EBC6 E12C 62B1 C734 026B 2122 A20E 5214 6B8D 79E6 }',
    '- rpm_key: { key: 6b8d79e6, state: absent }',
  ],
  observe: (given) => ({
    rpm: {
      script: OBSERVE,
      args: [isId(given.key) || isUrl(given.key) ? '' : given.key],
      parse: ({ rc, stdout }) => stateOf(rc, stdout.toString()),
    },
  }),
  observeWith: async (target, given, { rpm }, context) => ({
    fetched: isUrl(given.key) ? await fetchKey(target, given, rpm, context) : undefined,
  }),
  plan: (given, { rpm, fetched }, { checkMode }) =>
    planRpmKey(given, rpm, fetched ?? rpm.file, checkMode),
  async apply(changes, target) {
    for (const { operation } of changes) await carryOut(operation, target);
  },
});

function isUrl(key: string): boolean {
  return /^https?:\/\//.test(key);
}

function isId(key: string): boolean {
  return /^(?:0x)?(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{40})$/i.test(key.trim());
}

function stateOf(rc: number, output: string): RpmKeyState {
  if (rc === 127) {
    throw new ModuleError('rpm is not on this host', {
      code: 'DROVER_TOOL_MISSING',
      hint: 'this host is not of the RPM family',
    });
  }
  const sections = sectionsOf(output);
  const trusted = [...sections].filter(([name]) => name.startsWith('key '));
  const file = sections.get('file');
  return {
    trusted: trusted.map(([name, text]) => ({
      package: name.slice(4),
      keys: publicKeys(Buffer.from(text)),
    })),
    file: file === undefined ? undefined : Buffer.from(file, 'base64'),
    proxies: proxiesOf(tabbedValues(sections.get('proxies') ?? '')),
  };
}

function fetchKey(
  target: Target,
  { key, validate_certs: validateCerts }: Params,
  { proxies }: RpmKeyState,
  { signal }: ObserveContext,
): Promise<Buffer> {
  return downloadKey(target, key, { validateCerts, proxies, signal });
}

/** @param content the key of a URL or file. */
export function planRpmKey(
  given: Params,
  { trusted }: Pick<RpmKeyState, 'trusted'>,
  content: Buffer | undefined,
  checkMode: boolean,
): readonly Change<Operation>[] {
  if (isId(given.key)) return planById(given, trusted);
  if (content === undefined) return missingFile(given, checkMode);
  const keys = publicKeys(content);
  if (keys.length === 0) throw new ModuleError(`${given.key} holds no key`);
  checkFingerprint(given, keys);
  const holders = (key: PublicKey) => trusted.filter((each) => holds(each, key.fingerprint));
  if (given.state === 'absent') return keys.flatMap(holders).map(erasure);
  return keys
    .filter((key) => holders(key).length === 0)
    .map((key) => ({
      what: `key ${key.fingerprint}`,
      before: 'absent',
      after: 'trusted',
      operation: { type: 'import', key: key.packets },
    }));
}

function planById({ key, state }: Params, trusted: readonly TrustedKey[]): Change<Operation>[] {
  const found = trusted.filter((each) => holds(each, key.trim().replace(/^0x/i, '')));
  if (state === 'absent') return found.map(erasure);
  if (found.length > 0) return [];
  throw new ModuleError(
    `the key ${key} is not here, and its id alone does not tell where to get it`,
    {
      hint: 'give the URL or the file of the key',
    },
  );
}

function missingFile({ key, state }: Params, checkMode: boolean): Change<Operation>[] {
  if (!checkMode) throw new ModuleError(`there is no key file "${key}" on the host`);
  if (state === 'absent') return [];
  const operation: Operation = { type: 'import', key: Buffer.alloc(0) };
  return [{ what: `key of ${key}`, before: 'absent', after: 'trusted', operation }];
}

/** Whether a package of rpm holds the key with this fingerprint or id, as key or subkey. */
function holds({ package: name, keys }: TrustedKey, id: string): boolean {
  const wanted = id.toUpperCase();
  const prints = keys.flatMap(({ fingerprint, subkeys }) => [fingerprint, ...subkeys]);
  const version = name.split('-')[2]?.toUpperCase() ?? '';
  return (
    prints.some((print) => print.endsWith(wanted)) ||
    (keys.length === 0 && wanted.endsWith(version))
  );
}

function checkFingerprint({ fingerprint, key }: Params, keys: readonly PublicKey[]): void {
  if (fingerprint === undefined) return;
  const wanted = fingerprint.map((each) => each.replaceAll(/\s/g, '').toUpperCase());
  const found = keys.flatMap((each) => [each.fingerprint, ...each.subkeys]);
  if (found.some((each) => wanted.includes(each))) return;
  throw new ModuleError(
    `the key ${key} has the fingerprint ${found[0]}, not ${wanted.join(' or ')}`,
    { hint: 'nothing was imported; check where the key comes from' },
  );
}

function erasure({ package: name, keys }: TrustedKey): Change<Operation> {
  return {
    what: `key ${keys[0]?.fingerprint ?? name}`,
    before: 'trusted',
    after: 'absent',
    operation: { type: 'erase', package: name },
  };
}

async function carryOut(operation: Operation, target: Target): Promise<void> {
  const { rc, stderr } =
    operation.type === 'import'
      ? await target.sh(IMPORT, { stdin: armored(operation.key) })
      : await target.sh('rpm --erase --allmatches -- "$1"', { args: [operation.package] });
  if (rc !== 0) throw new ModuleError(`rpm: ${stderr.toString().trim()}`);
}

const IMPORT = script`
${WORKING_DIRECTORY}
cat >"$tmp/key" && rpm --import "$tmp/key"
`;
