/** MD5-based crypt (`$1$`), the algorithm of FreeBSD's crypt(3), and Apache's variant of it (`$apr1$`). */
import { createHash } from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ROUNDS = 1000;

export type Md5Variant = '$1$' | '$apr1$';

export function md5Crypt(password: string, salt: string, variant: Md5Variant = '$1$'): string {
  const key = Buffer.from(password, 'utf8');
  let digest = firstDigest(key, salt, variant);
  for (let round = 0; round < ROUNDS; round++) {
    const hash = createHash('md5').update(round % 2 === 1 ? key : digest);
    if (round % 3 !== 0) hash.update(salt);
    if (round % 7 !== 0) hash.update(key);
    digest = hash.update(round % 2 === 1 ? digest : key).digest();
  }
  return `${variant}${salt}$${encoded(digest)}`;
}

function firstDigest(key: Buffer, salt: string, variant: Md5Variant): Buffer {
  const alternate = createHash('md5').update(key).update(salt).update(key).digest();
  const hash = createHash('md5').update(key).update(variant).update(salt);
  for (let left = key.length; left > 0; left -= 16)
    hash.update(alternate.subarray(0, Math.min(16, left)));
  for (let bits = key.length; bits > 0; bits >>= 1) {
    hash.update(bits & 1 ? Buffer.from([0]) : key.subarray(0, 1));
  }
  return hash.digest();
}

/** Which bytes make each group of four characters. */
const GROUPS: readonly (readonly [number, number, number])[] = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
];

function encoded(digest: Buffer): string {
  const byte = (index: number): number => digest.readUInt8(index);
  const groups = GROUPS.map(([a, b, c]) => base64((byte(a) << 16) | (byte(b) << 8) | byte(c), 4));
  return groups.join('') + base64(byte(11), 2);
}

function base64(value: number, length: number): string {
  return Array.from({ length }, (_, index) => ALPHABET.charAt((value >> (6 * index)) & 63)).join(
    '',
  );
}
