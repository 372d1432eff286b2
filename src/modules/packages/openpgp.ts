/**
 * Just enough of OpenPGP (RFC 4880, RFC 9580) to tell which keys a keyring holds, so that neither host nor controller
 * needs gpg: armor, packet headers, fingerprints.
 */
import { createHash } from 'node:crypto';

export interface PublicKey {
  /** Upper-case hexadecimal; 40 digits for version 4. */
  readonly fingerprint: string;
  readonly subkeys: readonly string[];
  /** The key with its user ids, signatures and subkeys, in binary form. */
  readonly packets: Buffer;
}

const PUBLIC_KEY = 6;
const PUBLIC_SUBKEY = 14;

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  /** Header and body. */
  readonly whole: Buffer;
}

/** The keys of a keyring, armored or binary; empty when it holds none. */
export function publicKeys(keyring: Buffer): PublicKey[] {
  const keys: { fingerprint: string; subkeys: string[]; packets: Buffer[] }[] = [];
  for (const { tag, body, whole } of packetsOf(dearmored(keyring))) {
    if (tag === PUBLIC_KEY)
      keys.push({ fingerprint: fingerprintOf(body), subkeys: [], packets: [] });
    const key = keys.at(-1);
    if (key === undefined) continue;
    key.packets.push(whole);
    if (tag === PUBLIC_SUBKEY) key.subkeys.push(fingerprintOf(body));
  }
  return keys.map(({ packets, ...key }) => ({ ...key, packets: Buffer.concat(packets) }));
}

const ARMOR =
  /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([\s\S]*?)-----END PGP PUBLIC KEY BLOCK-----/g;

/** The binary form; several armored blocks are joined. */
export function dearmored(keyring: Buffer): Buffer {
  const blocks = [...keyring.toString('latin1').matchAll(ARMOR)].map(([, block = '']) => block);
  if (blocks.length === 0) return keyring;
  return Buffer.concat(blocks.map((block) => Buffer.from(armoredContent(block), 'base64')));
}

/** Without the headers (`Version: …`) and the checksum line (`=abcd`). */
function armoredContent(block: string): string {
  const lines = block.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => !line.includes(':') && !line.startsWith('=')).join('');
}

/** The armored form, as files named `.asc` need it; with the checksum, without which rpm takes none. */
export function armored(packets: Buffer): string {
  const lines = packets.toString('base64').match(/.{1,64}/g) ?? [];
  return [
    '-----BEGIN PGP PUBLIC KEY BLOCK-----',
    '',
    ...lines,
    `=${checksum(packets)}`,
    '-----END PGP PUBLIC KEY BLOCK-----',
    '',
  ].join('\n');
}

/** CRC-24 in base64 (RFC 4880, 6.1). */
function checksum(packets: Buffer): string {
  let crc = 0xb704ce;
  for (const byte of packets) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return Buffer.from([(crc >> 16) & 0xff, (crc >> 8) & 0xff, crc & 0xff]).toString('base64');
}

/** Stops at the first byte that begins no packet. */
function* packetsOf(data: Buffer): Generator<Packet> {
  let offset = 0;
  while (offset < data.length) {
    const header = data[offset] ?? 0;
    const length = (header & 0x80) === 0 ? undefined : packetLength(data, offset, header);
    if (length === undefined) return;
    const end = length.start + length.size;
    if (end > data.length) return;
    const tag = (header & 0x40) === 0 ? (header >> 2) & 0x0f : header & 0x3f;
    yield { tag, body: data.subarray(length.start, end), whole: data.subarray(offset, end) };
    offset = end;
  }
}

interface Length {
  readonly start: number;
  readonly size: number;
}

/** Undefined for lengths that keys do not use (partial and indeterminate ones). */
function packetLength(data: Buffer, offset: number, header: number): Length | undefined {
  const isOld = (header & 0x40) === 0;
  return isOld ? oldLength(data, offset, header & 3) : newLength(data, offset);
}

function oldLength(data: Buffer, offset: number, type: number): Length | undefined {
  const bytes = [1, 2, 4][type];
  if (bytes === undefined || offset + 1 + bytes > data.length) return undefined;
  return { start: offset + 1 + bytes, size: data.readUIntBE(offset + 1, bytes) };
}

function newLength(data: Buffer, offset: number): Length | undefined {
  const first = data[offset + 1];
  if (first === undefined) return undefined;
  if (first < 192) return { start: offset + 2, size: first };
  if (first < 224)
    return { start: offset + 3, size: ((first - 192) << 8) + (data[offset + 2] ?? 0) + 192 };
  if (first !== 255 || offset + 6 > data.length) return undefined;
  return { start: offset + 6, size: data.readUInt32BE(offset + 2) };
}

/** Version 4: SHA-1 over `99 length body`; versions 5 and 6: SHA-256 with their own first byte. */
function fingerprintOf(body: Buffer): string {
  const version = body[0] ?? 4;
  const prefix = version < 5 ? Buffer.alloc(3, 0x99) : Buffer.alloc(5, version === 5 ? 0x9a : 0x9b);
  if (version < 5) prefix.writeUInt16BE(body.length, 1);
  else prefix.writeUInt32BE(body.length, 1);
  const hash = createHash(version < 5 ? 'sha1' : 'sha256')
    .update(prefix)
    .update(body);
  return hash.digest('hex').toUpperCase();
}

/** Whether `id` (a fingerprint or its last 8 or 16 digits) names the key or one of its subkeys. */
export function isKey({ fingerprint, subkeys }: PublicKey, id: string): boolean {
  return [fingerprint, ...subkeys].some((each) => each.endsWith(id));
}
