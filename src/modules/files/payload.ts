/** What is to be in a file: its bytes, or a file of the controller too large to hold (`localPayload.ts`), with the hashes hosts may ask for. */
import { createHash } from 'node:crypto';
import type { Checksum } from './fileState.ts';

export interface Payload {
  readonly size: number;
  /** In hex; undefined where the bytes are not held and nobody has read them for this algorithm. */
  readonly digest: (algorithm: string) => string | undefined;
  /** The bytes; absent when they are streamed from `localPath`. */
  readonly content?: Buffer;
  readonly localPath?: string;
  /** Permission bits of the controller's file. */
  readonly mode?: number;
}

/** Larger texts are not shown by `--diff`. */
export const MAX_DIFF_BYTES = 104_448;

export function payloadOf(content: Buffer | string, mode?: number): Payload {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const known = new Map<string, string>();
  const digest = (algorithm: string): string => {
    const hex = known.get(algorithm) ?? createHash(algorithm).update(bytes).digest('hex');
    known.set(algorithm, hex);
    return hex;
  };
  return { size: bytes.length, digest, content: bytes, ...(mode === undefined ? {} : { mode }) };
}

export function hasChecksum(payload: Payload, checksum: Checksum | undefined): boolean {
  return checksum !== undefined && payload.digest(checksum.algorithm) === checksum.hex;
}

/** The content for `--diff`: text, or a word on why it is not shown. */
export function diffText(bytes: Buffer | undefined, size: number): string {
  if (size > MAX_DIFF_BYTES || bytes === undefined) return `(${size} bytes, too large to show)\n`;
  if (bytes.subarray(0, 8192).includes(0)) return `(binary, ${size} bytes)\n`;
  return bytes.toString('utf8');
}
