/** A download on its way: from the web into a temporary file of the controller, with its digests. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Algorithm } from './checksum.ts';

export interface FetchedFile {
  /** On the controller; `discard` removes it. */
  readonly path: string;
  readonly folder: string;
  readonly sha1: string;
  readonly md5: string;
  /** In the algorithm asked for; empty when none was. */
  readonly checksum: string;
  readonly sizeBytes: number;
}

/** Stores the stream; on an error nothing is left behind. */
export async function fetchInto(
  body: Readable,
  algorithm: Algorithm | undefined,
): Promise<FetchedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-'));
  const path = join(folder, 'download');
  const hashes = {
    sha1: createHash('sha1'),
    md5: createHash('md5'),
    own: createHash(algorithm ?? 'sha1'),
  };
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const hash of Object.values(hashes)) hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(body, measure, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const [sha1, md5, own] = Object.values(hashes).map((hash) => hash.digest('hex'));
  return {
    path,
    folder,
    sha1: sha1 ?? '',
    md5: md5 ?? '',
    checksum: algorithm === undefined ? '' : (own ?? ''),
    sizeBytes,
  };
}

export async function discard({ folder }: FetchedFile): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
