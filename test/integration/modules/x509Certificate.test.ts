/** `x509_certificate` with the real openssl: an authority of one's own and certificates signed by it. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { opensslCsr } from '../../../src/modules/crypto/opensslCsr.ts';
import { opensslPrivatekey } from '../../../src/modules/crypto/opensslPrivatekey.ts';
import { x509Certificate } from '../../../src/modules/crypto/x509Certificate.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge, runResource } from '../../unit/modules/driver.ts';
import { useScratch } from '../../unit/modules/scratch.ts';
import { testController } from '../../unit/modules/testController.ts';

describe.skipIf(!hasPrograms('openssl'))('x509_certificate', () => {
  const scratch = useScratch();
  const at = (name: string) => scratch.path(name);
  const key = (name: string, args: object = {}) =>
    runResource(opensslPrivatekey, { path: at(name), type: 'Ed25519', ...args }, scratch);
  const csr = (name: string, args: object) =>
    runResource(
      opensslCsr,
      { path: at(`${name}.csr`), privatekey_path: at(`${name}.key`), common_name: name, ...args },
      scratch,
    );
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: 'pipe' }).toString();
  const shown = (name: string) => openssl('x509', '-in', at(name), '-noout', '-text');

  const AUTHORITY = {
    basic_constraints: ['CA:TRUE'],
    basic_constraints_critical: true,
    key_usage: ['keyCertSign'],
  };
  /** The same in check mode and a second later. */
  const timesOf = (provider: string) => ({
    [`${provider}_not_before`]: '20250101000000Z',
    [`${provider}_not_after`]: '20450101000000Z',
  });
  const own = (args: object = {}) =>
    converge(
      x509Certificate,
      {
        path: at('ca.crt'),
        csr_path: at('ca.csr'),
        privatekey_path: at('ca.key'),
        provider: 'selfsigned',
        ...timesOf('selfsigned'),
        ...args,
      },
      scratch,
    );
  const signed = (args: object = {}) =>
    converge(
      x509Certificate,
      {
        path: at('www.crt'),
        csr_path: at('www.csr'),
        provider: 'ownca',
        ownca_path: at('ca.crt'),
        ownca_privatekey_path: at('ca.key'),
        ...timesOf('ownca'),
        ...args,
      },
      scratch,
    );

  beforeEach(async () => {
    await key('ca.key');
    await csr('ca', AUTHORITY);
  });

  it('makes an authority and certificates that it signs, once', async () => {
    const { data } = await own({ selfsigned_not_after: '+10d' });
    const [start, end] = [String(data['notBefore']), String(data['notAfter'])];
    expect(start).toMatch(/^\d{14}Z$/);
    expect(end > start).toBe(true);
    expect(shown('ca.crt')).toMatch(/Subject Key Identifier[\s\S]*CA:TRUE/);

    await key('www.key');
    await csr('www', { subject_alt_name: ['DNS:a.example.com'], organization_name: 'Ä & Co, #1' });
    const made = await signed({
      ownca_not_before: '20200102030405Z',
      ownca_not_after: '20520102030405Z',
      return_content: true,
    });
    expect(made.data).toMatchObject({ notBefore: '20200102030405Z', notAfter: '20520102030405Z' });
    expect(made.data['certificate']).toBe(await readFile(at('www.crt'), 'utf8'));
    expect(shown('www.crt')).toMatch(/Authority Key Identifier[\s\S]*DNS:a.example.com/);
    expect(openssl('verify', '-CAfile', at('ca.crt'), at('www.crt'))).toContain('OK');
  });

  it('has the identifiers of keys that it is asked for, whatever the request says of its signer', async () => {
    await own();
    await key('www.key');
    await csr('www', { authority_key_identifier: '00:11:22' });
    const identifiers = () => shown('www.crt').match(/\w+ Key Identifier: \n.*/g) ?? [];
    const ofAuthority = /Subject Key Identifier: \n\s*(\S+)/.exec(shown('ca.crt'))?.[1];
    await signed({ ownca_create_subject_key_identifier: 'never_create' });
    expect(identifiers()).toEqual([expect.stringContaining(`${ofAuthority}`)]);
    await csr('www', {});
    const NEITHER = {
      ownca_create_subject_key_identifier: 'never_create',
      ownca_create_authority_key_identifier: false,
    };
    await signed(NEITHER);
    expect(identifiers()).toEqual([]);
    await csr('www', { subject_key_identifier: '33:44:55' });
    await signed(NEITHER);
    expect(identifiers()).toEqual([expect.stringContaining('33:44:55')]);
    await signed({ ownca_create_subject_key_identifier: 'always_create' });
    expect(identifiers().join()).not.toContain('33:44:55');
  });

  it('makes it anew for another request, key or authority, and minds times on request', async () => {
    await own();
    await key('www.key');
    await csr('www', {});
    await signed();
    await csr('www', { common_name: 'other' });
    expect((await signed()).changed).toBe(true);
    const times = { ownca_not_before: '20200102030405Z', ownca_not_after: '20400102030405Z' };
    expect((await signed(times)).changed).toBe(false);
    expect((await signed({ ...times, ignore_timestamps: false })).changed).toBe(true);
    await key('ca.key', { force: true });
    await csr('ca', AUTHORITY);
    expect((await own()).changed).toBe(true);
    expect((await signed({ backup: true })).data['backup_file']).toMatch(/www\.crt/);
    expect((await signed({ state: 'absent' })).changed).toBe(true);
  });

  it('signs with protected keys, and without a request', async () => {
    await key('locked.key', { passphrase: 'open sesame' });
    const args = { csr_path: undefined, privatekey_path: at('locked.key') };
    await expect(own(args)).rejects.toThrow('the certificate cannot be made');
    await own({ ...args, privatekey_passphrase: 'open sesame' });
    expect(shown('ca.crt')).toMatch(/Subject: *\n/);
  });

  it('needs what it is made of, except in check mode', async () => {
    const args = { path: at('x.crt'), privatekey_path: at('no.key'), provider: 'selfsigned' };
    await expect(runResource(x509Certificate, args, scratch)).rejects.toThrow('no.key');
    const controller = testController({ checkMode: true });
    const outcome = await runResource(x509Certificate, args, {
      target: scratch.target,
      controller,
    });
    expect(outcome.changed).toBe(true);
    const needed = { path: at('x.crt'), provider: 'ownca' };
    await expect(runResource(x509Certificate, needed, scratch)).rejects.toThrow('"csr_path"');
    await expect(
      runResource(x509Certificate, { ...args, provider: 'acme' }, scratch),
    ).rejects.toThrow('not known here');
  });
});
