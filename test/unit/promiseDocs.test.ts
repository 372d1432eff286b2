/** The pages that name a test for each promise: those tests are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Named {
  readonly file: string;
  readonly titles: readonly string[];
}

/** `` `test/….ts`: "title", "title" `` */
function testsIn(page: string): Named[] {
  const found = page.matchAll(/`(test\/[\w/.]+\.ts)`((?:[:,] "[^"]+")*)/g);
  return [...found].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  }));
}

test.each(['security.md', 'connections.md'])('docs/%s names tests that exist', (name) => {
  const named = testsIn(readFileSync(join(ROOT, 'docs', name), 'utf8'));
  expect(named.length).toBeGreaterThan(10);
  const missing = named.flatMap(({ file, titles }) => {
    if (!existsSync(join(ROOT, file))) return [file];
    const text = readFileSync(join(ROOT, file), 'utf8');
    return titles.filter((title) => !text.includes(title)).map((title) => `${file}: ${title}`);
  });
  expect(missing).toEqual([]);
});
