/** Password hashes in the formats of crypt(3). */
import { randomBytes } from 'node:crypto';
import { genSaltSync, hashSync } from 'bcryptjs';
import { encrypt } from 'unixcrypt';
import { md5Crypt } from '../../core/md5Crypt.ts';
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { integerOf, textOf } from './parameters.ts';

export type PasswordScheme = 'sha512' | 'sha256' | 'md5' | 'blowfish';

const SCHEMES: ReadonlyMap<string, PasswordScheme> = new Map<string, PasswordScheme>([
  ['sha512', 'sha512'],
  ['sha512_crypt', 'sha512'],
  ['sha256', 'sha256'],
  ['sha256_crypt', 'sha256'],
  ['md5', 'md5'],
  ['md5_crypt', 'md5'],
  ['blowfish', 'blowfish'],
  ['bcrypt', 'blowfish'],
]);

export const passwordFilters = table<Filter>({
  password_hash: (value, args) => {
    const [scheme, salt, saltSize, rounds, ident] = bind(
      'password_hash',
      args,
      'hashtype',
      'salt',
      'salt_size',
      'rounds',
      'ident',
    );
    const name = textOf(scheme, 'sha512');
    const known = SCHEMES.get(name);
    if (known === undefined) {
      throw usageError(
        `password_hash does not support the hash type "${name}"`,
        `one of ${[...SCHEMES.keys()].join(', ')}`,
      );
    }
    const size = integerOf(saltSize, 0);
    const chosen = size > 0 ? randomSalt(size) : undefined;
    const given = salt === undefined || salt === null || str(salt) === '' ? chosen : str(salt);
    const cost = rounds === undefined || rounds === null ? undefined : integerOf(rounds, 0);
    return passwordHash(str(value), {
      scheme: known,
      salt: given,
      rounds: cost,
      ident: textOf(ident, '2b'),
    });
  },
});

export interface HashOptions {
  readonly scheme: PasswordScheme;
  /** Default: random. */
  readonly salt: string | undefined;
  readonly rounds: number | undefined;
  /** bcrypt's variant. */
  readonly ident?: string;
}

/** The password's hash with its scheme and salt, as /etc/shadow holds it. */
export function passwordHash(password: string, options: HashOptions): string {
  const { scheme, rounds } = options;
  switch (scheme) {
    case 'sha512':
    case 'sha256': {
      const salt = checkedSalt(options.salt ?? randomSalt(16), 16);
      const cost = rounds === undefined || rounds === 5000 ? '' : `rounds=${rounds}$`;
      return encrypt(password, `$${scheme === 'sha512' ? '6' : '5'}$${cost}${salt}`);
    }
    case 'md5':
      return md5Crypt(password, checkedSalt(options.salt ?? randomSalt(8), 8));
    case 'blowfish': {
      const prefix = `$${options.ident ?? '2b'}$${String(rounds ?? 12).padStart(2, '0')}$`;
      const salt = options.salt === undefined ? genSaltSync(rounds ?? 12).slice(7) : options.salt;
      if (!/^[./A-Za-z0-9]{22}$/.test(salt))
        throw usageError('a bcrypt salt has 22 characters of ./A-Za-z0-9');
      return hashSync(password, prefix + salt);
    }
  }
}

const SALT_CHARACTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function checkedSalt(salt: string, longest: number): string {
  if (!/^[./A-Za-z0-9]*$/.test(salt)) throw usageError(`invalid characters in the salt "${salt}"`);
  if (salt.length > longest)
    throw usageError(`the salt is too long: at most ${longest} characters`);
  return salt;
}

/** Random characters of crypt's alphabet. */
export function randomSalt(length: number): string {
  return [...randomBytes(length)].map((byte) => SALT_CHARACTERS.charAt(byte % 64)).join('');
}
