import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalFiles } from '../../../../src/modules/files/localPayload.ts';
import { fileDigests } from '../../../../src/target/localFile.ts';
import { testController } from '../testController.ts';

const LARGE_BYTES = 4 * 1024 * 1024 + 1;

describe('a file of the controller that many hosts want', () => {
  let folder: string;
  let file: string;
  let hashings: number;
  let files: LocalFiles;
  const payload = () => files.payload(file, true, testController());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-payload-'));
    file = join(folder, 'file');
    hashings = 0;
    files = new LocalFiles({
      bytes: (path) => readFile(path),
      digests(path, algorithms) {
        hashings++;
        return fileDigests(path, algorithms);
      },
    });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.useRealTimers();
  });

  function write(content: string | Buffer): void {
    writeFileSync(file, content);
    // What was written just now is not shared, as it may be written again within the same tick.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  }

  it('is held once, by those who ask at once and by those who ask while it is used', async () => {
    write('old');
    const [first, second] = await Promise.all([payload(), payload()]);
    expect(second).toBe(first);
    expect(await payload()).toBe(first);
    expect(first.content?.toString()).toBe('old');
  });

  it('is read again when it has changed, or its mode has', async () => {
    write('old');
    const first = await payload();
    writeFileSync(file, 'newer');
    const second = await payload();
    expect([first, second].map(({ content }) => content?.toString())).toEqual(['old', 'newer']);
    chmodSync(file, 0o600);
    expect((await payload()).mode).toBe(0o600);
  });

  it('is not shared when it has just been written', async () => {
    writeFileSync(file, 'old');
    const [first, second] = await Promise.all([payload(), payload()]);
    expect(second).not.toBe(first);
  });

  it('is hashed once for each algorithm when it is too large to hold', async () => {
    write(Buffer.alloc(LARGE_BYTES));
    const payloads = await Promise.all([payload(), payload(), payload()]);
    expect(new Set(payloads.map(({ digest }) => digest('sha1'))).size).toBe(1);
    expect(hashings).toBe(1);
    await Promise.all(payloads.map((one) => files.withDigests(one, ['sha256'])));
    expect(hashings).toBe(2);
  });
});
