import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  absoluteTime,
  instantOf,
  relativeSeconds,
} from '../../../../src/modules/crypto/certificateTime.ts';
import { csrConfig } from '../../../../src/modules/crypto/csrConfig.ts';
import type { CsrParams } from '../../../../src/modules/crypto/csrParams.ts';
import {
  childrenOf,
  oidText,
  pemBytes,
  readDer,
  stringOf,
  writeDer,
} from '../../../../src/modules/crypto/der.ts';
import { opensslCsr, opensslReason } from '../../../../src/modules/crypto/opensslCsr.ts';
import {
  certificate,
  certificateRequest,
  requestDifferences,
} from '../../../../src/modules/crypto/x509.ts';
import {
  certificateDifferences,
  x509Certificate,
} from '../../../../src/modules/crypto/x509Certificate.ts';
import { x509CertificateInfo } from '../../../../src/modules/crypto/x509CertificateInfo.ts';
import { scriptedTarget } from '../../../support/fakeTarget.ts';
import { paramsOf, runAction } from '../driver.ts';
import { testController } from '../testController.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const der = (name: string) =>
  pemBytes(fixture(name), /CERTIFICATE(?: REQUEST)?/) ?? Buffer.alloc(0);

describe('x509_certificate_info', () => {
  const read = async (args: object) => {
    const target = scriptedTarget([], [['/www.crt', fixture('www.crt')]]);
    const controller = testController({ now: () => new Date('2027-01-01T00:00:00Z') });
    return (await runAction(x509CertificateInfo, args, { target, controller })).data ?? {};
  };

  it('says the same as community.crypto 2.11', async () => {
    const { serial_number: serial, ...rest } = JSON.parse(fixture('www.info.json')) as Record<
      string,
      unknown
    >;
    const data = await read({ path: '/www.crt' });
    expect(data).toMatchObject(rest);
    expect(String(data['serial_number'])).toBe(serial);
  });

  it('knows whether it is valid at a time', async () => {
    const times = { now: '+0s', old: '20200101000000Z', later: '+20000d' };
    const data = await read({ content: fixture('www.crt'), valid_at: times });
    expect(data['valid_at']).toEqual({ now: true, old: false, later: false });
    expect(data['expired']).toBe(false);
  });

  it('refuses what is no certificate', async () => {
    await expect(read({ content: 'nonsense' })).rejects.toThrow('the content is no certificate');
    await expect(read({ path: '/a', content: 'b' })).rejects.toThrow('one of "path" and "content"');
  });
});

describe('requests and certificates', () => {
  it('are compared field by field', () => {
    const request = certificateRequest(der('www.csr'));
    const other = { ...request, subject: request.subject.slice(1), signatureOid: '1.2' };
    expect(requestDifferences(request, { ...request })).toEqual([]);
    expect(requestDifferences(request, other)).toEqual(['subject', 'signature algorithm']);
    const reordered = { ...request, extensions: [...request.extensions].reverse() };
    expect(requestDifferences(request, reordered)).toEqual([]);
    expect(requestDifferences(request, { ...request, extensions: [] })).toEqual(['extensions']);
  });

  it('mind times only on request', () => {
    const found = certificate(der('www.crt'));
    const other = { ...found, notAfter: '20990101000000Z', issuer: [] };
    expect(certificateDifferences(found, other, { ignore_timestamps: true })).toEqual(['issuer']);
    expect(certificateDifferences(found, other, { ignore_timestamps: false })).toEqual([
      'issuer',
      'times',
    ]);
  });

  it.each([
    [{ provider: 'acme' }, 'the provider "acme" is not known here'],
    [{ provider: 'selfsigned' }, '"privatekey_path" or "privatekey_content" is needed'],
    [{ provider: 'ownca', csr_path: '/c' }, '"ownca_path" or "ownca_content" is needed'],
    [{}, '"provider" is needed'],
  ])('%j is refused', (args, message) => {
    expect(() => paramsOf(x509Certificate, { path: '/x', ...args })).toThrow(message);
  });
});

