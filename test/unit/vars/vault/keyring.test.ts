import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../src/core/secret.ts';
import {
  decryptEnvelope,
  encrypt,
  isVault,
  openEnvelope,
} from '../../../../src/vars/vault/cipher.ts';
import { VaultKeyring } from '../../../../src/vars/vault/keyring.ts';
import { parseVaultId, readPasswordFile } from '../../../../src/vars/vault/passwords.ts';
import { memoryFiles } from '../../../support/memoryFiles.ts';

const KEY = { id: 'dev', password: new Secret('pw') };

/** Written by ansible-vault 2.14 with the password `pw`. */
const VAULT_11 = `$ANSIBLE_VAULT;1.1;AES256
33353236336565656562393739383138373461366535623136383531313534386661616539656632
6134346266383865666133323361653739303533623565340a313563393430376632386233353930
38343339623936306235643566363937643933336633393164373133626662343737346265616639
6133643535353037300a326464623831623562343062313037303433356539666138656135353561
6530
`;
const VAULT_12 = `$ANSIBLE_VAULT;1.2;AES256;dev
35643064393763646338353036643265336465663736343430353866373735343339326665343731
3137393239356230653164303939613432313438323232660a386233353432626163363462363637
31313833663635393632303938316666336334653633323830346662313635616330366662646439
3430646261646436630a343035383464353937353463333962383332333638313961393036393834
3464
`;

describe('VaultKeyring', () => {
  test.each([
    ['1.1', VAULT_11],
    ['1.2 with an identity', VAULT_12],
  ])('opens what ansible-vault wrote, format %s', (_, vault) => {
    const keyring = new VaultKeyring([{ id: 'other', password: new Secret('no') }, KEY]);
    expect(keyring.decrypt(vault)).toBe('secret ü\n');
    expect(isVault(vault)).toBe(true);
  });

  test('says which passwords it tried, and where', () => {
    const source = { file: 'f', line: 1, column: 1 };
    const wrong = new VaultKeyring([{ id: 'prod', password: new Secret('no') }]);
    expect(() => wrong.decrypt(VAULT_12, source)).toThrow(
      expect.objectContaining({
        message: 'none of the vault passwords (prod) opens this vault with the identity "dev"',
        source,
      }) as Error,
    );
    expect(() => new VaultKeyring([]).decrypt(VAULT_11)).toThrow(
      'there is no vault password for a vault',
    );
  });

  test.each([
    ['hello', 'this is no vault'],
    ['$ANSIBLE_VAULT;1.1;AES\n00', 'vaults with the cipher AES cannot be read'],
    ['$ANSIBLE_VAULT;1.1;AES256\n0011', 'the vault is damaged'],
  ])('refuses %j', (text, message) => {
    expect(() => new VaultKeyring([KEY]).decrypt(text)).toThrow(message);
  });

  test('any bytes come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const clear = decryptEnvelope(openEnvelope(encrypt(bytes, KEY.password)), KEY.password);
        expect(clear).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 20 },
    );
  });

  test('the identity stands in the header', () => {
    expect(new VaultKeyring([KEY]).encrypt('x').split('\n')[0]).toBe(
      '$ANSIBLE_VAULT;1.2;AES256;dev',
    );
    expect(encrypt('x', KEY.password).split('\n')[0]).toBe('$ANSIBLE_VAULT;1.1;AES256');
  });
});

describe('passwords', () => {
  test.each([
    ['dev@file', { id: 'dev', source: { file: 'file' } }],
    ['prod@prompt', { id: 'prod', source: 'prompt' }],
    ['file', { id: 'default', source: { file: 'file' } }],
  ])('%s', (text, vaultId) => {
    expect(parseVaultId(text)).toEqual(vaultId);
  });

  test('a file, and programs that print one', () => {
    const files = memoryFiles(
      { '/pw': ' pw \n', '/get': '#!', '/get-client.sh': '#!', '/empty': '\n' },
      { executable: ['/get', '/get-client.sh'] },
    );
    const run = (file: string, args: readonly string[]) => `${[file, ...args].join(' ')}\n`;
    const password = (file: string) => readPasswordFile(file, 'dev', files, run).password.reveal();
    expect([password('/pw'), password('/get'), password('/get-client.sh')]).toEqual([
      'pw',
      '/get',
      '/get-client.sh --vault-id dev',
    ]);
    expect(() => password('/empty')).toThrow('gives no password');
    expect(() => password('/none')).toThrow('no vault password file "/none"');
  });
});
