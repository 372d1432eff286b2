/** What `docs/modules/` shows is content that `drover lint` takes: every example goes through the loader, as a playbook. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { Scratch } from '../../support/drover.ts';

const FOLDER = resolve(import.meta.dirname, '../../../docs/modules');

/** The YAML of a page, one text for each example. */
function examplesIn(page: string): string[] {
  const blocks = readFileSync(join(FOLDER, page), 'utf8').matchAll(/^```ya?ml\n([\s\S]*?)^```/gm);
  return [...blocks].map(([, text = '']) => text);
}

function playOf(example: string): string {
  const tasks = example.replaceAll(/^(?=.)/gm, '    ');
  return `- hosts: all\n  tasks:\n${tasks}`;
}

it('every example of every page is loaded without a complaint', async () => {
  const pages = readdirSync(FOLDER).filter((name) => name !== 'index.md');
  const plays = pages.map((page) => examplesIn(page).map(playOf).join('\n'));
  expect(pages.filter((_page, index) => plays[index] === '')).toEqual([]);
  using scratch = new Scratch(
    Object.fromEntries(pages.map((page, index) => [`${page}.yml`, plays[index] ?? ''])),
  );
  const run = await scratch.drover(['lint', ...pages.map((page) => `${page}.yml`)]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
});
