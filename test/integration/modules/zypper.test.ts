/** `zypper` on a root of its own: what check mode predicts happens, and the second run changes nothing. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zypper } from '../../../src/modules/packages/zypper.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge, runResource } from '../../unit/modules/driver.ts';
import { type RpmRoot, rpmRoot } from './rpmRoot.ts';
import { type WrappedTools, wrappedTools } from './wrappedTools.ts';

describe.skipIf(!hasPrograms('zypper', 'rpmbuild', 'createrepo_c'))('zypper', () => {
  let repository: RpmRoot;
  let tools: WrappedTools;

  beforeAll(() => {
    repository = rpmRoot([
      { name: 'one', version: '1.0' },
      { name: 'one', version: '2.0' },
      { name: 'two', version: '1.0', requires: 'one' },
    ]);
    tools = wrappedTools((folder) => ({
      zypper: ['--root', join(folder, 'root')],
      rpm: ['--root', join(folder, 'root')],
    }));
    const root = join(tools.folder, 'root');
    const add = ['addrepo', '--no-gpgcheck', `dir://${repository.repository}`, 'own'];
    execFileSync('mkdir', ['-p', root]);
    execFileSync('zypper', ['--root', root, '--non-interactive', ...add], { stdio: 'pipe' });
  });
  afterAll(async () => {
    repository.close();
    await tools.close();
  });

  const run = async (args: object) => {
    const { changes, data } = await converge(zypper, args, tools.host);
    expect(data['packages']).toEqual(changes.map(({ what }) => what.replace('package ', '')));
    return changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
  };

  it('walks packages through their states', async () => {
    expect(await run({ name: 'one=1.0' })).toEqual(['package one: absent → 1.0-1']);
    expect(await run({ name: ['one'] })).toEqual([]);
    expect(await run({ name: 'two', update_cache: true })).toEqual(['package two: absent → 1.0-1']);
    expect(await run({ name: '*', state: 'latest' })).toEqual(['package one: 1.0-1 → 2.0-1']);
    expect(await run({ name: 'one=1.0', oldpackage: true })).toEqual([
      'package one: 2.0-1 → 1.0-1',
    ]);
    expect(await run({ name: 'one', state: 'latest' })).toEqual(['package one: 1.0-1 → 2.0-1']);
    expect(await run({ name: ['two', 'nosuch'], state: 'removed', clean_deps: true })).toEqual([
      'package two: 1.0-1 → absent',
    ]);
  });

  it('says what it cannot find', async () => {
    await expect(runResource(zypper, { name: 'nosuch' }, tools.host)).rejects.toThrow(
      "zypper cannot do this: error: No provider of 'nosuch' found.",
    );
  });
});
