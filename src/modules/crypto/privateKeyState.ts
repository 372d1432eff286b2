/** What a host says of a private key: its public half and how it is kept. The private half stays there. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { ModuleError } from '../../core/errors.ts';
import { script } from '../script.ts';

export interface PrivateKeyState {
  /** False when the host has no openssl (yet). */
  readonly hasTool: boolean;
  readonly exists: boolean;
  /** Undefined when the key cannot be read, with the passphrase given or at all. */
  readonly publicKey: Buffer | undefined;
  readonly isEncrypted: boolean;
  readonly format: 'pkcs1' | 'pkcs8' | 'raw';
}

/** Shell: `use_openssl`; `read_pass` sets the passphrase of `with_pass COMMAND…`, which gets it on stdin. */
export const OPENSSL_SHELL = script`
export LC_ALL=C
use_openssl() { command -v openssl >/dev/null || { echo 'openssl is not on this host' >&2; exit 127; }; }
with_pass() { # PASSPHRASE COMMAND...: the builtin printf keeps it out of the process list
  pass=$1
  shift
  printf '%s\n' "$pass" | "$@" -passin stdin
}
section() { printf '\n\036%s\n' "$1"; }
public_half() { # FILE PASSPHRASE: the public key of a private one, DER in base64; empty when it cannot be read
  if [ -n "$2" ]; then with_pass "$2" openssl pkey -in "$1" -pubout -outform DER 2>/dev/null
  else openssl pkey -in "$1" -passin pass: -pubout -outform DER 2>/dev/null </dev/null; fi | base64 | tr -d '\n'
}
`;

/** `PATH PASSPHRASE TYPE`: the type tells how raw bytes would have to be read. */
export const KEY_STATE = script`
${OPENSSL_SHELL}
use_openssl
path=$1
case $path in "~/"*) path=$HOME/\${path#"~/"} ;; esac
[ -e "$path" ] || { section absent; exit 0; }
[ -r "$path" ] || { echo "$path cannot be read" >&2; exit 1; }
section format
case $(head -n 1 <"$path" | tr -d '\0') in
  *'BEGIN ENCRYPTED PRIVATE KEY'*) echo pkcs8 encrypted ;;
  *'BEGIN PRIVATE KEY'*) echo pkcs8 ;;
  *'BEGIN '*' PRIVATE KEY'*) if grep -q '^Proc-Type: 4,ENCRYPTED' "$path"; then echo pkcs1 encrypted; else echo pkcs1; fi ;;
  *) echo raw ;;
esac
section public
public=$(public_half "$path" "$2")
if [ -z "$public" ]; then
  # raw bytes of a modern curve: the head of PKCS #8 for it goes before them
  case $3 in
    X25519) head='060\056\002\001\000\060\005\006\003\053\145\156\004\042\004\040' size=32 ;;
    Ed25519) head='060\056\002\001\000\060\005\006\003\053\145\160\004\042\004\040' size=32 ;;
    X448) head='060\106\002\001\000\060\005\006\003\053\145\157\004\072\004\070' size=56 ;;
    Ed448) head='060\107\002\001\000\060\005\006\003\053\145\161\004\073\004\071' size=57 ;;
    *) head= ;;
  esac
  if [ -n "$head" ] && [ "$(wc -c <"$path")" -eq "$size" ]; then
    public=$({ printf "\\$head"; cat "$path"; } | openssl pkey -inform DER -pubout -outform DER 2>/dev/null | base64 | tr -d '\n')
  fi
fi
printf '%s\n' "$public"
`;

/** @throws ModuleError when openssl is missing; in check mode an earlier task may bring it. */
export function needOpenssl(hasTool: boolean, checkMode: boolean): void {
  if (hasTool || checkMode) return;
  throw noOpenssl();
}

function noOpenssl(): ModuleError {
  return new ModuleError('openssl is not on this host', {
    code: 'DROVER_TOOL_MISSING',
    hint: 'install the package openssl first',
  });
}

/** As `community.crypto` names the types. */
export const KEY_TYPES = ['RSA', 'DSA', 'ECC', 'Ed25519', 'Ed448', 'X25519', 'X448'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

export interface PublicKeyFacts {
  readonly type: KeyType | undefined;
  /** In bits; of the curve for elliptic ones. */
  readonly size: number | undefined;
  /** As OpenSSL names it. */
  readonly curve: string | undefined;
}

/** @param der a SubjectPublicKeyInfo. */
export function publicKeyFacts(der: Buffer): PublicKeyFacts {
  const key = publicKeyOf(der);
  const details = key.asymmetricKeyDetails ?? {};
  const type = KEY_TYPES.find((each) => NODE_TYPES[each] === key.asymmetricKeyType);
  return { type, size: details.modulusLength, curve: details.namedCurve };
}

const NODE_TYPES: Readonly<Record<KeyType, string>> = {
  RSA: 'rsa',
  DSA: 'dsa',
  ECC: 'ec',
  Ed25519: 'ed25519',
  Ed448: 'ed448',
  X25519: 'x25519',
  X448: 'x448',
};

function publicKeyOf(der: Buffer): KeyObject {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch (error) {
    throw new ModuleError('the public key that the host gave cannot be read', { cause: error });
  }
}

const HASHES = [
  'blake2b512',
  'blake2s256',
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'sha3-224',
  'sha3-256',
  'sha3-384',
  'sha3-512',
  'shake128',
  'shake256',
] as const;
const PYTHON_NAMES: Readonly<Record<string, string>> = {
  blake2b512: 'blake2b',
  blake2s256: 'blake2s',
};

/** Fingerprints by the names that Python gives the hashes: `ab:cd:…`. */
export function fingerprints(der: Buffer): Readonly<Record<string, string>> {
  return Object.fromEntries(
    HASHES.map((hash) => {
      const options = hash.startsWith('shake') ? { outputLength: 32 } : {};
      const hex = createHash(hash, options).update(der).digest('hex');
      const name =
        PYTHON_NAMES[hash] ?? hash.replace(/^(sha3)-/, '$1_').replace(/^shake(?=\d)/, 'shake_');
      return [name, hex.match(/../g)?.join(':') ?? ''];
    }),
  );
}

/** The name that `community.crypto` uses for a curve: OpenSSL calls secp256r1 prime256v1. */
const CURVE_NAMES: ReadonlyMap<string, string> = new Map([
  ['secp256r1', 'prime256v1'],
  ['secp192r1', 'prime192v1'],
]);

export function opensslCurve(name: string): string {
  return CURVE_NAMES.get(name) ?? name;
}
