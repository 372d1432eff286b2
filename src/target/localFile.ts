/** Files of the controller that are too large to hold, piece by piece. */
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** With pieces of 64 kB reading takes three times as long. */
const CHUNK_BYTES = 256 * 1024;

/** The bytes of a file. Each piece is overwritten by the next: nobody may keep one. */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Several hashes of the same bytes. */
export class Hashes {
  readonly #hashes: readonly { readonly name: string; readonly hash: Hash }[];

  constructor(algorithms: readonly string[]) {
    this.#hashes = algorithms.map((name) => ({ name, hash: createHash(name) }));
  }

  /** `chunks` as they are, each hashed on its way. */
  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      for (const { hash } of this.#hashes) hash.update(chunk);
      yield chunk;
    }
  }

  /** By the names of the algorithms; once, at the end. */
  hex(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#hashes.map(({ name, hash }) => [name, hash.digest('hex')]));
  }
}

/** Hex digests of a file by the names of their algorithms, from one reading. */
export async function fileDigests(
  path: string,
  algorithms: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const hashes = new Hashes(algorithms);
  for await (const _ of hashes.of(fileChunks(path))) {
  }
  return hashes.hex();
}
