/** `npm` with packages of our own in folders, no registry: a project and its dependencies. */
import { mkdir, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { npm } from '../../../src/modules/packages/npm.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge, runResource } from '../../unit/modules/driver.ts';
import { useScratch } from '../../unit/modules/scratch.ts';

describe.skipIf(!hasPrograms('npm'))('npm in a project', () => {
  const scratch = useScratch();

  async function writePackage(folder: string, content: object): Promise<void> {
    await mkdir(scratch.path(folder), { recursive: true });
    await writeFile(scratch.path(`${folder}/package.json`), JSON.stringify(content));
  }

  beforeEach(async () => {
    await writePackage('one', { name: 'drover-one', version: '1.0.0' });
    await writePackage('app', {
      name: 'app',
      version: '1.0.0',
      dependencies: { 'drover-one': 'file:../one' },
    });
  });

  it('installs what package.json asks for, once, and takes a package out', async () => {
    const path = scratch.path('app');
    const installed = await converge(npm, { path }, scratch);
    expect(installed.changes).toMatchObject([
      { what: 'package drover-one', before: 'absent', after: 'present' },
    ]);
    const removed = await converge(npm, { path, name: 'drover-one', state: 'absent' }, scratch);
    expect(removed.changes).toMatchObject([
      { what: 'package drover-one', before: '1.0.0', after: 'absent' },
    ]);
  });

  it('installs from the lock file each time', async () => {
    const path = scratch.path('app');
    await converge(npm, { path }, scratch);
    const { changes } = await runResource(npm, { path, ci: true }, scratch);
    expect(changes).toMatchObject([{ before: 'present', after: 'as locked' }]);
  });

  it('says when the place is no directory or npm is missing', async () => {
    const file = scratch.path('one/package.json');
    await expect(runResource(npm, { path: file }, scratch)).rejects.toThrow('is no directory');
    const args = { path: scratch.path('app'), executable: '/nonexistent/npm' };
    await expect(runResource(npm, args, scratch)).rejects.toThrow('/nonexistent/npm is not on');
  });
});
