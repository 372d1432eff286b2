import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, describe, expect, test } from 'vitest';
import { readPrivateKey } from '../../../../src/connection/ssh/privateKey.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function makeKey(name: string, ...options: readonly string[]): string {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-C', name, '-f', file, ...options]);
  return file;
}

function read(file: string, passphrase?: string) {
  const key = readPrivateKey(file, passphrase);
  if (key instanceof Error) throw key;
  return key;
}

const DATA = Buffer.from('what a login signs');

describe.each([
  ['ed25519', ['-t', 'ed25519'], [undefined]],
  ['ecdsa-256', ['-t', 'ecdsa', '-b', '256'], [undefined, 'sha256']],
  ['ecdsa-384', ['-t', 'ecdsa', '-b', '384'], [undefined]],
  ['ecdsa-521', ['-t', 'ecdsa', '-b', '521'], [undefined]],
  ['rsa', ['-t', 'rsa', '-b', '1024'], [undefined, 'sha256', 'sha512']],
  ['rsa-pem', ['-t', 'rsa', '-b', '1024', '-m', 'PEM'], ['sha512']],
  ['rsa-pkcs8', ['-t', 'rsa', '-b', '1024', '-m', 'PKCS8'], ['sha512']],
] as const)('a key of type %s', (name, options, hashes) => {
  const file = makeKey(name, '-N', '', ...options);
  const locked = makeKey(`${name}-locked`, '-a', '1', '-N', 'open sesame', ...options);

  test.each(hashes)('signs with the hash %s what its public half accepts', (hash) => {
    const half = ssh2.utils.parseKey(readFileSync(`${file}.pub`));
    if (half instanceof Error) throw half;
    const signature = read(file).sign(DATA, hash);
    expect(half.verify(DATA, signature, hash)).toBe(true);
    expect(half.verify(Buffer.from('another'), signature, hash)).toBe(false);
  });

  test('opens with its passphrase, and with no other', () => {
    expect(() => read(locked, 'wrong')).toThrow('the passphrase is wrong');
    expect(() => read(locked)).toThrow('encrypted, and no passphrase was given');
    expect(read(locked, 'open sesame').isPrivateKey()).toBe(true);
    expect(() => read(locked, 'wrong')).toThrow('the passphrase is wrong');
  });
});

test('a key is read once, and again when its file has changed', () => {
  const file = makeKey('first', '-t', 'ed25519', '-N', '');
  const first = read(file);
  expect(read(file)).toBe(first);
  renameSync(makeKey('second', '-t', 'ed25519', '-N', ''), file);
  const second = read(file);
  expect(second.comment).toBe('second');
  expect(second.getPublicSSH().equals(first.getPublicSSH())).toBe(false);
});
