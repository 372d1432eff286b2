/** Just enough of DER (X.690) to read certificates and requests, and to write small values. */
import { ModuleError } from '../../core/errors.ts';

export interface Der {
  /** The identifier byte: 0x30 is a sequence, 0xa0 the context tag 0. */
  readonly tag: number;
  readonly content: Buffer;
  /** Header and content. */
  readonly whole: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The one value that `bytes` begins with. @throws ModuleError when it is cut short. */
export function readDer(bytes: Buffer): Der {
  const first = bytes[1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthBytes;
  const length =
    lengthBytes === 0 ? first : bytes.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (bytes.length < start + length || bytes.length < 2) {
    throw new ModuleError('the DER data is cut short', { code: 'DROVER_INVALID_DER' });
  }
  return {
    tag: bytes[0] ?? 0,
    content: bytes.subarray(start, start + length),
    whole: bytes.subarray(0, start + length),
  };
}

/** The values inside a constructed one. */
export function childrenOf({ content }: Der): Der[] {
  const children: Der[] = [];
  for (let rest = content; rest.length > 0; ) {
    const child = readDer(rest);
    children.push(child);
    rest = rest.subarray(child.whole.length);
  }
  return children;
}

/** `2.5.4.3`. */
export function oidText({ content }: Der): string {
  const numbers: bigint[] = [];
  let current = 0n;
  for (const byte of content) {
    current = (current << 7n) | BigInt(byte & 0x7f);
    if ((byte & 0x80) === 0) {
      numbers.push(current);
      current = 0n;
    }
  }
  const [head = 0n, ...rest] = numbers;
  const first = head < 80n ? head / 40n : 2n;
  return [first, head - first * 40n, ...rest].join('.');
}

export function integerOf({ content }: Der): bigint {
  return BigInt(`0x${content.toString('hex') || '0'}`);
}

/** Text of any of the string types: UTF8String, PrintableString, IA5String, BMPString, …. */
export function stringOf({ tag, content }: Der): string {
  if (tag !== 0x1e) return content.toString(tag === 0x14 ? 'latin1' : 'utf8');
  return Buffer.from(content).swap16().toString('utf16le');
}

/** `UTCTime` or `GeneralizedTime` as `20260102030405Z`. */
export function timeOf({ tag, content }: Der): string {
  const text = content.toString('latin1');
  if (tag !== 0x17) return text;
  return `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`;
}

export function writeDer(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), content]);
  const hex = size.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

/** The bytes of a PEM block of that kind; undefined when there is none. */
export function pemBytes(text: string, kind: RegExp): Buffer | undefined {
  const pattern = new RegExp(`-----BEGIN (?:${kind.source})-----([^-]*)-----END`);
  const base64 = pattern.exec(text)?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}
