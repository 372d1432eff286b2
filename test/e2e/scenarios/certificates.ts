import { readFileSync } from 'node:fs';
import type { Scenario } from '../../support/scenarios/scenario.ts';
import { TOOLS } from './keys.ts';

/** PKCS#8 of an Ed25519 key that only tests may ever use (RFC 8410). */
const OWN_KEY = `-----BEGIN PRIVATE KEY-----
${Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 'a key of tests')]).toString('base64')}
-----END PRIVATE KEY-----
`;

/** Of that key, for itself. */
const OWN_AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBIjCB1aADAgECAgEHMAUGAytlcDAZMRcwFQYDVQQDDA5jYS5leGFtcGxlLm9y
ZzAeFw0yNTAxMDEwMDAwMDBaFw00NTAxMDEwMDAwMDBaMBkxFzAVBgNVBAMMDmNh
LmV4YW1wbGUub3JnMCowBQYDK2VwAyEA+HOeiJvYG1ks8r4ki5hbDHIzBc1GDeqf
Nd7DjfUxmUSjQjBAMB0GA1UdDgQWBBSQQQDvjtlUydlUJvnkvwTcul29bzAPBgNV
HRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDAFBgMrZXADQQAkPuFN5zq/f1aY
qzl1Wndw7n3X0ykDacnQGaKiwTa8pEnqs/TrV8Jto2v2NL/Wj5Yh0aPS+DeOUS3p
ngyM6TwB
-----END CERTIFICATE-----
`;

/** Of another key. */
const OTHER_REQUEST = readFileSync(
  new URL('../../unit/modules/crypto/fixtures/www.csr', import.meta.url),
  'utf8',
);

/** Keys that are the same on both hosts; one is protected by `sesame`. */
const OWN_KEYS = `${TOOLS}
cat >/srv/tls/own.key <<'END'
${OWN_KEY}END
openssl pkey -in /srv/tls/own.key -aes256 -passout pass:sesame -out /srv/tls/shut.key`;

/** DER of openssl and of Ansible's library is not the same byte for byte: what it says is compared, extensions in any order. */
const FILES = /^\/srv\/tls\//;

type More = Partial<Scenario>;

/** Without what is null: Ansible takes it for one of two that exclude each other. */
const given = (args: Scenario['args']) =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));

const REQUEST = { path: '/srv/tls/own.csr', privatekey_path: '/srv/tls/own.key' };
const request = (args: Scenario['args'], more: More = {}): Scenario => ({
  module: 'openssl_csr',
  args: given({ ...REQUEST, ...args }),
  changed: true,
  look: `openssl req -in /srv/tls/own.csr -noout -text -nameopt utf8 -reqopt no_sigdump; stat -c '%a %U' /srv/tls/own.csr`,
  otherFiles: FILES,
  sameKeys: [
    ...['filename', 'privatekey', 'subject', 'subjectAltName', 'keyUsage', 'extendedKeyUsage'],
    ...['basicConstraints', 'ocspMustStaple'],
    ...['name_constraints_permitted', 'name_constraints_excluded'],
  ],
  ...more,
});

const DISTRIBUTION = [
  {
    full_name: ['URI:http://ca.example.org/revoked.crl'],
    crl_issuer: ['URI:http://ca.example.org/'],
    reasons: ['key_compromise', 'superseded'],
  },
];

const REQUESTS: readonly Scenario[] = [
  request({ common_name: 'www.example.org' }, { setup: OWN_KEYS }),
  request({ common_name: 'www.example.org', use_common_name_for_san: false }),
  request({
    C: 'DE',
    ST: 'Hessen',
    L: 'Kassel',
    O: 'Ops & Söhne',
    OU: 'Web',
    CN: 'www.example.org',
    E: 'a@example.org',
  }),
  request({
    subject: { CN: 'www.example.org', OU: ['one', 'two'] },
    mode: '0600',
    owner: 'deploy',
  }),
  request({ subject_ordered: [{ OU: 'one' }, { CN: 'www.example.org' }, { OU: 'two' }] }),
  request({
    subject_alt_name: ['DNS:www.example.org', 'IP:10.9.0.1', 'IP:fd00::1', 'email:a@example.org'],
    subject_alt_name_critical: true,
  }),
  request({ subject_alt_name: ['URI:http://a.example.org/', 'RID:1.2.3.4', 'DNS:*.example.org'] }),
  request({ CN: 'x', key_usage: ['digitalSignature', 'keyAgreement'], key_usage_critical: true }),
  request({
    CN: 'x',
    extended_key_usage: ['serverAuth', '1.3.6.1.5.5.7.3.2'],
    extended_key_usage_critical: true,
    ocsp_must_staple: true,
    ocsp_must_staple_critical: true,
  }),
  request({
    CN: 'x',
    name_constraints_permitted: ['DNS:.example.org', 'IP:10.9.0.0/16'],
    name_constraints_excluded: ['DNS:.secret.example.org'],
    name_constraints_critical: true,
  }),
  request({ CN: 'x', subject_key_identifier: '00:11:22:33', authority_key_identifier: '44:55:66' }),
  request({
    CN: 'x',
    authority_cert_issuer: ['DNS:ca.example.org'],
    authority_cert_serial_number: 12345,
  }),
  request({ CN: 'x', crl_distribution_points: DISTRIBUTION, backup: true }),
  request({ CN: 'x', privatekey_path: '/srv/tls/shut.key', privatekey_passphrase: 'sesame' }),
  request(
    { CN: 'x', force: true, return_content: true },
    { changed: false, unlikeAnsible: 'a request that comes out the same is a change for it' },
  ),
  request({
    CN: 'y',
    privatekey_path: null,
    privatekey_content: OWN_KEY,
    group: 'deploy',
    version: 1,
    select_crypto_backend: 'cryptography',
  }),
  request({
    subject: { CN: 'ca.example.org', O: 'Ops & Co', C: 'DE' },
    basic_constraints: ['CA:TRUE', 'pathlen:1'],
    basic_constraints_critical: true,
    key_usage: ['keyCertSign', 'cRLSign'],
    key_usage_critical: true,
    create_subject_key_identifier: true,
  }),
  request({
    path: '/srv/tls/leaf.csr',
    common_name: 'www.example.org',
    subject_alt_name: ['DNS:www.example.org', 'IP:10.9.0.1'],
    extended_key_usage: ['serverAuth'],
    ocsp_must_staple: true,
    digest: 'sha512',
  }),
];

const timesOf = (provider: string, notAfter = '20450101000000Z') => ({
  [`${provider}_not_before`]: '20250101000000Z',
  [`${provider}_not_after`]: notAfter,
});
const AUTHORITY = {
  path: '/srv/tls/ca.crt',
  csr_path: '/srv/tls/own.csr',
  privatekey_path: '/srv/tls/own.key',
  provider: 'selfsigned',
  ...timesOf('selfsigned'),
};
const SIGNED = {
  path: '/srv/tls/leaf.crt',
  csr_path: '/srv/tls/leaf.csr',
  provider: 'ownca',
  ownca_path: '/srv/tls/ca.crt',
  ownca_privatekey_path: '/srv/tls/own.key',
  ...timesOf('ownca'),
};

type Args = Scenario['args'];

const certificate = (args: Args & { readonly path: string }, more: More = {}): Scenario => ({
  module: 'x509_certificate',
  args: given(args),
  changed: true,
  look: `openssl x509 -in ${args.path} -noout -text -nameopt utf8 -certopt no_serial,no_sigdump | sort; stat -c '%a %U' ${args.path}`,
  otherFiles: FILES,
  sameKeys: ['filename', 'privatekey', 'csr', 'notBefore', 'notAfter'],
  ...more,
});
const authority = (args: Args = {}, more: More = {}) =>
  certificate({ ...AUTHORITY, ...args }, more);
const signed = (args: Args = {}, more: More = {}) => certificate({ ...SIGNED, ...args }, more);

const info = (args: Args): Scenario => ({
  module: 'x509_certificate_info',
  args,
  changed: false,
  sameKeys: [
    ...['subject', 'subject_ordered', 'issuer', 'issuer_ordered', 'version', 'expired', 'valid_at'],
    ...['basic_constraints', 'basic_constraints_critical', 'key_usage', 'key_usage_critical'],
    ...['extended_key_usage', 'extended_key_usage_critical', 'subject_alt_name'],
    ...['ocsp_must_staple', 'signature_algorithm', 'not_before', 'not_after', 'ocsp_uri'],
    ...['public_key', 'public_key_type', 'public_key_data', 'public_key_fingerprints'],
    ...['subject_key_identifier', 'authority_key_identifier', 'extensions_by_oid'],
  ],
});

const CERTIFICATES: readonly Scenario[] = [
  authority(),
  authority({ path: '/srv/tls/keyed.crt', csr_path: null, selfsigned_digest: 'sha512' }),
  authority({
    path: '/srv/tls/always.crt',
    selfsigned_create_subject_key_identifier: 'always_create',
    selfsigned_version: 3,
  }),
  authority({ mode: '0640', owner: 'deploy' }),
  authority(timesOf('selfsigned', '20460101000000Z'), { changed: false }),
  authority({ ...timesOf('selfsigned', '20460101000000Z'), ignore_timestamps: false }),
  authority(
    {
      privatekey_path: '/srv/tls/shut.key',
      privatekey_passphrase: 'sesame',
      force: true,
    },
    { actsAlways: true },
  ),
  authority({
    path: '/srv/tls/plain.crt',
    csr_path: null,
    selfsigned_create_subject_key_identifier: 'never_create',
  }),
  signed(),
  signed({ ownca_create_authority_key_identifier: false, backup: true }),
  signed({ ownca_create_subject_key_identifier: 'always_create' }),
  signed({
    path: '/srv/tls/b.crt',
    ownca_privatekey_path: '/srv/tls/shut.key',
    ownca_privatekey_passphrase: 'sesame',
    return_content: true,
  }),
  authority({
    path: '/srv/tls/given.crt',
    privatekey_path: null,
    privatekey_content: OWN_KEY,
    group: 'deploy',
  }),
  signed({
    path: '/srv/tls/given-leaf.crt',
    csr_path: null,
    csr_content: OTHER_REQUEST,
    ownca_privatekey_path: null,
    ownca_privatekey_content: OWN_KEY,
    ownca_digest: 'sha512',
    ownca_version: 3,
    ownca_create_subject_key_identifier: 'never_create',
  }),
  signed({
    path: '/srv/tls/by-content.crt',
    ownca_path: null,
    ownca_content: OWN_AUTHORITY,
    select_crypto_backend: 'cryptography',
  }),
  info({ path: '/srv/tls/leaf.crt', valid_at: { soon: '+1d', late: '20450101000001Z' } }),
  info({
    content: OWN_AUTHORITY,
    name_encoding: 'unicode',
    select_crypto_backend: 'cryptography',
  }),
  certificate(
    { path: '/srv/tls/leaf.crt', state: 'absent' },
    { look: 'ls /srv/tls/leaf* | wc -l', sameKeys: [] },
  ),
  request({ path: '/srv/tls/leaf.csr', state: 'absent' }, { sameKeys: ['filename'] }),
];

export const certificateMatrix: readonly Scenario[] = [...REQUESTS, ...CERTIFICATES];

/** A request and a certificate of it. */
export const certificateScenarios: readonly Scenario[] = [...REQUESTS.slice(0, 1), authority()];
