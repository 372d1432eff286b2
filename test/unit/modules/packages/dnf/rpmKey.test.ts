import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rpmKey } from '../../../../../src/modules/packages/dnf/rpmKey.ts';
import { armored, dearmored, publicKeys } from '../../../../../src/modules/packages/openpgp.ts';
import { type Script, scriptedTarget } from '../../../../support/fakeTarget.ts';
import { converge, runResource } from '../../driver.ts';
import { testController } from '../../testController.ts';

const ARMORED = readFileSync(new URL('../fixtures/key.asc', import.meta.url), 'utf8');
const FINGERPRINT = publicKeys(Buffer.from(ARMORED))[0]?.fingerprint ?? '';
const ID = FINGERPRINT.slice(-8);

/** rpm's database of keys, and one file on the host. */
function rpmHost(trusted: Map<string, string>): Script[] {
  const name = () => `gpg-pubkey-${ID.toLowerCase()}-5f000000`;
  return [
    (script, { stdin }) => {
      if (!script.includes('rpm --import')) return undefined;
      trusted.set(name(), String(stdin));
      return {};
    },
    (script, { args: [key = ''] = [] }) => {
      if (!script.startsWith('rpm --erase')) return undefined;
      return trusted.delete(key) ? {} : { rc: 1, stderr: 'not installed' };
    },
    (_script, { args: [file = ''] = [] }) => {
      const keys = [...trusted].map(([key, text]) => `\n\x1ekey ${key}\n${text}\n`);
      const base64 = Buffer.from(ARMORED).toString('base64');
      const content = file === '/etc/key' ? `\n\x1efile\n${base64}\n` : '\n\x1enofile\n';
      return { stdout: `\n\x1eproxies\n${keys.join('')}${file === '' ? '' : content}` };
    },
  ];
}

const host = (trusted: Iterable<[string, string]> = []) => ({
  target: scriptedTarget(rpmHost(new Map(trusted))),
});
const TRUSTED: [string, string] = [`gpg-pubkey-${ID.toLowerCase()}-5f000000`, ARMORED];

describe('rpm_key', () => {
  it('imports the key of a file, once', async () => {
    const { changes } = await converge(rpmKey, { key: '/etc/key' }, host());
    expect(changes).toMatchObject([
      { what: `key ${FINGERPRINT}`, before: 'absent', after: 'trusted' },
    ]);
  });

  it.each([
    ['its file', '/etc/key'],
    ['its short id', ID],
    ['its long id', `0x${FINGERPRINT.slice(-16).toLowerCase()}`],
    ['its fingerprint', FINGERPRINT],
  ])('takes a key away by %s', async (_name, key) => {
    const { changes } = await converge(rpmKey, { key, state: 'absent' }, host([TRUSTED]));
    expect(changes).toMatchObject([{ what: `key ${FINGERPRINT}`, after: 'absent' }]);
  });

  it('has nothing to do for a key by id that is here, and cannot get one that is not', async () => {
    expect((await runResource(rpmKey, { key: ID }, host([TRUSTED]))).changed).toBe(false);
    await expect(runResource(rpmKey, { key: ID }, host())).rejects.toThrow(
      'its id alone does not tell where to get it',
    );
  });

  it('imports nothing when the fingerprint is another', async () => {
    const spaced = FINGERPRINT.replace(/(.{4})/g, '$1 ').toLowerCase();
    const right = await runResource(rpmKey, { key: '/etc/key', fingerprint: spaced }, host());
    expect(right.changed).toBe(true);
    const wrong = { key: '/etc/key', fingerprint: 'AA'.repeat(20) };
    await expect(runResource(rpmKey, wrong, host())).rejects.toThrow(
      `the key /etc/key has the fingerprint ${FINGERPRINT}, not ${'AA'.repeat(20)}`,
    );
  });

  it('misses a file, but in check mode an earlier task may bring it', async () => {
    await expect(runResource(rpmKey, { key: '/no' }, host())).rejects.toThrow(
      'there is no key file',
    );
    const controller = testController({ checkMode: true });
    const { changed } = await runResource(rpmKey, { key: '/no' }, { ...host(), controller });
    expect(changed).toBe(true);
  });

  it('hands rpm a key with its checksum, as it wants it', () => {
    const checksum = (text: string) => /^=.{4}$/m.exec(text)?.[0];
    const again = armored(dearmored(Buffer.from(ARMORED)));
    expect(checksum(again)).toBe(checksum(ARMORED));
  });

  it('needs rpm', async () => {
    const target = scriptedTarget([() => ({ rc: 127 })]);
    await expect(runResource(rpmKey, { key: '/k' }, { target })).rejects.toThrow('rpm is not on');
  });
});
