/** Certificates (RFC 5280) and certificate requests (RFC 2986), as data. */

import { createHash } from 'node:crypto';
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import { childrenOf, type Der, integerOf, oidText, readDer, stringOf, TAG, timeOf } from './der.ts';

/** `[oid, text]`, in the order of the name. */
export type DistinguishedName = readonly (readonly [string, string])[];

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

export interface CertificateRequest {
  readonly subject: DistinguishedName;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
  readonly extensions: readonly Extension[];
  readonly signatureOid: string;
}

export interface Certificate extends CertificateRequest {
  /** 1 to 3. */
  readonly version: number;
  readonly serial: bigint;
  readonly issuer: DistinguishedName;
  /** `20260102030405Z`. */
  readonly notBefore: string;
  readonly notAfter: string;
}

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** @throws ModuleError when the bytes are no request. */
export function certificateRequest(der: Buffer): CertificateRequest {
  const [info, algorithm] = childrenOf(readDer(der));
  const [, subject, publicKey, attributes] = childrenOf(needed(info));
  const requested =
    attributes === undefined ? [] : childrenOf(attributes).flatMap(requestedExtensions);
  return {
    subject: nameOf(needed(subject)),
    publicKey: needed(publicKey).whole,
    extensions: requested,
    signatureOid: algorithmOid(needed(algorithm)),
  };
}

function requestedExtensions(attribute: Der): Extension[] {
  const [type, values] = childrenOf(attribute);
  if (type === undefined || values === undefined || oidText(type) !== EXTENSION_REQUEST) return [];
  return childrenOf(values).flatMap((list) => childrenOf(list).map(extensionOf));
}

/** @throws ModuleError when the bytes are no certificate. */
export function certificate(der: Buffer): Certificate {
  const [signed, algorithm] = childrenOf(readDer(der));
  const parts = childrenOf(needed(signed));
  const hasVersion = parts[0]?.tag === 0xa0;
  const version = hasVersion ? Number(integerOf(needed(childrenOf(needed(parts[0]))[0]))) + 1 : 1;
  const [serial, , issuer, validity, subject, publicKey, ...more] = hasVersion
    ? parts.slice(1)
    : parts;
  const [notBefore, notAfter] = childrenOf(needed(validity));
  const list = more.find(({ tag }) => tag === 0xa3);
  return {
    version,
    serial: integerOf(needed(serial)),
    issuer: nameOf(needed(issuer)),
    notBefore: timeOf(needed(notBefore)),
    notAfter: timeOf(needed(notAfter)),
    subject: nameOf(needed(subject)),
    publicKey: needed(publicKey).whole,
    extensions: list === undefined ? [] : childrenOf(readDer(list.content)).map(extensionOf),
    signatureOid: algorithmOid(needed(algorithm)),
  };
}

function needed(part: Der | undefined): Der {
  if (part !== undefined) return part;
  throw new ModuleError('the data is no certificate', { code: 'DROVER_INVALID_DER' });
}

function algorithmOid(algorithm: Der): string {
  return oidText(needed(childrenOf(algorithm)[0]));
}

export function nameOf(name: Der): DistinguishedName {
  return childrenOf(name).flatMap((set) =>
    childrenOf(set).map((attribute): [string, string] => {
      const [type, value] = childrenOf(attribute);
      return [oidText(needed(type)), stringOf(needed(value))];
    }),
  );
}

function extensionOf(extension: Der): Extension {
  const [id, ...rest] = childrenOf(extension);
  const value = rest.find(({ tag }) => tag === TAG.octetString);
  const critical = rest.some(({ tag, content }) => tag === TAG.boolean && content[0] !== 0);
  return { oid: oidText(needed(id)), critical, value: needed(value).content };
}

/** What differs between two requests or certificates, apart from times and serial numbers; empty when they say the same. */
export function requestDifferences(a: CertificateRequest, b: CertificateRequest): string[] {
  const table: readonly (readonly [boolean, string])[] = [
    [nameText(a.subject) !== nameText(b.subject), 'subject'],
    [!a.publicKey.equals(b.publicKey), 'public key'],
    [extensionText(a.extensions) !== extensionText(b.extensions), 'extensions'],
    [a.signatureOid !== b.signatureOid, 'signature algorithm'],
  ];
  return table.filter(([differs]) => differs).map(([, what]) => what);
}

export function nameText(name: DistinguishedName): string {
  return JSON.stringify(name);
}

function extensionText(extensions: readonly Extension[]): string {
  const lines = extensions.map(
    ({ oid, critical, value }) => `${oid} ${critical} ${value.toString('hex')}`,
  );
  return lines.sort().join('\n');
}

/** What people want to read of it, without what is random or changes with the clock. */
export function requestSummary(request: CertificateRequest | Certificate): ResultData {
  return {
    subject: readableName(request.subject),
    ...('issuer' in request ? { issuer: readableName(request.issuer) } : {}),
    public_key_sha256: createHash('sha256').update(request.publicKey).digest('hex'),
    signature_algorithm: request.signatureOid,
    extensions: Object.fromEntries(
      request.extensions.map(({ oid, critical, value }) => [
        `${oid}${critical ? ' critical' : ''}`,
        value.toString('hex'),
      ]),
    ),
  };
}

function readableName(name: DistinguishedName): string {
  return name.map(([oid, value]) => `${NAMES.get(oid) ?? oid}=${value}`).join(', ');
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);
