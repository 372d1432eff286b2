/** `npm run docs:modules`: writes a page for each module, and the index, to `docs/modules/`. Pages of modules that are gone go too. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { indexPage, modulePage } from '../../src/cli/doc/markdown.ts';
import { moduleDoc } from '../../src/modules/documentation.ts';
import { modules } from './modules.ts';

const FOLDER = resolve(import.meta.dirname, '../../docs/modules');

const docs = modules.map(moduleDoc);
const pages = new Map(docs.map((doc) => [`${doc.name}.md`, modulePage(doc)]));
pages.set('index.md', indexPage(docs));
mkdirSync(FOLDER, { recursive: true });
for (const name of readdirSync(FOLDER)) if (!pages.has(name)) rmSync(join(FOLDER, name));
for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text);
process.stdout.write(`${pages.size} pages in docs/modules\n`);
