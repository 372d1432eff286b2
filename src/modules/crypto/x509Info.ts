/** A certificate in the words of `x509_certificate_info`. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { domainToASCII, domainToUnicode } from 'node:url';
import { childrenOf, type Der, integerOf, oidText, readDer, stringOf, TAG } from './der.ts';
import { fingerprints, publicKeyFacts } from './privateKeyState.ts';
import { certificate, type DistinguishedName, type Extension, nameOf } from './x509.ts';
import { LONG_NAMES, SIGNATURES, USAGES } from './x509Names.ts';

const EXTENSIONS = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityAccess: '1.3.6.1.5.5.7.1.1',
  feature: '1.3.6.1.5.5.7.1.24',
} as const;

/** How international names of hosts are written: as they are, in ASCII, or readable. */
export type NameEncoding = 'ignore' | 'idna' | 'unicode';

/** @throws ModuleError when the bytes are no certificate. */
export function certificateInfo(der: Buffer, encoding: NameEncoding = 'ignore') {
  const found = certificate(der);
  const by = (oid: string) => found.extensions.find((extension) => extension.oid === oid);
  const publicKey = createPublicKey({ key: found.publicKey, format: 'der', type: 'spki' });
  return {
    version: found.version,
    serial_number: plainNumber(found.serial),
    signature_algorithm: SIGNATURES.get(found.signatureOid) ?? found.signatureOid,
    not_before: found.notBefore,
    not_after: found.notAfter,
    issuer: namedFields(found.issuer),
    issuer_ordered: orderedFields(found.issuer),
    subject: namedFields(found.subject),
    subject_ordered: orderedFields(found.subject),
    ...extensionFacts('subject_alt_name', by(EXTENSIONS.alternativeName), (list) =>
      alternativeNames(list).map((name) => encodedName(name, encoding)),
    ),
    ...extensionFacts('key_usage', by(EXTENSIONS.keyUsage), keyUsages),
    ...extensionFacts('extended_key_usage', by(EXTENSIONS.extendedKeyUsage), extendedUsages),
    ...extensionFacts('basic_constraints', by(EXTENSIONS.basicConstraints), basicConstraints),
    ...extensionFacts('ocsp_must_staple', by(EXTENSIONS.feature), mustStaple),
    ...authority(by(EXTENSIONS.authorityKey)),
    ...accessUris(by(EXTENSIONS.authorityAccess)),
    subject_key_identifier: hexOf(by(EXTENSIONS.subjectKey)),
    extensions_by_oid: Object.fromEntries(
      found.extensions.map(({ oid, critical, value }) => [
        oid,
        { critical, value: value.toString('base64') },
      ]),
    ),
    fingerprints: fingerprints(der),
    public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    public_key_type: publicKeyFacts(found.publicKey).type ?? 'unknown',
    public_key_data: publicKeyData(publicKey),
    public_key_fingerprints: fingerprints(found.publicKey),
  };
}

