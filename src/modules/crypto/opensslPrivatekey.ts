/** `openssl_privatekey`: a private key, made on the host by its openssl; it never leaves it. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { boolean, fileAttributes, integer, path, text } from '../params.ts';
import { sectionsOf } from '../scriptOutput.ts';
import {
  applySimple,
  type GeneratedChange,
  type GeneratedState,
  generatedResult,
  observeGenerated,
  planGenerated,
} from './generatedFile.ts';
import { generateKey, type KeyRequest } from './privateKeyScript.ts';
import {
  fingerprints,
  KEY_STATE,
  KEY_TYPES,
  needOpenssl,
  opensslCurve,
  type PrivateKeyState,
  publicKeyFacts,
} from './privateKeyState.ts';
import { type Regenerate, reasonToGenerate, regenerate } from './regeneration.ts';

const CURVES = [
  'secp224r1',
  'secp256k1',
  'secp256r1',
  'secp384r1',
  'secp521r1',
  'secp192r1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
  'sect163k1',
  'sect163r2',
  'sect233k1',
  'sect233r1',
  'sect283k1',
  'sect283r1',
  'sect409k1',
  'sect409r1',
  'sect571k1',
  'sect571r1',
] as const;

const params = z
  .strictObject({
    path: path().describe('File of the key.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the key exists.'),
    size: integer().default(4096).describe('Bits of an RSA or DSA key.'),
    type: z.enum(KEY_TYPES).default('RSA').describe('Algorithm.'),
    curve: z.enum(CURVES).optional().describe('Curve of an ECC key.'),
    passphrase: text().optional().describe('Passphrase that protects the key.'),
    cipher: text()
      .default('auto')
      .describe('Cipher for the protection; `auto` is AES with 256 bits.'),
    format: z
      .enum(['pkcs1', 'pkcs8', 'raw', 'auto', 'auto_ignore'])
      .default('auto_ignore')
      .describe('Form of the file; `auto` is pkcs1 where there is such a form, else pkcs8.'),
    format_mismatch: z
      .enum(['regenerate', 'convert'])
      .default('regenerate')
      .describe('What to do with a key in another form.'),
    force: boolean().default(false).describe('Make a new key each time.'),
    regenerate: regenerate().default('full_idempotence'),
    backup: boolean().default(false).describe('Keep the old key beside the new one.'),
    return_content: boolean()
      .default(false)
      .describe('Give the key back as `privatekey`: it leaves its host.'),
    select_crypto_backend: z
      .enum(['auto', 'cryptography'])
      .default('auto')
      .describe("Taken for compatibility: the host's openssl does the work."),
    ...fileAttributes,
  })
  .refine(({ type, curve, state }) => state === 'absent' || type !== 'ECC' || curve !== undefined, {
    error: '"curve" is needed for type ECC',
  })
  .refine(({ format, type }) => format !== 'raw' || /^(?:X|Ed)\d+$/.test(type), {
    error: 'the format "raw" is for X25519, X448, Ed25519 and Ed448',
  });
type Params = z.output<typeof params>;

/** Of every key for which the task names none, also of those that are there. */
const MODE = '0600';

export const opensslPrivatekey = defineResource({
  name: 'openssl_privatekey',
  collection: 'community.crypto',
  summary: 'Make private keys for TLS',
  description:
    'The key is made on the host and stays there, unless `return_content` asks for it. Passphrases are in no process list.',
  params,
  examples: [
    '- openssl_privatekey: { path: /etc/ssl/private/example.com.pem }',
    '- openssl_privatekey: { path: /etc/ssl/private/ec.pem, type: ECC, curve: secp384r1, mode: "0640", group: ssl-cert }',
    '- community.crypto.openssl_privatekey: { path: /etc/ssl/ca.key, passphrase: "{{ ca_passphrase }}", cipher: auto }',
  ],
  returns: {
    filename: 'File of the key.',
    size: 'Bits asked for.',
    type: 'Algorithm.',
    curve: 'Curve of an ECC key.',
    fingerprint: 'Fingerprints of the public key, by hash.',
    privatekey: 'The key, with `return_content`.',
    backup_file: 'The old key, with `backup`.',
  },
  prepare(given: Params, controller) {
    if (given.passphrase !== undefined) controller.addSecret(given.passphrase);
    return { ...given, mode: given.mode ?? MODE };
  },
  observe: (given) => ({
    ...observeGenerated(given),
    key: {
      script: KEY_STATE,
      args: [given.path, given.passphrase ?? '', given.type],
      parse: ({ rc, stdout, stderr }) => keyStateOf(rc, stdout, stderr),
    },
  }),
  plan: (given, state, { checkMode }) => planKey(given, state, checkMode),
  apply: (changes, target, given) => applyKey(changes, target, given),
  result(given, state, changes) {
    const { filename, ...described } = describe(given);
    const isNew = changes.some(
      ({ operation }) => operation.type === 'generate' && operation.how === 'generate',
    );
    const publicKey = isNew ? undefined : state.key.publicKey;
    const prints =
      publicKey === undefined || given.state === 'absent'
        ? {}
        : { fingerprint: fingerprints(publicKey) };
    return { filename, ...described, ...generatedResult(given, state, MODE), ...prints };
  },
  settle: (target, given) => content(target, given),
});

