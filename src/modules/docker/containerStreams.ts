/**
 * The two outputs of a program in a container, which the Engine sends as one stream of frames: a byte for the stream, three
 * empty ones, the length in four bytes, and the bytes themselves. With a terminal there is only one, without frames.
 */
const HEADER_BYTES = 8;
const STDERR = 2;

export interface Outputs {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Reads to the end. */
export async function outputsOf(
  stream: AsyncIterable<Uint8Array>,
  hasTerminal: boolean,
): Promise<Outputs> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  return hasTerminal ? { stdout: all, stderr: Buffer.alloc(0) } : separated(all);
}

export function separated(frames: Buffer): Outputs {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= frames.length; ) {
    const start = at + HEADER_BYTES;
    const end = start + frames.readUInt32BE(at + 4);
    (frames[at] === STDERR ? stderr : stdout).push(frames.subarray(start, end));
    at = end;
  }
  return { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
}
