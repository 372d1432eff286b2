/** `openssh_keypair`: a key pair for SSH, made on the host by ssh-keygen; the private key never leaves it. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change, ResultData } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { fileState } from '../files/fileState.ts';
import { defineResource } from '../module.ts';
import { boolean, fileAttributes, integer, path, text } from '../params.ts';
import {
  applySimple,
  type GeneratedChange,
  type GeneratedState,
  generatedResult,
  observeGenerated,
  planGenerated,
} from './generatedFile.ts';
import { KEYGEN, KEYPAIR_STATE } from './opensshScripts.ts';
import { type KeypairState, keypairStateOf, type PublicHalf, publicHalf } from './opensshState.ts';
import { type Regenerate, reasonToGenerate, regenerate } from './regeneration.ts';

const params = z
  .strictObject({
    path: path().describe('File of the private key; the public one gets `.pub`.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the pair exists.'),
    size: integer()
      .optional()
      .describe('Bits; by default 4096 for RSA, 1024 for DSA, 256 for ECDSA.'),
    type: z
      .enum(['rsa', 'dsa', 'rsa1', 'ecdsa', 'ed25519'])
      .default('rsa')
      .describe('Algorithm. rsa1 is of the past: no ssh-keygen makes it any more.'),
    force: boolean().default(false).describe('Make a new pair each time.'),
    comment: text().optional().describe('Comment of the public key.'),
    passphrase: text().optional().describe('Passphrase that protects the private key.'),
    private_key_format: z
      .enum(['auto', 'pkcs1', 'pkcs8', 'ssh'])
      .default('auto')
      .describe('Form of the private key; `auto` is what ssh-keygen makes by itself.'),
    backend: z
      .enum(['auto', 'cryptography', 'opensshbin'])
      .default('auto')
      .describe("Taken for compatibility: the host's ssh-keygen does the work."),
    regenerate: regenerate().default('partial_idempotence'),
    ...fileAttributes,
  })
  .refine(({ type }) => type !== 'rsa1', { error: 'keys of the type rsa1 cannot be made any more' })
  .refine(
    ({ type, size }) => type !== 'ecdsa' || size === undefined || [256, 384, 521].includes(size),
    {
      error: 'an ECDSA key has 256, 384 or 521 bits',
    },
  )
  .refine(({ type, size }) => type !== 'dsa' || size === undefined || size === 1024, {
    error: 'a DSA key has 1024 bits',
  })
  .refine(({ type, size }) => type !== 'rsa' || size === undefined || size >= 1024, {
    error: 'an RSA key has at least 1024 bits',
  });
type Params = z.output<typeof params>;

const SIZES = { rsa: 4096, dsa: 1024, rsa1: 4096, ecdsa: 256, ed25519: 256 } as const;
const PRIVATE_MODE = '0600';
const PUBLIC_MODE = '0644';

interface State extends GeneratedState {
  readonly publicFile: GeneratedState['file'];
  readonly keypair: KeypairState;
}

/** Which of the two files a change is for, and what ssh-keygen does. */
type Operation = GeneratedChange['operation'];

export const opensshKeypair = defineResource({
  name: 'openssh_keypair',
  collection: 'community.crypto',
  summary: 'Make key pairs for SSH',
  description:
    'The pair is made on the host. A missing or foreign public key is made again from the private one; a comment changes without a new key.',
  params,
  examples: [
    '- openssh_keypair: { path: /home/deploy/.ssh/id_ed25519, type: ed25519, owner: deploy }',
    '- community.crypto.openssh_keypair: { path: /etc/ssh/ca, size: 4096, comment: "ca@{{ inventory_hostname }}", passphrase: "{{ ca_passphrase }}" }',
  ],
  returns: {
    size: 'Bits of the key.',
    type: 'Algorithm.',
    filename: 'File of the private key.',
    fingerprint: 'Fingerprint of the key (SHA256).',
    public_key: 'The public key, without its comment.',
    comment: 'Comment of the public key.',
  },
  prepare(given: Params, controller) {
    if (given.passphrase !== undefined) controller.addSecret(given.passphrase);
    return given;
  },
  observe: (given) => ({
    ...observeGenerated(given),
    publicFile: fileState(`${given.path}.pub`, { owner: given.owner, group: given.group }),
    keypair: {
      script: KEYPAIR_STATE,
      args: [given.path, given.passphrase ?? ''],
      parse: ({ rc, stdout, stderr }) => ({
        ...keypairStateOf(stdout.toString(), stderr.toString()),
        hasTool: rc !== 127,
      }),
    },
  }),
  plan(given, state, { checkMode }) {
    const isNeeded = given.state === 'present' && !checkMode;
    if (isNeeded && !state.keypair.hasTool) throw noKeygen();
    return planKeypair(given, state);
  },
  apply: (changes, target, given) => applyKeypair(changes, target, given),
  result(given, state, changes) {
    const base = { filename: given.path, type: given.type, size: sizeOf(given) };
    if (given.state === 'absent') return base;
    const isNew = changes.some(({ operation }) => isGeneration(operation, 'generate'));
    const attributes = generatedResult(given, state, PRIVATE_MODE);
    const { key } = state.keypair;
    const comment = given.comment ?? state.keypair.stored?.comment ?? '';
    if (isNew) return { ...base, ...attributes, comment: given.comment ?? '' };
    return { ...base, ...attributes, ...(key === undefined ? {} : keyFacts(key, comment)) };
  },
});

