/** The pages in `docs/modules/` say what the definitions say. `npm run docs:modules` writes them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { indexPage, modulePage } from '../../../src/cli/doc/markdown.ts';
import { moduleDoc } from '../../../src/modules/documentation.ts';
import { modules } from '../../support/modules.ts';

const FOLDER = resolve(import.meta.dirname, '../../../docs/modules');
const docs = modules.map(moduleDoc);

function page(name: string): string {
  const file = join(FOLDER, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : 'missing: run npm run docs:modules';
}

describe('docs/modules', () => {
  it.each(docs.map((doc) => ({ name: doc.name, doc })))('$name is up to date', ({ name, doc }) => {
    expect(page(`${name}.md`)).toBe(modulePage(doc));
  });

  it('lists every module, and no page is of a module that is gone', () => {
    expect(page('index.md')).toBe(indexPage(docs));
    const names = new Set([...docs.map(({ name }) => `${name}.md`), 'index.md']);
    expect(readdirSync(FOLDER).filter((name) => !names.has(name))).toEqual([]);
  });
});
