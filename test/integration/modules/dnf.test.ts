/** `dnf` and `yum` on a root of their own: what check mode predicts happens, and the second run changes nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dnf } from '../../../src/modules/packages/dnf.ts';
import { packageModule } from '../../../src/modules/packages/package.ts';
import { yum } from '../../../src/modules/packages/yum.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge, runResource } from '../../unit/modules/driver.ts';
import { useScratch } from '../../unit/modules/scratch.ts';
import { testController } from '../../unit/modules/testController.ts';
import { type RpmRoot, rpmRoot } from './rpmRoot.ts';

const LONG = 'three-with-a-name-so-long-that-the-table-of-dnf-has-to-wrap-it';

describe.skipIf(!hasPrograms('dnf', 'rpmbuild', 'createrepo_c'))('dnf', () => {
  const scratch = useScratch();
  let host: RpmRoot;

  beforeAll(() => {
    host = rpmRoot([
      { name: 'one', version: '1.0' },
      { name: 'one', version: '2.0' },
      { name: 'two', version: '1.0', requires: 'one' },
      { name: LONG, version: '1.0' },
    ]);
  });
  afterAll(() => host.close());

  const run = async (args: object) => {
    const outcome = await converge(dnf, { ...host.args, ...args }, scratch);
    return outcome.changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
  };

  it('walks packages through their states', async () => {
    expect(await run({ name: 'one-1.0' })).toEqual(['package one: absent → 1.0-1']);
    expect(await run({ name: 'one' })).toEqual([]);
    expect(await run({ name: ['one', 'two', LONG] })).toEqual([
      `package ${LONG}: absent → 1.0-1`,
      'package two: absent → 1.0-1',
    ]);
    expect(await run({ name: 'one', state: 'latest' })).toEqual(['package one: 1.0-1 → 2.0-1']);
    expect(await run({ name: 'one-1.0' })).toEqual([]);
    expect(await run({ name: 'one-1.0', allow_downgrade: true })).toEqual([
      'package one: 2.0-1 → 1.0-1',
    ]);
    expect(await run({ name: '*', state: 'latest', exclude: ['one'] })).toEqual([]);
    expect(await run({ name: '*', state: 'latest' })).toEqual(['package one: 1.0-1 → 2.0-1']);
    expect(await run({ name: 'one >= 1.5' })).toEqual([]);
    expect(await run({ name: 'one', state: 'absent' })).toEqual([
      'package one: 2.0-1 → absent',
      'package two: 1.0-1 → absent',
    ]);
    expect(host.installed()).toEqual([`${LONG}-1.0`]);
  });

  it('takes files, patterns and what packages provide, and removes what is needed no more', async () => {
    expect(await run({ name: host.file('one-1.0'), state: 'present' })).toEqual([
      'package one: absent → 1.0-1',
    ]);
    expect(await run({ name: 'one', state: 'removed' })).toEqual(['package one: 1.0-1 → absent']);
    expect(await run({ name: 'tw*' })).toEqual([
      'package two: absent → 1.0-1',
      'package one: absent → 2.0-1',
    ]);
    expect(await run({ name: '/usr/share/two' })).toEqual([]);
    expect(await run({ name: 'two', state: 'absent', autoremove: true })).toEqual([
      'package two: 1.0-1 → absent',
      'package one: 2.0-1 → absent',
    ]);
  });

  it('does the work of package', async () => {
    const args = { ...host.args, name: ['one'], use: 'dnf' };
    const walk = async (state: string) => {
      const { changes } = await converge(packageModule, { ...args, state }, scratch);
      return changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
    };
    expect(await walk('installed')).toEqual(['package one: absent → 2.0-1']);
    expect(await walk('latest')).toEqual([]);
    expect(await walk('removed')).toEqual(['package one: 2.0-1 → absent']);
  });

  it('leaves alone what is not installed, on request', async () => {
    expect(await run({ name: 'two', state: 'latest', update_only: true })).toEqual([]);
  });

  it('downloads without installing', async () => {
    const download_dir = join(host.folder, 'downloads');
    const args = { name: 'two', download_only: true, download_dir };
    expect(await run(args)).toHaveLength(2);
    expect(existsSync(join(download_dir, 'two-1.0-1.noarch.rpm'))).toBe(true);
    expect(host.installed()).not.toContain('two-1.0');
  });

  it('gives its results as playbooks know them, and lists', async () => {
    const args = { ...host.args, name: 'one-1.0' };
    const { data } = await converge(yum, args, scratch);
    expect(data).toMatchObject({ rc: 0, msg: '', results: ['Installed: one-1.0-1.noarch'] });
    const list = async (what: string) => {
      const outcome = await runResource(dnf, { ...host.args, list: what }, scratch);
      return outcome.data['results'];
    };
    const one = { name: 'one', epoch: '0', release: '1', arch: 'noarch' };
    expect(await list('updates')).toMatchObject([
      { ...one, version: '2.0', yumstate: 'available' },
    ]);
    expect(await list('repos')).toEqual([{ repoid: 'own', state: 'enabled' }]);
    expect(await list('one')).toMatchObject([
      { ...one, version: '1.0', yumstate: 'installed' },
      { ...one, version: '1.0', repo: 'own', yumstate: 'available' },
      { ...one, version: '2.0', repo: 'own', yumstate: 'available' },
    ]);
  });

  it('says which package no repository has; in check mode an earlier task may bring it', async () => {
    const args = { ...host.args, name: ['two', 'nosuch'] };
    await expect(runResource(dnf, args, scratch)).rejects.toThrow(
      'no package nosuch in the repositories',
    );
    const controller = testController({ checkMode: true });
    const { changed } = await runResource(dnf, args, { ...scratch, controller });
    expect(changed).toBe(true);
  });
});
