/** Inventory programs that behave badly, started for real. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programRunner } from '../../../src/inventory/script.ts';

describe('an inventory program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-inventory-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function program(text: string): string {
    const file = join(folder, 'hosts');
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  const run = (text: string, timeoutMs = 10_000, maxBytes = 1024 * 1024): string =>
    programRunner({ PATH: process.env['PATH'] }, timeoutMs, maxBytes)(program(text), ['--list']);

  test('is asked with its arguments and has nothing on its stdin', () => {
    expect(run('echo "$*"; cat')).toBe('--list\n');
  });

  test.each([
    ['that sleeps', 'exec sleep 60'],
    ['that ignores SIGTERM', 'trap "" TERM; while :; do read -r x </dev/zero; done'],
  ])('%s is ended by its time', (_, text) => {
    const started = performance.now();
    expect(() => run(text, 300)).toThrow(/hosts --list" took more than 300 ms/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.each([
    ['stdout', 'exec cat /dev/zero'],
    ['stderr', 'exec cat /dev/zero >&2'],
  ])('that prints without end on %s is ended by its size', (_, text) => {
    expect(() => run(text)).toThrow(/hosts --list" printed more than 1 MiB/);
  });

  test('that fails tells what it said, at most its last words', () => {
    expect(() => run('echo "no such region" >&2; exit 3')).toThrow(
      /hosts --list" ended with 3: no such region$/,
    );
    const long = 'head -c 100000 /dev/zero | tr "\\0" x >&2; exit 1';
    expect(() => run(long)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/x{5000}/) }),
    );
  });
});
