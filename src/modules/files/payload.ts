/** What is to be in a file: its bytes, or a file of the controller too large to hold, with the hashes hosts may ask for. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import type { Controller } from '../controller.ts';
import type { Checksum } from './fileState.ts';

export interface Payload {
  readonly size: number;
  /** Hex digests by algorithm: `sha1`, `sha256`, `md5`. */
  readonly hashes: Readonly<Record<string, string>>;
  /** The bytes; absent when they are streamed from `localPath`. */
  readonly content?: Buffer;
  readonly localPath?: string;
  /** Permission bits of the controller's file. */
  readonly mode?: number;
}

/** Files above this travel as streams. */
const STREAM_ABOVE_BYTES = 4 * 1024 * 1024;
/** Larger texts are not shown by `--diff`. */
export const MAX_DIFF_BYTES = 104_448;
const VAULT_HEADER = '$ANSIBLE_VAULT;';
const ALGORITHMS = ['sha1', 'sha256', 'md5'] as const;

export function payloadOf(content: Buffer | string, mode?: number): Payload {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const digests = ALGORITHMS.map((name) => [name, createHash(name).update(bytes).digest('hex')]);
  return {
    size: bytes.length,
    hashes: Object.fromEntries(digests),
    content: bytes,
    ...(mode === undefined ? {} : { mode }),
  };
}

/** A file of the controller; with `decrypt`, a vaulted one as plain text. */
export async function localPayload(
  localPath: string,
  decrypt: boolean,
  controller: Controller,
): Promise<Payload> {
  const { size, mode } = await stat(localPath);
  const bits = mode & 0o7777;
  if (decrypt && (await isVaulted(localPath))) {
    return payloadOf(await controller.readFile(localPath), bits);
  }
  if (size <= STREAM_ABOVE_BYTES) return payloadOf(await readFile(localPath), bits);
  return { size, hashes: await fileHashes(localPath), localPath, mode: bits };
}

export function hasChecksum(payload: Payload, checksum: Checksum | undefined): boolean {
  return checksum !== undefined && payload.hashes[checksum.algorithm] === checksum.hex;
}

/** The content for `--diff`: text, or a word on why it is not shown. */
export function diffText(bytes: Buffer | undefined, size: number): string {
  if (size > MAX_DIFF_BYTES || bytes === undefined) return `(${size} bytes, too large to show)\n`;
  if (bytes.subarray(0, 8192).includes(0)) return `(binary, ${size} bytes)\n`;
  return bytes.toString('utf8');
}

async function isVaulted(localPath: string): Promise<boolean> {
  const file = await open(localPath);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(VAULT_HEADER.length));
    return buffer.subarray(0, bytesRead).toString('latin1') === VAULT_HEADER;
  } finally {
    await file.close();
  }
}

async function fileHashes(localPath: string): Promise<Readonly<Record<string, string>>> {
  const hashes = ALGORITHMS.map((name) => ({ name, hash: createHash(name) }));
  for await (const chunk of createReadStream(localPath)) {
    for (const { hash } of hashes) hash.update(chunk);
  }
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest('hex')]));
}
