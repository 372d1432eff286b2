/** `pacman` on a root of its own: what check mode predicts happens, and the second run changes nothing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pacman } from '../../../src/modules/packages/pacman.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge, runResource } from '../../unit/modules/driver.ts';
import { type WrappedTools, wrappedTools } from './wrappedTools.ts';

function buildPackage(folder: string, name: string, version: string, depend?: string): string {
  const root = join(folder, `build-${name}-${version}`);
  mkdirSync(join(root, 'usr/share', name), { recursive: true });
  const needs = depend === undefined ? '' : `depend = ${depend}\n`;
  const info = `pkgname = ${name}\npkgver = ${version}\npkgdesc = test\narch = any\nsize = 1\n${needs}`;
  writeFileSync(join(root, '.PKGINFO'), info);
  const file = join(folder, 'repository', `${name}-${version}-any.pkg.tar.gz`);
  execFileSync('tar', ['-czf', file, '-C', root, '.PKGINFO', 'usr']);
  return file;
}

describe.skipIf(!hasPrograms('pacman', 'repo-add', 'bsdtar'))('pacman', () => {
  let tools: WrappedTools;
  let releases = 0;
  /** pacman tells a new database by its time in whole seconds: each release gets one of its own. */
  const release = (...files: string[]) => {
    const database = join(tools.folder, 'repository/own.db.tar.gz');
    execFileSync('repo-add', ['-q', database, ...files], { stdio: 'pipe' });
    releases += 1;
    utimesSync(database, releases, 1_700_000_000 + releases * 10);
  };

  beforeAll(() => {
    tools = wrappedTools((folder) => ({
      pacman: [
        '--root',
        `${folder}/root`,
        '--dbpath',
        `${folder}/db`,
        '--config',
        `${folder}/conf`,
      ],
    }));
    const { folder } = tools;
    for (const name of ['root', 'db', 'repository', 'cache']) mkdirSync(join(folder, name));
    const options = `[options]\nArchitecture = auto\nSigLevel = Never\nCacheDir = ${folder}/cache\nLogFile = ${folder}/log\n`;
    writeFileSync(
      join(folder, 'conf'),
      `${options}[own]\nSigLevel = Never\nServer = file://${folder}/repository\n`,
    );
    release(buildPackage(folder, 'one', '1.0-1'), buildPackage(folder, 'two', '1.0-1', 'one'));
  });
  afterAll(() => tools.close());

  const run = async (args: object) => {
    const { changes } = await converge(pacman, args, tools.host);
    return changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
  };

  it('walks packages through their states', async () => {
    await runResource(pacman, { update_cache: true }, tools.host);
    expect(await run({ name: 'two', reason: 'dependency' })).toEqual([
      'package one: absent → 1.0-1',
      'package two: absent → 1.0-1',
    ]);
    expect(await run({ name: ['one', 'two'], state: 'installed' })).toEqual([]);
    expect(await run({ name: 'two', reason: 'explicit', reason_for: 'all' })).toEqual([
      'package two: dependency → explicit',
    ]);
    release(buildPackage(tools.folder, 'one', '2.0-1'));
    const refreshed = await runResource(pacman, { update_cache: true }, tools.host);
    expect(refreshed).toMatchObject({ changed: true, data: { cache_updated: true } });
    expect(await run({ name: 'one' })).toEqual([]);
    expect(await run({ name: 'one', state: 'latest' })).toEqual(['package one: 1.0-1 → 2.0-1']);
    expect(await run({ upgrade: true })).toEqual([]);
    expect(await run({ name: 'two', state: 'absent' })).toEqual(['package two: 1.0-1 → absent']);
    const file = buildPackage(tools.folder, 'three', '1.0-1');
    expect(await run({ name: file })).toEqual(['package three: absent → 1.0-1']);
  });

  it('says what it cannot find', async () => {
    await expect(runResource(pacman, { name: 'nosuch' }, tools.host)).rejects.toThrow(
      'pacman cannot do this: error: target not found: nosuch',
    );
  });
});