export function keyStateOf(rc: number, stdout: Buffer, stderr: Buffer): PrivateKeyState {
  const sections = sectionsOf(stdout.toString());
  const [format = 'raw', protection] = (sections.get('format') ?? '').trim().split(' ');
  const publicKey = (sections.get('public') ?? '').trim();
  if (rc !== 0 && rc !== 127) throw new ModuleError(stderr.toString().trim());
  return {
    hasTool: rc !== 127,
    exists: sections.has('format'),
    publicKey: publicKey === '' ? undefined : Buffer.from(publicKey, 'base64'),
    isEncrypted: protection === 'encrypted',
    format: format === 'pkcs1' || format === 'pkcs8' ? format : 'raw',
  };
}

export function planKey(
  given: Params,
  state: GeneratedState & { readonly key: PrivateKeyState },
  checkMode: boolean,
): GeneratedChange[] {
  if (given.state === 'absent') return planGenerated(given, state, undefined, MODE);
  const { key } = state;
  needOpenssl(key.hasTool, checkMode);
  const mode: Regenerate = given.force ? 'always' : given.regenerate;
  const found = {
    exists: key.exists,
    unreadable: unreadable(given, key),
    differences: differences(given, key),
  };
  const reason = reasonToGenerate(given.path, found, mode);
  const after = describe(given);
  if (reason !== undefined) {
    const before = reason === 'absent' ? 'absent' : { key: reason };
    return planGenerated(given, state, { before, after, how: 'generate' }, MODE);
  }
  const isConverted = isOtherFormat(given, key) && given.format_mismatch === 'convert';
  const conversion = {
    before: { format: key.format },
    after: { format: wantedFormat(given) },
    how: 'convert',
  };
  return planGenerated(given, state, isConverted ? conversion : undefined, MODE);
}

function unreadable(
  { passphrase }: Params,
  { publicKey, isEncrypted }: PrivateKeyState,
): string | undefined {
  if (passphrase !== undefined && publicKey !== undefined && !isEncrypted) {
    return 'is not protected by a passphrase';
  }
  if (publicKey !== undefined) return undefined;
  if (!isEncrypted) return 'is broken';
  return passphrase === undefined
    ? 'is protected by a passphrase'
    : 'is protected by another passphrase';
}

function differences(given: Params, key: PrivateKeyState): string[] {
  if (key.publicKey === undefined) return [];
  const facts = publicKeyFacts(key.publicKey);
  const hasSize = given.type === 'RSA' || given.type === 'DSA';
  const table: readonly (readonly [boolean, string])[] = [
    [facts.type !== given.type, `type ${facts.type ?? 'unknown'}`],
    [hasSize && facts.type === given.type && facts.size !== given.size, `size ${facts.size}`],
    [
      given.type === 'ECC' &&
        facts.curve !== undefined &&
        facts.curve !== opensslCurve(given.curve ?? ''),
      `curve ${facts.curve}`,
    ],
    [isOtherFormat(given, key) && given.format_mismatch === 'regenerate', `format ${key.format}`],
  ];
  return table.filter(([differs]) => differs).map(([, text]) => text);
}

function isOtherFormat(given: Params, { format }: PrivateKeyState): boolean {
  return given.format !== 'auto_ignore' && format !== wantedFormat(given);
}

function wantedFormat({ format, type }: Params): 'pkcs1' | 'pkcs8' | 'raw' {
  if (format !== 'auto' && format !== 'auto_ignore') return format;
  return type === 'RSA' || type === 'DSA' || type === 'ECC' ? 'pkcs1' : 'pkcs8';
}

function describe({ path: filename, size, type, curve }: Params): ResultData {
  const isCurve = type === 'ECC';
  return { filename, size, type, ...(isCurve ? { curve: curve ?? '' } : {}) };
}

async function applyKey(
  changes: readonly GeneratedChange[],
  target: Target,
  given: Params,
): Promise<ResultData> {
  const generation = changes
    .map(({ operation }) => operation)
    .find(({ type }) => type === 'generate');
  const made =
    generation?.type === 'generate' ? await generateKey(generation, target, keyRequest(given)) : {};
  return { ...made, ...(await applySimple(changes, target)) };
}

function keyRequest(given: Params): KeyRequest {
  const { type, size, curve, cipher, passphrase = '' } = given;
  return {
    type,
    size,
    curve: opensslCurve(curve ?? ''),
    format: wantedFormat(given),
    cipher: cipher === 'auto' ? 'aes256' : cipher,
    passphrase,
  };
}

async function content(target: Target, given: Params): Promise<ResultData | undefined> {
  if (!given.return_content || given.state === 'absent') return undefined;
  const bytes = await target.readFile(given.path);
  const isText = bytes.includes('-----BEGIN');
  return { privatekey: isText ? bytes.toString() : bytes.toString('base64') };
}
