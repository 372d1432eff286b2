import { PassThrough, type Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitOutput } from '../../../../src/connection/docker/dockerProcess.ts';

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test('output is told apart wherever the connection cuts it', async () => {
  const frames = fc.array(fc.tuple(fc.constantFrom(1 as const, 2 as const), fc.string()));
  const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(frames, cuts, async (output, sizes) => {
      const [socket, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
      splitOutput(socket, stdout, stderr);
      let rest = Buffer.concat(output.map(([stream, text]) => frame(stream, text)));
      for (let turn = 0; rest.length > 0; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        socket.write(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
      socket.end();
      const texts = (wanted: number): string =>
        output.flatMap(([stream, text]) => (stream === wanted ? [text] : [])).join('');
      expect(await Promise.all([textOf(stdout), textOf(stderr)])).toEqual([texts(1), texts(2)]);
    }),
  );
});
