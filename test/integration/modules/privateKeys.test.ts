/** Private keys and Diffie-Hellman parameters made by the real openssl: predicted, made, kept. */
import { execFileSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { opensslDhparam } from '../../../src/modules/crypto/opensslDhparam.ts';
import { opensslPrivatekey } from '../../../src/modules/crypto/opensslPrivatekey.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge, runResource } from '../../unit/modules/driver.ts';
import { useScratch } from '../../unit/modules/scratch.ts';

const hasOpenssl = hasPrograms('openssl');

describe.skipIf(!hasOpenssl)('openssl_privatekey', () => {
  const scratch = useScratch();
  const key = (args: object) =>
    converge(opensslPrivatekey, { path: scratch.path('key'), ...args }, scratch);
  const text = () => readFile(scratch.path('key'), 'utf8');

  it.each([
    [{ size: 1024 }, '-----BEGIN RSA PRIVATE KEY-----'],
    [{ size: 1024, format: 'pkcs8' }, '-----BEGIN PRIVATE KEY-----'],
    [{ type: 'ECC', curve: 'secp256r1' }, '-----BEGIN EC PRIVATE KEY-----'],
    [{ type: 'ECC', curve: 'secp384r1', passphrase: 'open sesame' }, 'Proc-Type: 4,ENCRYPTED'],
    [{ type: 'Ed25519' }, '-----BEGIN PRIVATE KEY-----'],
    [{ type: 'X448', passphrase: 'a b\\c', cipher: 'aes128' }, 'BEGIN ENCRYPTED PRIVATE KEY'],
    [{ type: 'DSA', size: 1024 }, '-----BEGIN DSA PRIVATE KEY-----'],
  ])('makes %j, once, for its owner alone', async (args, head) => {
    const { data } = await key(args);
    expect(await text()).toContain(head);
    expect((await stat(scratch.path('key'))).mode & 0o777).toBe(0o600);
    const digest = execFileSync('sh', [
      '-c',
      'openssl pkey -in "$1" -passin "pass:$2" -pubout -outform DER | sha256sum',
      'sh',
      scratch.path('key'),
      'passphrase' in args ? String(args.passphrase) : '',
    ]);
    const { sha256 } = data['fingerprint'] as Record<string, string>;
    expect(sha256?.replaceAll(':', '')).toBe(digest.toString().split(' ')[0]);
  });

  it.each(['X25519', 'Ed25519', 'X448', 'Ed448'])('keeps %s in raw form, once', async (type) => {
    await key({ type, format: 'raw' });
    const sizes: Record<string, number> = { X25519: 32, Ed25519: 32, X448: 56, Ed448: 57 };
    expect((await stat(scratch.path('key'))).size).toBe(sizes[type]);
  });

  it('replaces a key that is another, with a backup', async () => {
    await key({ size: 1024 });
    const { changes, data } = await key({ size: 1280, backup: true });
    expect(changes).toMatchObject([{ before: { key: 'size 1024' }, after: { size: 1280 } }]);
    expect(await readFile(String(data['backup_file']), 'utf8')).toContain('RSA PRIVATE KEY');
    const kept = await key({ size: 2048, regenerate: 'never' });
    expect(kept.changes).toEqual([]);
    await expect(key({ size: 2048, regenerate: 'fail' })).rejects.toThrow('size 1280');
  });

  it('converts instead of replacing, when asked to', async () => {
    const first = await key({ size: 1024 });
    const converted = await key({ size: 1024, format: 'pkcs8', format_mismatch: 'convert' });
    expect(converted.changes).toMatchObject([
      { before: { format: 'pkcs1' }, after: { format: 'pkcs8' } },
    ]);
    expect(converted.data['fingerprint']).toEqual(first.data['fingerprint']);
    expect(await text()).toContain('BEGIN PRIVATE KEY');
  });

  it('does not replace a key that it cannot read without being told to', async () => {
    await key({ size: 1024, passphrase: 'first one' });
    const partial = { size: 1024, regenerate: 'partial_idempotence' };
    await expect(key(partial)).rejects.toThrow('is protected by a passphrase');
    await expect(key({ ...partial, passphrase: 'other' })).rejects.toThrow('by another passphrase');
    const replaced = await key({ size: 1024 });
    expect(replaced.changes).toMatchObject([{ before: { key: 'is protected by a passphrase' } }]);
    await expect(key({ ...partial, passphrase: 'other' })).rejects.toThrow('is not protected');
  });

  it('gives the content only on request, changes the mode alone, and removes', async () => {
    const { data } = await key({ type: 'Ed25519', return_content: true });
    expect(data['privatekey']).toBe(await text());
    const { changes } = await key({ type: 'Ed25519', mode: '0640' });
    expect(changes).toMatchObject([{ before: { mode: '0600' }, after: { mode: '0640' } }]);
    expect((await key({ state: 'absent' })).changes).toMatchObject([{ after: 'absent' }]);
  });

  it('fails in a directory that is not there', async () => {
    const args = { path: scratch.path('no/key'), type: 'Ed25519' };
    await expect(runResource(opensslPrivatekey, args, scratch)).rejects.toThrow('does not exist');
  });
});

describe.skipIf(!hasOpenssl)('openssl_dhparam', () => {
  const scratch = useScratch();

  it('makes parameters, once, and others for another size', async () => {
    const path = scratch.path('dh.pem');
    const { changes } = await converge(opensslDhparam, { path, size: 512 }, scratch);
    expect(changes).toMatchObject([{ before: 'absent', after: { size: 512 } }]);
    const other = await converge(
      opensslDhparam,
      { path, size: 520, return_content: true },
      scratch,
    );
    expect(other.changes).toMatchObject([{ before: { size: '512' }, after: { size: 520 } }]);
    expect(other.data['dhparams']).toContain('BEGIN DH PARAMETERS');
    const gone = await converge(opensslDhparam, { path, state: 'absent' }, scratch);
    expect(gone.changed).toBe(true);
  });
});
