/** Private keys in each format that ssh-keygen writes: OpenSSH's own, PEM and PKCS#8, with a passphrase or without. */
import { createPrivateKey } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';

/** The key, or an error whose message says what is wrong with it. */
export function parsePrivateKey(
  content: Buffer,
  passphrase: string | undefined,
): ParsedKey | Error {
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
