/** `examples/` as a newcomer runs them: they work, and the second run changes nothing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostStats } from '../../src/core/events.ts';
import { type PlaybookRun, runCli } from '../support/runPlaybook.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/quickstart');

describe('examples/quickstart', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-quickstart-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...more: string[]) => {
    const argv = ['-i', join(EXAMPLE, 'hosts.yml'), '-e', `target_dir=${folder}/site`];
    return runCli([...argv, '--output', 'jsonl', ...more, join(EXAMPLE, 'site.yml')], { folder });
  };

  it('writes the site, and has nothing to do the second time', async () => {
    const first = await run();
    expect(recap(first)).toMatchObject({ ok: 9, changed: 5, failed: 0 });
    expect(filesIn(`${folder}/site`)).toEqual([
      'RELEASE',
      'public/about.html',
      'public/index.html',
      'public/styles/site.css',
      'settings.ini',
    ]);
    expect(readFileSync(`${folder}/site/RELEASE`, 'utf8')).toBe('index\nabout\n');
    expect(readFileSync(`${folder}/site/public/index.html`, 'utf8')).toContain('<h1>Hello from ');

    const second = await run();
    expect(recap(second)).toMatchObject({ ok: 8, changed: 0, failed: 0 });
    expect([first.code, second.code]).toEqual([0, 0]);
  });

  it('writes nothing in check mode, on an empty folder and after', async () => {
    expect(recap(await run('--check'))).toMatchObject({ changed: 5, failed: 0, skipped: 2 });
    expect(readdirSync(folder)).toEqual([]);

    await run();
    const text = () => readFileSync(`${folder}/site/settings.ini`, 'utf8');
    const again = await run('--check', '--diff', '-e', 'greeting=Servus');
    expect(recap(again)).toMatchObject({ changed: 2, failed: 0 });
    expect(text()).toBe('greeting=Hello\n');

    await run('-e', 'greeting=Servus');
    expect(text()).toBe('greeting=Servus\n');
  });
});

function recap({ events, stderr }: PlaybookRun): HostStats | undefined {
  const last = events.at(-1);
  if (last?.type !== 'recap') throw new Error(`no recap:\n${stderr}`);
  return last.hosts['here'];
}

/** Paths of all files below a folder, relative to it, sorted. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}
