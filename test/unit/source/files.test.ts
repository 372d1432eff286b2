import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nodeFiles } from '../../../src/source/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-files-'));
const file = join(folder, 'file');
writeFileSync(file, 'x', { mode: 0o644 });
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['a file', file, 'file'],
  ['a folder', folder, 'directory'],
  ['nothing', join(folder, 'none'), undefined],
  ['a path through a file', join(file, 'below'), undefined],
])('%s', (_title, path, kind) => {
  expect(nodeFiles.kind(path)).toBe(kind);
  expect(nodeFiles.isExecutable(path)).toBe(kind === 'directory');
});
