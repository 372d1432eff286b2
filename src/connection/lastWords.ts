/** What a program said before it ended, for messages. */
import type { Readable } from 'node:stream';

const KEPT_CHARACTERS = 4_000;

/** Reads `stream` from now on; the function gives the end of what came. */
export function lastWords(stream: Readable): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text = `${text}${chunk.toString()}`.slice(-KEPT_CHARACTERS);
  });
  return () => text.trim();
}
