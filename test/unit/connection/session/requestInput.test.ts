import { expect, test } from 'vitest';
import { Collected, MAX_COLLECTED_BYTES } from '../../../../src/connection/session/requestInput.ts';

const MEBIBYTE = Buffer.alloc(1024 * 1024);

function collect(chunks: number, sink?: (chunk: Buffer) => void) {
  let told = 0;
  const collected = new Collected(sink, () => {
    told++;
  });
  for (let chunk = 0; chunk < chunks; chunk++) void collected.sink(MEBIBYTE);
  return { told, bytes: collected.bytes().length };
}

const LIMIT = MAX_COLLECTED_BYTES / MEBIBYTE.length;

test('output is kept up to its limit', () => {
  expect(collect(LIMIT)).toEqual({ told: 0, bytes: MAX_COLLECTED_BYTES });
});

test('more is dropped and told once, however much comes', () => {
  expect(collect(LIMIT * 3)).toEqual({ told: 1, bytes: MAX_COLLECTED_BYTES });
});

test('what its caller takes as it comes has no limit', () => {
  let taken = 0;
  const { told, bytes } = collect(LIMIT * 3, (chunk) => {
    taken += chunk.length;
  });
  expect({ told, bytes, taken }).toEqual({ told: 0, bytes: 0, taken: 3 * MAX_COLLECTED_BYTES });
});