/** JSON has no larger integers without loss; they stay exact as a bigint. */
export function plainNumber(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function orderedFields(name: DistinguishedName): [string, string][] {
  return name.map(([oid, value]) => [LONG_NAMES.get(oid) ?? oid, value]);
}

/** Of several fields of one name the last, as users of the module know it. */
function namedFields(name: DistinguishedName): Readonly<Record<string, string>> {
  return Object.fromEntries(orderedFields(name));
}

/** `name` and `name_critical`; null and false without the extension. */
function extensionFacts<T>(
  name: string,
  extension: Extension | undefined,
  read: (value: Der) => T,
) {
  const value = extension === undefined ? null : read(readDer(extension.value));
  return { [name]: value, [`${name}_critical`]: extension?.critical ?? false };
}

function keyUsages({ content }: Der): string[] {
  const bits = content.subarray(1);
  const isSet = (index: number) => (((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1) === 1;
  const names = [
    'Digital Signature',
    'Non Repudiation',
    'Key Encipherment',
    'Data Encipherment',
    'Key Agreement',
    'Certificate Sign',
    'CRL Sign',
    'Encipher Only',
    'Decipher Only',
  ];
  return names.filter((_name, index) => isSet(index)).sort();
}

function extendedUsages(list: Der): string[] {
  return childrenOf(list)
    .map((usage) => USAGES.get(oidText(usage)) ?? oidText(usage))
    .sort();
}

function basicConstraints(sequence: Der): string[] {
  const parts = childrenOf(sequence);
  const isAuthority = parts.some(({ tag, content }) => tag === TAG.boolean && content[0] !== 0);
  const length = parts.find(({ tag }) => tag === TAG.integer);
  const pathLength = length === undefined ? [] : [`pathlen:${integerOf(length)}`];
  return [`CA:${isAuthority ? 'TRUE' : 'FALSE'}`, ...pathLength].sort();
}

/** TLS feature 5 is status_request. */
function mustStaple(list: Der): boolean {
  return childrenOf(list).some((feature) => integerOf(feature) === 5n);
}

function alternativeNames(list: Der): string[] {
  return childrenOf(list).map(generalName);
}

/** The host in `DNS:…`, `email:…@…` and `URI:…//…`; other names have none. A wildcard stays. */
export function encodedName(name: string, encoding: NameEncoding): string {
  if (encoding === 'ignore') return name;
  const convert = encoding === 'idna' ? domainToASCII : domainToUnicode;
  const host = /^(DNS:(?:\*\.)?|email:[^@]*@|URI:[^/]*\/\/(?:[^@/]*@)?)([^/:?#]+)(.*)$/s.exec(name);
  if (host === null) return name;
  const [, before = '', domain = '', after = ''] = host;
  return `${before}${convert(domain) || domain}${after}`;
}

/** GeneralName (RFC 5280, 4.2.1.6) as `DNS:…`, `IP:…`. */
function generalName(name: Der): string {
  const text = name.content.toString('utf8');
  switch (name.tag) {
    case 0x81:
      return `email:${text}`;
    case 0x82:
      return `DNS:${text}`;
    case 0x86:
      return `URI:${text}`;
    case 0x87:
      return `IP:${addressText(name.content)}`;
    case 0x88:
      return `RID:${oidText(name)}`;
    case 0xa4:
      return `dirName:${directoryText(nameOf(readDer(name.content)))}`;
    case 0xa0:
      return otherName(name);
    default:
      return `unknown:${name.content.toString('hex')}`;
  }
}

function directoryText(name: DistinguishedName): string {
  return name.map(([oid, value]) => `${LONG_NAMES.get(oid) ?? oid}=${value}`).join(',');
}

function otherName(name: Der): string {
  const [type, value] = childrenOf(name);
  const inner = value === undefined ? undefined : readDer(value.content);
  return `otherName:${type === undefined ? '' : oidText(type)};${inner === undefined ? '' : stringOf(inner)}`;
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.length !== 16) return bytes.toString('hex');
  const groups = Array.from({ length: 8 }, (_each, index) =>
    bytes.readUInt16BE(index * 2).toString(16),
  );
  return shortest(groups.join(':'));
}

/** RFC 5952: the longest run of two or more zero groups becomes `::`. */
function shortest(address: string): string {
  const runs = [...address.matchAll(/(?:^|:)(0(?::0)+)(?=:|$)/g)].map(([, run = '']) => run);
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) return address;
  return address.replace(new RegExp(`(^|:)${longest}(:|$)`), '::').replace(/:::+/, '::');
}

function hexOf(extension: Extension | undefined): string | null {
  return extension === undefined ? null : colons(readDer(extension.value).content);
}

function colons(bytes: Buffer): string {
  return bytes.toString('hex').match(/../g)?.join(':') ?? '';
}

function authority(extension: Extension | undefined) {
  const parts = extension === undefined ? [] : childrenOf(readDer(extension.value));
  const part = (tag: number) => parts.find((each) => each.tag === tag);
  const [key, issuer, serial] = [part(0x80), part(0xa1), part(0x82)];
  return {
    authority_key_identifier: key === undefined ? null : colons(key.content),
    authority_cert_issuer: issuer === undefined ? null : childrenOf(issuer).map(generalName),
    authority_cert_serial_number: serial === undefined ? null : plainNumber(integerOf(serial)),
  };
}

function accessUris(extension: Extension | undefined) {
  const entries = extension === undefined ? [] : childrenOf(readDer(extension.value));
  const uri = (method: string) => {
    const found = entries
      .map(childrenOf)
      .find(([type]) => type !== undefined && oidText(type) === method);
    return found?.[1]?.content.toString('utf8') ?? null;
  };
  return { ocsp_uri: uri('1.3.6.1.5.5.7.48.1'), issuer_uri: uri('1.3.6.1.5.5.7.48.2') };
}

function publicKeyData(key: KeyObject): Readonly<Record<string, unknown>> {
  const { modulusLength: size, publicExponent, namedCurve } = key.asymmetricKeyDetails ?? {};
  const { n, x, y } = key.asymmetricKeyType === 'dsa' ? {} : key.export({ format: 'jwk' });
  const number = (text: string | undefined) =>
    text === undefined ? undefined : BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return { size, modulus: number(n), exponent: Number(publicExponent) };
    case 'ec':
      return { curve: CURVES.get(namedCurve ?? '') ?? namedCurve, x: number(x), y: number(y) };
    default:
      return size === undefined ? {} : { size };
  }
}

const CURVES: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'secp256r1'],
  ['prime192v1', 'secp192r1'],
]);
