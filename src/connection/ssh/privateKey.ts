/** Private keys in each format that ssh-keygen writes: OpenSSH's own, PEM and PKCS#8, with a passphrase or without. */
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';

interface KeptKey {
  /** Tells one state of the file from another. */
  readonly state: string;
  readonly passphrase: string | undefined;
  readonly key: ParsedKey | Error;
}

/** By file. Many hosts take the same key. */
const kept = new Map<string, KeptKey>();

/**
 * The key in a file, or an error whose message says what is wrong with it. It is read again when the file has changed.
 * @throws what reading the file throws
 */
export function readPrivateKey(file: string, passphrase: string | undefined): ParsedKey | Error {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  const state = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  const known = kept.get(file);
  if (known?.state === state && known.passphrase === passphrase) return known.key;
  const parsed = parsePrivateKey(readFileSync(file), passphrase);
  const key = parsed instanceof Error || !parsed.isPrivateKey() ? parsed : signingAtOnce(parsed);
  kept.set(file, { state, passphrase, key });
  return key;
}

/** What ssh2 signs with when the server asks for no other hash. */
const HASHES: Readonly<Record<string, string | undefined>> = {
  'ssh-ed25519': undefined,
  'ssh-rsa': 'sha1',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
};

/** ssh2 hands OpenSSL the key as text, which is taken apart for each signature: 0.4 ms, ten times what one with Ed25519 takes. */
function signingAtOnce(key: ParsedKey): ParsedKey {
  if (!(key.type in HASHES)) return key;
  const own = createPrivateKey(key.getPrivatePEM());
  const slowly = key.sign.bind(key);
  key.sign = (data, algorithm) => {
    try {
      return sign(algorithm || HASHES[key.type], Buffer.from(data), own);
    } catch {
      return slowly(data, algorithm);
    }
  };
  return key;
}

function parsePrivateKey(content: Buffer, passphrase: string | undefined): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(readable(content, passphrase), passphrase);
  if (!(parsed instanceof Error)) return parsed;
  if (passphrase === undefined && /passphrase/i.test(parsed.message)) return lockedError();
  const isWrong =
    passphrase !== undefined && /integrity|bad (passphrase|decrypt)/i.test(parsed.message);
  return isWrong ? wrongError() : parsed;
}

/** ssh2 does not know PKCS#8, Node does. */
function readable(content: Buffer, passphrase: string | undefined): Buffer | string {
  const label = content
    .toString('latin1')
    .match(/-----BEGIN ((?:ENCRYPTED )?PRIVATE KEY)-----/)?.[1];
  if (label === undefined) return content;
  if (label.startsWith('ENCRYPTED') && passphrase === undefined) throw lockedError();
  const key = unlocked(content, passphrase);
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' });
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' });
    default:
      throw new Error(
        `a key of type ${key.asymmetricKeyType} in PKCS#8; ssh-keygen -p rewrites it`,
      );
  }
}

function unlocked(
  content: Buffer,
  passphrase: string | undefined,
): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey({ key: content, ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    throw passphrase === undefined ? error : wrongError();
  }
}

function lockedError(): Error {
  return new Error('encrypted, and no passphrase was given');
}

function wrongError(): Error {
  return new Error('the passphrase is wrong');
}
