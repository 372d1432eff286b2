/** `openssl_csr` with the real openssl: predicted, made, kept. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { opensslCsr } from '../../../src/modules/crypto/opensslCsr.ts';
import { opensslPrivatekey } from '../../../src/modules/crypto/opensslPrivatekey.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge, runResource } from '../../unit/modules/driver.ts';
import { useScratch } from '../../unit/modules/scratch.ts';
import { testController } from '../../unit/modules/testController.ts';

const EVERYTHING = {
  country_name: 'DE',
  organization_name: 'A $mall "Company" #1, Ltd',
  common_name: 'www.example.com',
  subject: { OU: ['One', ' Two '], '1.2.3.4.5': 'own' },
  subject_alt_name: [
    'DNS:www.example.com',
    'IP:192.0.2.1',
    'email:a@example.com',
    'URI:https://x/?a,b',
  ],
  key_usage: ['digitalSignature', 'Key Encipherment'],
  key_usage_critical: true,
  extended_key_usage: ['serverAuth', '1.3.6.1.5.5.7.3.2'],
  basic_constraints: ['CA:TRUE', 'pathlen:0'],
  basic_constraints_critical: true,
  ocsp_must_staple: true,
  name_constraints_permitted: ['DNS:.example.com'],
  name_constraints_excluded: ['IP:192.0.2.0/255.255.255.0'],
  create_subject_key_identifier: true,
  authority_key_identifier: '00:11:22',
  authority_cert_issuer: ['DNS:ca.example.com'],
  authority_cert_serial_number: 12345,
  crl_distribution_points: [{ full_name: ['URI:http://ca/x.crl'], reasons: ['key_compromise'] }],
};

describe.skipIf(!hasPrograms('openssl'))('openssl_csr', () => {
  const scratch = useScratch();
  const makeKey = (args: object = {}) =>
    runResource(
      opensslPrivatekey,
      { path: scratch.path('key'), type: 'Ed25519', ...args },
      scratch,
    );
  const csr = (args: object) =>
    converge(
      opensslCsr,
      { path: scratch.path('csr'), privatekey_path: scratch.path('key'), ...args },
      scratch,
    );
  const shown = () =>
    execFileSync('openssl', [
      'req',
      '-in',
      scratch.path('csr'),
      '-noout',
      '-text',
      '-nameopt',
      'utf8',
    ]).toString();

  beforeEach(async () => void (await makeKey()));

  it('has every field and extension, once', async () => {
    const { data } = await csr({ ...EVERYTHING, digest: 'sha512' });
    const text = shown();
    for (const part of [
      'O=A $mall "Company" #1, Ltd',
      'OU= Two ',
      '1.2.3.4.5=own',
      'DNS:www.example.com, IP Address:192.0.2.1, email:a@example.com, URI:https://x/?a,b',
      'X509v3 Key Usage: critical\n                    Digital Signature, Key Encipherment',
      'TLS Web Server Authentication, TLS Web Client Authentication',
      'CA:TRUE, pathlen:0',
      'status_request',
      'DNS:.example.com',
      'URI:http://ca/x.crl',
      'Key Compromise',
      '00:11:22',
    ]) {
      expect(text).toContain(part);
    }
    expect(data).toMatchObject({ filename: scratch.path('csr'), keyUsage: EVERYTHING.key_usage });
  });

  it('takes the common name for the other name, and changes with what is asked', async () => {
    await csr({ common_name: 'a.example.com' });
    expect(shown()).toContain('DNS:a.example.com');
    expect((await csr({ common_name: 'b.example.com' })).changed).toBe(true);
    expect(
      (await csr({ common_name: 'b.example.com', use_common_name_for_san: false })).changed,
    ).toBe(true);
    expect(shown()).not.toContain('DNS:');
    await makeKey({ force: true });
    const { changes, data } = await csr({
      common_name: 'b.example.com',
      backup: true,
      return_content: true,
    });
    expect(changes).toHaveLength(1);
    expect(data['csr']).toBe(await readFile(scratch.path('csr'), 'utf8'));
    expect(await readFile(String(data['backup_file']), 'utf8')).toContain('CERTIFICATE REQUEST');
    expect((await csr({ state: 'absent' })).changed).toBe(true);
  });

  it('signs with protected keys, and with a key that is handed over', async () => {
    await makeKey({ passphrase: 'open sesame' });
    await expect(csr({ common_name: 'a' })).rejects.toThrow('the request cannot be made');
    await csr({ common_name: 'a', privatekey_passphrase: 'open sesame' });
    const privatekey_content = execFileSync('openssl', [
      'genpkey',
      '-algorithm',
      'ED25519',
    ]).toString();
    await csr({
      subject_ordered: [{ CN: 'x' }, { O: 'y' }],
      privatekey_path: undefined,
      privatekey_content,
    });
    expect(shown()).toMatch(/Subject: CN=x, O=y/);
    await csr({ privatekey_path: undefined, privatekey_content });
    expect(shown()).toMatch(/Subject: *\n/);
  });

  it('keeps a request that another tool made', async () => {
    const args = [
      '-new',
      '-key',
      scratch.path('key'),
      '-out',
      scratch.path('csr'),
      '-subj',
      '/CN=a',
    ];
    execFileSync('openssl', ['req', ...args, '-addext', 'subjectAltName = DNS:a']);
    expect((await csr({ common_name: 'a' })).changed).toBe(false);
  });

  it('needs its key, except in check mode', async () => {
    const args = { path: scratch.path('csr'), privatekey_path: scratch.path('no') };
    await expect(runResource(opensslCsr, args, scratch)).rejects.toThrow('there is no private key');
    const controller = testController({ checkMode: true });
    const { changes } = await runResource(opensslCsr, args, {
      ...scratch,
      target: scratch.target,
      controller,
    });
    expect(changes).toMatchObject([{ before: 'absent', after: 'made anew' }]);
  });
});