function noKeygen(): ModuleError {
  return new ModuleError('ssh-keygen is not on this host', {
    code: 'DROVER_TOOL_MISSING',
    hint: 'install openssh-client (Debian) or openssh (RHEL, Alpine)',
  });
}

function sizeOf({ type, size }: Params): number {
  return type === 'ed25519' ? SIZES.ed25519 : (size ?? SIZES[type]);
}

function keyFacts({ text, fingerprint }: PublicHalf, comment: string): ResultData {
  return { public_key: text, fingerprint, comment };
}

export function planKeypair(given: Params, state: State): Change<Operation>[] {
  const publicPart = { file: state.publicFile, labels: undefined };
  const publicParams = { ...given, path: `${given.path}.pub` };
  if (given.state === 'absent') {
    return [
      ...planGenerated(given, state, undefined, PRIVATE_MODE),
      ...planGenerated(publicParams, publicPart, undefined, PUBLIC_MODE),
    ];
  }
  const reason = generationReason(given, state.keypair);
  const wanted = { type: given.type, size: sizeOf(given) };
  if (reason !== undefined) {
    const before = reason === 'absent' ? 'absent' : { key: reason };
    return planGenerated(given, state, { before, after: wanted, how: 'generate' }, PRIVATE_MODE);
  }
  return [
    ...planGenerated(given, state, undefined, PRIVATE_MODE),
    ...planGenerated(publicParams, publicPart, publicWork(given, state.keypair), PUBLIC_MODE),
  ];
}

function generationReason(given: Params, keypair: KeypairState): string | undefined {
  const mode: Regenerate = given.force ? 'always' : given.regenerate;
  const found = {
    exists: keypair.exists,
    unreadable: unreadable(given, keypair),
    differences: differences(given, keypair),
  };
  return reasonToGenerate(given.path, found, mode);
}

function unreadable({ passphrase }: Params, { key, isOpen, isProtected }: KeypairState) {
  if (passphrase !== undefined && isOpen) return 'is not protected by a passphrase';
  if (key !== undefined) return undefined;
  if (!isProtected) return 'is broken';
  return passphrase === undefined
    ? 'is protected by a passphrase'
    : 'is protected by another passphrase';
}

function differences(given: Params, { key, format }: KeypairState): string[] {
  if (key === undefined) return [];
  const isOtherFormat = given.private_key_format !== 'auto' && format !== given.private_key_format;
  const hasFormat =
    given.type !== 'ed25519' &&
    ['partial_idempotence', 'full_idempotence'].includes(given.regenerate);
  const table: readonly (readonly [boolean, string])[] = [
    [key.type !== given.type, `type ${key.type}`],
    [key.type === given.type && key.size !== sizeOf(given), `size ${key.size}`],
    [isOtherFormat && hasFormat, `format ${format}`],
  ];
  return table.filter(([differs]) => differs).map(([, what]) => what);
}

/** The public key file is wrong, or only its comment. */
function publicWork({ comment }: Params, { key, stored }: KeypairState) {
  if (key === undefined) return undefined;
  const before = stored === undefined ? 'absent' : { public_key: stored.text };
  if (stored?.text !== key.text) {
    return { before, after: { public_key: key.text }, how: 'public' };
  }
  if (comment === undefined || stored.comment === comment) return undefined;
  return { before: { comment: stored.comment }, after: { comment }, how: 'comment' };
}

function isGeneration(operation: Operation, how: string): boolean {
  return operation.type === 'generate' && operation.how === how;
}

async function applyKeypair(
  changes: readonly Change<Operation>[],
  target: Target,
  given: Params,
): Promise<ResultData> {
  let made: ResultData = {};
  for (const { operation } of changes) {
    if (operation.type === 'generate') made = await keygen(operation, target, given);
  }
  await applySimple(changes, target);
  return made;
}

async function keygen(
  { place, how }: { readonly place: readonly string[]; readonly how: string },
  target: Target,
  given: Params,
): Promise<ResultData> {
  const { path: file, type, comment, private_key_format: format, passphrase = '' } = given;
  const [, owner = '', group = '', mode = ''] = place;
  const publicMode = given.mode === undefined ? '' : mode;
  const hasComment = comment === undefined ? '' : 'yes';
  const { rc, stdout, stderr } = await target.sh(KEYGEN, {
    args: [
      ...[file, owner, group, mode, publicMode],
      ...[how, type, String(sizeOf(given)), format, hasComment, comment ?? ''],
    ],
    stdin: `${passphrase}\n`,
  });
  if (rc !== 0) throw new ModuleError(`ssh-keygen: ${stderr.toString().trim()}`);
  const half = publicHalf(stdout.toString());
  return half === undefined ? {} : keyFacts(half, half.comment);
}
