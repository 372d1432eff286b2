import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader } from '../../../../src/connection/session/frameReader.ts';

const NONCE = 'f0'.repeat(16);

interface Read {
  readonly output: string;
  readonly trailer: string;
}

async function readFrame(chunks: readonly Buffer[]): Promise<Read> {
  const reader = new FrameReader();
  const output: Buffer[] = [];
  const end = reader.expect(NONCE, (chunk) => void output.push(Buffer.from(chunk)));
  for (const chunk of chunks) void reader.push(chunk);
  const trailer = await end;
  return { output: Buffer.concat(output).toString('latin1'), trailer };
}

describe('FrameReader', () => {
  test('finds the mark however the stream is cut', async () => {
    const pieces = fc.array(
      fc.constantFrom('f', '0', 'f0', '\n', '\0', '\xff', 'x', NONCE.slice(0, 31)),
    );
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(pieces, cuts, async (parts, sizes) => {
        const output = parts.join('').replaceAll(`${NONCE} `, '');
        const stream = Buffer.from(`${output}${NONCE} 17\n`, 'latin1');
        expect(await readFrame(cut(stream, sizes))).toEqual({ output, trailer: '17' });
      }),
    );
  });

  test('reads frames that arrive together', async () => {
    const reader = new FrameReader();
    const seen: string[] = [];
    const sink = (chunk: Buffer): void => void seen.push(chunk.toString());
    const both = Promise.all([reader.expect(NONCE, sink), reader.expect('other', sink)]);
    void reader.push(Buffer.from(`one${NONCE} 0\ntwoother 1\n`));
    expect([await both, seen]).toEqual([
      ['0', '1'],
      ['one', 'two'],
    ]);
  });

  test('drops what nobody asked for', async () => {
    const reader = new FrameReader();
    void reader.push(Buffer.from('motd'));
    const seen: string[] = [];
    const end = reader.expect(NONCE, (chunk) => void seen.push(chunk.toString()));
    void reader.push(Buffer.from(`mine${NONCE} 0\n`));
    expect([await end, seen]).toEqual(['0', ['mine']]);
  });

  test('passes output on before the frame ends, and holds nothing of it back but a possible mark', () => {
    const reader = new FrameReader();
    let bytes = 0;
    void reader.expect(NONCE, (chunk) => {
      bytes += chunk.length;
    });
    void reader.push(Buffer.from(`long output ${NONCE.slice(0, 5)}`));
    expect(bytes).toBe('long output '.length);
  });

  test('a sink that is full holds the stream back', async () => {
    const reader = new FrameReader();
    let makeRoom: () => void = () => undefined;
    void reader.expect(
      NONCE,
      () =>
        new Promise<void>((resolve) => {
          makeRoom = resolve;
        }),
    );
    const wait = reader.push(Buffer.from('output'));
    expect(wait).toBeInstanceOf(Promise);
    makeRoom();
    await wait;
  });

  test('a mark that is followed by no line ends the reading at once', async () => {
    const reader = new FrameReader();
    const pending = reader.expect(NONCE, () => undefined);
    void reader.push(Buffer.from(`${NONCE} 0`));
    for (let sent = 0; sent < 2_000; sent += 100) void reader.push(Buffer.alloc(100, '0'));
    await expect(pending).rejects.toMatchObject({
      name: 'UnreachableError',
      code: 'DROVER_SESSION_LOST',
    });
  });

  test('fails what is waited for, and what is asked later', async () => {
    const reader = new FrameReader();
    const pending = reader.expect(NONCE, () => undefined);
    reader.fail(new Error('gone'));
    await expect(pending).rejects.toThrow('gone');
    await expect(reader.expect(NONCE, () => undefined)).rejects.toThrow('gone');
  });
});

function cut(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, index = 0; at < stream.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
