/** `openssh_keypair` with the real ssh-keygen: predicted, made, kept. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { opensshKeypair } from '../../../src/modules/crypto/opensshKeypair.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge } from '../../unit/modules/driver.ts';
import { useScratch } from '../../unit/modules/scratch.ts';

describe.skipIf(!hasPrograms('ssh-keygen'))('openssh_keypair', () => {
  const scratch = useScratch();
  const pair = (args: object) =>
    converge(opensshKeypair, { path: scratch.path('key'), type: 'ed25519', ...args }, scratch);
  const text = (name: string) => readFile(scratch.path(name), 'utf8');
  const mode = async (name: string) => ((await stat(scratch.path(name))).mode & 0o777).toString(8);

  it.each([
    [{ type: 'ed25519', comment: 'a b' }, 'OPENSSH', 256],
    [{ type: 'ed25519', passphrase: 'open "sesame' }, 'OPENSSH', 256],
    [{ type: 'rsa', size: 1024 }, 'OPENSSH', 1024],
    [{ type: 'rsa', size: 1024, private_key_format: 'pkcs1', passphrase: 'secret' }, 'RSA', 1024],
    [{ type: 'ecdsa', size: 384, private_key_format: 'pkcs8' }, 'BEGIN PRIVATE', 384],
  ])('makes %j, once', async (args, head, size) => {
    const { data } = await pair(args);
    expect((await text('key')).split('\n')[0]).toContain(head);
    expect([await mode('key'), await mode('key.pub')]).toEqual(['600', '644']);
    expect(data).toMatchObject({ size, type: args.type, filename: scratch.path('key') });
    const [kind, blob, ...comment] = (await text('key.pub')).trim().split(' ');
    expect(data).toMatchObject({ public_key: `${kind} ${blob}`, comment: comment.join(' ') });
    expect(data['fingerprint']).toMatch(/^SHA256:/);
  });

  it('changes a comment, and makes a public key that is missing or foreign, without a new key', async () => {
    const first = await pair({ comment: 'one' });
    const { changes } = await pair({ comment: 'two words', passphrase: undefined });
    expect(changes).toMatchObject([
      { before: { comment: 'one' }, after: { comment: 'two words' } },
    ]);
    await rm(scratch.path('key.pub'));
    const again = await pair({ comment: 'three' });
    expect(again.changes).toMatchObject([{ what: scratch.path('key.pub'), before: 'absent' }]);
    await writeFile(scratch.path('key.pub'), 'nonsense\n');
    await pair({ comment: 'three' });
    expect((await text('key.pub')).trim()).toBe(`${first.data['public_key']} three`);
  });

  it('replaces a key of another type or size, unless told not to', async () => {
    await pair({});
    const rsa = { type: 'rsa', size: 1024 };
    expect((await pair({ ...rsa, regenerate: 'never' })).changes).toEqual([]);
    await expect(pair({ ...rsa, regenerate: 'fail' })).rejects.toThrow('type ed25519');
    expect((await pair(rsa)).changes).toMatchObject([{ before: { key: 'type ed25519' } }]);
    expect((await pair({ ...rsa, size: 2048 })).changes).toMatchObject([
      { before: { key: 'size 1024' }, after: { type: 'rsa', size: 2048 } },
    ]);
  });

  it('does not replace a key that it cannot read', async () => {
    await pair({ passphrase: 'first one' });
    await expect(pair({})).rejects.toThrow('is protected by a passphrase');
    await expect(pair({ passphrase: 'other' })).rejects.toThrow(
      'is protected by another passphrase',
    );
    await pair({ regenerate: 'full_idempotence' });
    await expect(pair({ passphrase: 'other' })).rejects.toThrow('is not protected');
    await writeFile(scratch.path('key'), 'nonsense\n');
    await expect(pair({})).rejects.toThrow('is broken');
  });

  it('gives both files the mode that is asked for, and removes both', async () => {
    await pair({});
    expect((await pair({ mode: '0640' })).changes).toHaveLength(2);
    expect([await mode('key'), await mode('key.pub')]).toEqual(['640', '640']);
    const { changes } = await pair({ state: 'absent' });
    expect(changes.map(({ what }) => what)).toEqual([scratch.path('key'), scratch.path('key.pub')]);
  });
});
