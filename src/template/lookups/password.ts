/** The `password` lookup: a random password that a file on the controller remembers. */
import { randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type PasswordScheme, passwordHash, randomSalt } from '../filters/passwords.ts';
import { expandUser } from '../filters/paths.ts';
import { generator } from '../filters/random.ts';
import { type Lookup, type LookupContext, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { type Options, splitTerm, textOption } from './options.ts';

export const passwordLookups = table<Lookup>({
  password: (terms, options, context) => terms.map((term) => password(str(term), options, context)),
});

interface Stored {
  readonly password: string;
  readonly salt: string | undefined;
}

function password(term: string, given: Options, context: LookupContext): string {
  const { text, options: own } = splitTerm(term);
  const options = new Map([...given, ...own]);
  const file = path.resolve(context.host.baseDirectory, expandUser(text, context.host));
  const scheme = schemeOf(textOption(options, 'encrypt', ''));
  const old = stored(file, context);
  const value = old?.password ?? newPassword(options);
  const salt = old?.salt ?? (scheme && randomSalt(SALT_LENGTHS[scheme]));
  if (old === undefined || (scheme !== undefined && old.salt === undefined))
    store(file, { password: value, salt });
  if (scheme === undefined) return value;
  return passwordHash(value, { scheme, salt, rounds: undefined });
}

const SCHEMES: Readonly<Record<string, PasswordScheme>> = {
  sha512_crypt: 'sha512',
  sha256_crypt: 'sha256',
  md5_crypt: 'md5',
  bcrypt: 'blowfish',
};

function schemeOf(name: string): PasswordScheme | undefined {
  if (/^(?:|no|false|none)$/i.test(name)) return undefined;
  const full = name.includes('_') || name === 'bcrypt' ? name : `${name}_crypt`;
  const scheme = Object.hasOwn(SCHEMES, full) ? SCHEMES[full] : undefined;
  if (scheme !== undefined) return scheme;
  const known = Object.keys(SCHEMES).join(', ');
  throw usageError(`password: unknown scheme encrypt=${name}`, `one of ${known}`);
}

/** Characters of a new salt. */
const SALT_LENGTHS: Readonly<Record<PasswordScheme, number>> = {
  sha512: 16,
  sha256: 16,
  md5: 8,
  blowfish: 22,
};

/** What the file holds: the password, and ` salt=…` when it was hashed before. */
function stored(file: string, { host }: LookupContext): Stored | undefined {
  if (file === '/dev/null' || !existsSync(file)) return undefined;
  const line = host
    .readFile(file)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  const [, value = line, salt] = /^(.*) salt=(\S+)(?: ident=\S+)?$/.exec(line) ?? [];
  return { password: value, salt };
}

function store(file: string, { password: value, salt }: Stored): void {
  if (file === '/dev/null') return;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, `${value}${salt === undefined ? '' : ` salt=${salt}`}\n`, {
      mode: 0o600,
      flag: 'w',
    });
    chmodSync(file, 0o600);
  } catch (error) {
    throw usageError(`password: cannot write ${file}: ${String(error)}`);
  }
}

const SETS: Readonly<Record<string, string>> = {
  ascii_letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ascii_lowercase: 'abcdefghijklmnopqrstuvwxyz',
  ascii_uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

function newPassword(options: Options): string {
  const length = Number(textOption(options, 'length', '20'));
  const characters = characterSet(options);
  const seed = options.get('seed');
  if (seed === undefined || seed === null) {
    return Array.from({ length }, () => characters.charAt(randomInt(characters.length))).join('');
  }
  const random = generator(seed, Math.random);
  return Array.from({ length }, () =>
    characters.charAt(Math.floor(random() * characters.length)),
  ).join('');
}

function characterSet(options: Options): string {
  const given = options.get('chars');
  if (given === undefined) return `${SETS['ascii_letters']}${SETS['digits']}.,:-_`;
  const names = Array.isArray(given)
    ? given.map(str)
    : str(given).replaceAll(',,', '\0').split(',');
  const characters = names.map((name) =>
    Object.hasOwn(SETS, name) ? SETS[name] : name.replaceAll('\0', ','),
  );
  const all = [...new Set(characters.join(''))].join('');
  if (all === '') throw usageError('password: no characters to choose from');
  return all;
}