describe('the configuration of a request', () => {
  const config = (args: object) =>
    csrConfig(paramsOf(opensslCsr, { path: '/c', privatekey_path: '/k', ...args }) as CsrParams);

  it('keeps what config(5) would read otherwise behind backslashes', () => {
    const { text, hasSubject } = config({
      common_name: ' a$b#c"d\\e ',
      use_common_name_for_san: false,
    });
    expect(text).toContain(String.raw`0.CN = " a\$b\#c\"d\\e "`);
    expect(hasSubject).toBe(true);
    expect(() => config({ common_name: 'a\nb' })).toThrow('has a line break');
  });

  it('has sections for names', () => {
    const { text } = config({
      subject_alt_name: ['dns:a', 'dirName:/CN=x/O=y'],
      subject_alt_name_critical: true,
      name_constraints_permitted: ['DNS:b'],
      key_usage: ['Certificate Sign', 'contentCommitment', 'CRL Sign'],
      crl_distribution_points: [
        { full_name: ['URI:http://c'], reasons: ['ca_compromise', 'aa_compromise'] },
      ],
    });
    for (const part of [
      'subjectAltName = critical, @names',
      '[names]\nDNS.1 = a\ndirName.2 = names_1\n',
      '[names_1]\n0.CN = x\n1.O = y\n',
      '[constraints]\npermitted;DNS.1 = b\n',
      'keyUsage = keyCertSign, nonRepudiation, cRLSign',
      'reasons = CACompromise, AACompromise',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('writes networks of constraints with their mask, as OpenSSL has it', () => {
    const { text } = config({
      name_constraints_permitted: ['IP:10.9.0.0/20', 'IP:10.9.0.0/255.255.0.0', 'IP:10.0.0.0/40'],
      name_constraints_excluded: ['IP:fd00::/49', 'IP:0.0.0.0/0'],
    });
    expect(/\[constraints\]\n([^[]*)/.exec(text)?.[1]?.trimEnd().split('\n')).toEqual([
      'permitted;IP.1 = 10.9.0.0/255.255.240.0',
      'permitted;IP.2 = 10.9.0.0/255.255.0.0',
      'permitted;IP.3 = 10.0.0.0/40',
      'excluded;IP.1 = fd00::/ffff:ffff:ffff:8000:0000:0000:0000:0000',
      'excluded;IP.2 = 0.0.0.0/0.0.0.0',
    ]);
  });

  it('refuses what it cannot say', () => {
    expect(() => config({ subject_alt_name: ['example.com'] })).toThrow('what kind of name');
    const issuer = { authority_cert_issuer: ['dirName:/CN=x'], authority_cert_serial_number: 1 };
    expect(() => config(issuer)).toThrow('"authority_cert_issuer" cannot be dirName');
    expect(() => config({ authority_cert_serial_number: 1 })).toThrow('go together');
  });

  it('tells what openssl says, without its places in the source', () => {
    const stderr =
      'Could not read key\n40B7F0:error:1C800064:Provider routines:ossl_cipher:bad decrypt:../a.c:124:\n';
    expect(opensslReason(stderr)).toBe('Could not read key; bad decrypt');
  });
});

describe('times', () => {
  it.each([
    ['+0s', 0],
    ['-1w2d3h4m5s', -788645],
    ['+397d', 34300800],
    ['+90', 90],
    ['20260102030405Z', undefined],
  ])('%s', (text, seconds) => expect(relativeSeconds(text)).toBe(seconds));

  it('may be absolute, with or without seconds', () => {
    expect(absoluteTime('202601020304Z')).toBe('20260102030400Z');
    expect(new Date(instantOf('20260102030405Z')).toISOString()).toBe('2026-01-02T03:04:05.000Z');
    expect(() => absoluteTime('tomorrow')).toThrow('"tomorrow" is no time');
  });
});

describe('DER', () => {
  it('is written and read, also when it is long', () => {
    const long = Buffer.alloc(300, 7);
    const value = readDer(
      writeDer(0x30, writeDer(0x04, long), writeDer(0x06, Buffer.from('2b0601', 'hex'))),
    );
    const [bytes, oid] = childrenOf(value);
    expect(bytes?.content.equals(long)).toBe(true);
    expect(oid && oidText(oid)).toBe('1.3.6.1');
  });

  it('has large arcs and wide strings', () => {
    expect(oidText(readDer(Buffer.from('0609608648016503040201', 'hex')))).toBe(
      '2.16.840.1.101.3.4.2.1',
    );
    expect(stringOf(readDer(Buffer.from('1e0400c40042', 'hex')))).toBe('ÄB');
  });

  it('may be cut short', () => {
    expect(() => readDer(Buffer.from('3005', 'hex'))).toThrow('cut short');
    expect(() => readDer(Buffer.alloc(0))).toThrow('cut short');
  });
});
