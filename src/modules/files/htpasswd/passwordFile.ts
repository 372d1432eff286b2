/** Lines of a file with user names and password hashes, as web servers read it, in the formats that htpasswd(1) writes. */
import { createHash, randomBytes } from 'node:crypto';
import { compareSync, genSaltSync, hashSync } from 'bcryptjs';
import { encrypt, verify } from 'unixcrypt';
import { md5Crypt } from '../../../core/md5Crypt.ts';
import { joinLines, textLines } from '../keptText.ts';

export const SCHEMES = [
  'apr_md5_crypt',
  'bcrypt',
  'ldap_sha1',
  'md5_crypt',
  'plaintext',
  'sha256_crypt',
  'sha512_crypt',
] as const;
export type Scheme = (typeof SCHEMES)[number];

const BCRYPT_COST = 12;

/** A new hash, with a random salt. */
export function hashOf(password: string, scheme: Scheme): string {
  switch (scheme) {
    case 'apr_md5_crypt':
      return md5Crypt(password, salt(8), '$apr1$');
    case 'md5_crypt':
      return md5Crypt(password, salt(8));
    case 'bcrypt':
      return hashSync(password, genSaltSync(BCRYPT_COST).replace(/^\$2.\$/, '$2y$'));
    case 'sha256_crypt':
      return encrypt(password, `$5$${salt(16)}`);
    case 'sha512_crypt':
      return encrypt(password, `$6$${salt(16)}`);
    case 'ldap_sha1':
      return `{SHA}${createHash('sha1').update(password).digest('base64')}`;
    case 'plaintext':
      return password;
    default:
      return scheme satisfies never;
  }
}

function salt(length: number): string {
  return randomBytes(length).toString('base64').replaceAll('+', '.').slice(0, length);
}

/** Whether `stored` is a hash of the password, in whichever format. */
export function isHashOf(password: string, stored: string): boolean {
  const [, variant, own = ''] = /^(\$1\$|\$apr1\$)([^$]*)\$/.exec(stored) ?? [];
  if (variant === '$1$' || variant === '$apr1$') return md5Crypt(password, own, variant) === stored;
  if (/^\$2[aby]\$/.test(stored)) return compareSync(password, stored);
  if (/^\$[56]\$/.test(stored)) return verify(password, stored);
  if (stored.startsWith('{SHA}')) return hashOf(password, 'ldap_sha1') === stored;
  return stored === password;
}

/** The stored hash of a user; undefined when there is no such user. */
export function storedHash(text: string | undefined, name: string): string | undefined {
  const line = textLines(text).find((each) => each.startsWith(`${name}:`));
  return line?.slice(name.length + 1).split(':')[0];
}

/** The text with the user's line set, or without it when `hash` is undefined. Comments stay. */
export function withUser(text: string | undefined, name: string, hash: string | undefined): string {
  const lines = textLines(text);
  const isOwn = (line: string) => line.startsWith(`${name}:`);
  if (hash === undefined) return joinLines(lines.filter((line) => !isOwn(line)));
  const own = `${name}:${hash}`;
  if (!lines.some(isOwn)) return joinLines([...lines, own]);
  return joinLines(lines.map((line) => (isOwn(line) ? own : line)));
}
