/**
 * Ansible's vault format, 1.1 and 1.2 with an identity: AES-256-CTR with an HMAC-SHA256 over the cipher text, keys by
 * PBKDF2. Source of the format: "Encrypting content with Ansible Vault", section "Format of files encrypted".
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { LoadError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { Source } from '../../core/source.ts';

const ITERATIONS = 10_000;
const KEY_BYTES = 32;
const IV_BYTES = 16;
const SALT_BYTES = 32;
const BLOCK_BYTES = 16;
const LINE_LENGTH = 80;
const HEADER = /^\$ANSIBLE_VAULT;(1\.[12]);(\w+)(?:;([^\r\n]*))?$/;

/** An encrypted text taken apart. */
export interface Envelope {
  /** The identity of its password; undefined in format 1.1. */
  readonly id: string | undefined;
  readonly salt: Buffer;
  readonly hmac: Buffer;
  readonly cipherText: Buffer;
}

export function isVault(text: string): boolean {
  return text.trimStart().startsWith('$ANSIBLE_VAULT;');
}

/** @throws LoadError when the text is no vault, or one of another kind. */
export function openEnvelope(text: string, source?: Source): Envelope {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const [, version, cipher, id] = HEADER.exec(header.trim()) ?? [];
  if (version === undefined) throw malformed('this is no vault', source);
  if (cipher !== 'AES256')
    throw malformed(`vaults with the cipher ${cipher} cannot be read`, source);
  const body = Buffer.from(lines.map((line) => line.trim()).join(''), 'hex').toString('latin1');
  const parts = body.split('\n').map((part) => Buffer.from(part, 'hex'));
  const [salt, hmac, cipherText] = parts;
  if (salt === undefined || hmac === undefined || cipherText === undefined || hmac.length !== 32) {
    throw malformed('the vault is damaged', source);
  }
  return { id: id?.trim() || undefined, salt, hmac, cipherText };
}

/** The clear text, or undefined when the password is another one. */
export function decryptEnvelope(envelope: Envelope, password: Secret): Buffer | undefined {
  const { key, hmacKey, iv } = deriveKeys(password, envelope.salt);
  const hmac = createHmac('sha256', hmacKey).update(envelope.cipherText).digest();
  if (!timingSafeEqual(hmac, envelope.hmac)) return undefined;
  const decipher = createDecipheriv('aes-256-ctr', key, iv);
  const padded = Buffer.concat([decipher.update(envelope.cipherText), decipher.final()]);
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
}

/**
 * The armoured vault of a text, with a newline at its end.
 * @param id written into the header (format 1.2) unless it is `default`.
 * @param salt 32 random bytes; given only by tests.
 */
export function encrypt(
  clear: string | Uint8Array,
  password: Secret,
  id = 'default',
  salt: Buffer = randomBytes(SALT_BYTES),
): string {
  const { key, hmacKey, iv } = deriveKeys(password, salt);
  const cipher = createCipheriv('aes-256-ctr', key, iv);
  const cipherText = Buffer.concat([cipher.update(padded(Buffer.from(clear))), cipher.final()]);
  const hmac = createHmac('sha256', hmacKey).update(cipherText).digest();
  const body = [salt, hmac, cipherText].map((part) => part.toString('hex')).join('\n');
  const header = id === 'default' ? '$ANSIBLE_VAULT;1.1;AES256' : `$ANSIBLE_VAULT;1.2;AES256;${id}`;
  const lines = Buffer.from(body)
    .toString('hex')
    .match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g'));
  return `${[header, ...(lines ?? [])].join('\n')}\n`;
}

function deriveKeys(password: Secret, salt: Buffer) {
  const length = 2 * KEY_BYTES + IV_BYTES;
  const bytes = pbkdf2Sync(password.reveal(), salt, ITERATIONS, length, 'sha256');
  return {
    key: bytes.subarray(0, KEY_BYTES),
    hmacKey: bytes.subarray(KEY_BYTES, 2 * KEY_BYTES),
    iv: bytes.subarray(2 * KEY_BYTES),
  };
}

/** PKCS #7: always at least one byte. */
function padded(clear: Buffer): Buffer {
  const count = BLOCK_BYTES - (clear.length % BLOCK_BYTES);
  return Buffer.concat([clear, Buffer.alloc(count, count)]);
}

function malformed(message: string, source: Source | undefined): LoadError {
  return new LoadError(message, {
    code: 'DROVER_VAULT_FORMAT',
    source,
    hint: 'a vault begins with "$ANSIBLE_VAULT;1.1;AES256" or "…;1.2;AES256;label"',
  });
}
