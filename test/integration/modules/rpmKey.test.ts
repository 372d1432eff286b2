/** `rpm_key` with the real rpm, in a database of its own (Debian's rpm keeps it in the home directory). */
import { afterAll, describe, expect, it } from 'vitest';
import { rpmKey } from '../../../src/modules/packages/rpmKey.ts';
import { scratchTarget } from '../../support/fakeTarget.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge } from '../../unit/modules/driver.ts';

const KEY = new URL('../../unit/modules/packages/fixtures/key.asc', import.meta.url).pathname;

describe.skipIf(!hasPrograms('rpm'))('rpm_key', () => {
  const host = scratchTarget();
  afterAll(() => host.close());

  it('imports a key and takes it away again', async () => {
    const imported = await converge(rpmKey, { key: KEY }, host);
    expect(imported.changes).toMatchObject([{ before: 'absent', after: 'trusted' }]);
    const removed = await converge(rpmKey, { key: KEY, state: 'absent' }, host);
    expect(removed.changes).toMatchObject([{ before: 'trusted', after: 'absent' }]);
  });
});
