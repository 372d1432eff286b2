/** What `openssl_csr` asks for, as the configuration of `openssl req` (config(5), x509v3_config(5)). */
import { isIP } from 'node:net';
import { ModuleError } from '../../core/errors.ts';
import { isDict } from '../../core/values.ts';
import type { CsrParams } from './csrParams.ts';
import { TAG, writeDer } from './der.ts';

/** Sections by name, each a list of `key = value`. */
type Sections = Map<string, [string, string][]>;

/** @throws ModuleError for what no configuration can say. */
export function csrConfig(params: CsrParams): {
  readonly text: string;
  readonly hasSubject: boolean;
} {
  const subject = subjectFields(params);
  const sections: Sections = new Map();
  const extensions = extensionLines(params, sections);
  const head: [string, string][] = [
    ['prompt', 'no'],
    ['utf8', 'yes'],
    ['string_mask', 'utf8only'],
    ['distinguished_name', 'dn'],
    ...(extensions.length === 0 ? [] : [['req_extensions', 'extensions'] as [string, string]]),
  ];
  const dn = subject.map(([name, value], index): [string, string] => [
    `${index}.${name}`,
    escaped(value),
  ]);
  const all: Sections = new Map([
    ['req', head],
    ['dn', dn],
    ['extensions', extensions],
    ...sections,
  ]);
  const text = [...all].map(
    ([name, lines]) => `[${name}]\n${lines.map(([key, value]) => `${key} = ${value}\n`).join('')}`,
  );
  return { text: text.join(''), hasSubject: subject.length > 0 };
}

/** Names and values in their order. @throws ModuleError when `subject_ordered` holds no dicts. */
export function subjectFields(params: CsrParams): [string, string][] {
  if (params.subject_ordered !== undefined) return params.subject_ordered.flatMap(orderedField);
  const fixed: [string, string | undefined][] = [
    ['C', params.country_name],
    ['ST', params.state_or_province_name],
    ['L', params.locality_name],
    ['O', params.organization_name],
    ['OU', params.organizational_unit_name],
    ['CN', params.common_name],
    ['emailAddress', params.email_address],
  ];
  const more = Object.entries(params.subject ?? {}).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
  const given = fixed.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return [...given, ...more];
}

function orderedField(field: unknown): [string, string][] {
  if (!isDict(field)) throw new ModuleError('"subject_ordered" is a list of dicts');
  return [...field].flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [String(name), String(each)]),
  );
}

/** What config(5) would read otherwise stands behind a backslash. */
function escaped(value: string): string {
  if (/[\n\r\0]/.test(value)) throw new ModuleError(`"${value}" has a line break`);
  const text = value.replaceAll(/[\\"'$#]/g, '\\$&');
  return /^\s|\s$/.test(text) ? `"${text}"` : text;
}

function extensionLines(params: CsrParams, sections: Sections): [string, string][] {
  const names = alternativeNames(params);
  const lines: [string, string | undefined, boolean][] = [
    [
      'subjectAltName',
      names && generalNames('names', names, sections),
      params.subject_alt_name_critical,
    ],
    ['keyUsage', params.key_usage?.map(keyUsage).join(', '), params.key_usage_critical],
    ['extendedKeyUsage', params.extended_key_usage?.join(', '), params.extended_key_usage_critical],
    ['basicConstraints', params.basic_constraints?.join(', '), params.basic_constraints_critical],
    [
      'tlsfeature',
      params.ocsp_must_staple ? 'status_request' : undefined,
      params.ocsp_must_staple_critical,
    ],
    ['nameConstraints', nameConstraints(params, sections), params.name_constraints_critical],
    ['subjectKeyIdentifier', subjectKey(params), false],
    ['authorityKeyIdentifier', authorityKey(params), false],
    ['crlDistributionPoints', distributionPoints(params, sections), false],
  ];
  return lines.flatMap(([name, value, isCritical]): [string, string][] =>
    value === undefined || value === ''
      ? []
      : [[name, `${isCritical ? 'critical, ' : ''}${value}`]],
  );
}

/** Those that are given, else the common name as a host's. */
export function alternativeNames(params: CsrParams): readonly string[] | undefined {
  const given = params.subject_alt_name;
  if (given !== undefined && given.length > 0) return given;
  const commonName = params.common_name ?? commonNameOf(params);
  return params.use_common_name_for_san && commonName !== undefined
    ? [`DNS:${commonName}`]
    : undefined;
}

function commonNameOf(params: CsrParams): string | undefined {
  return subjectFields(params).find(([name]) => name === 'CN' || name === 'commonName')?.[1];
}

/** A section with the names; the reference to it. `dirName` refers to a section in turn. */
function generalNames(
  section: string,
  names: readonly string[],
  sections: Sections,
  prefix = '',
): string {
  const lines = names.map((name, index): [string, string] => {
    const [, kind = '', value = ''] = /^([^:]+):(.*)$/s.exec(name) ?? [];
    if (kind === '')
      throw new ModuleError(`"${name}" does not say what kind of name it is`, {
        hint: 'write DNS:…, IP:…, email:… or URI:…',
      });
    const key = `${prefix}${KINDS.get(kind.toLowerCase()) ?? kind}.${index + 1}`;
    if (kind.toLowerCase() !== 'dirname') return [key, escaped(value)];
    sections.set(`${section}_${index}`, directoryName(value));
    return [key, `${section}_${index}`];
  });
  sections.set(section, lines);
  return `@${section}`;
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['dns', 'DNS'],
  ['ip', 'IP'],
  ['email', 'email'],
  ['uri', 'URI'],
  ['rid', 'RID'],
  ['dirname', 'dirName'],
  ['othername', 'otherName'],
]);

/** `/CN=a/O=b` or `CN=a,O=b`. */
function directoryName(text: string): [string, string][] {
  const separator = text.startsWith('/') ? '/' : ',';
  const parts = text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.map((part, index) => {
    const [name = '', ...value] = part.split('=');
    return [`${index}.${name.trim()}`, escaped(value.join('=').trim())];
  });
}

const USAGES: ReadonlyMap<string, string> = new Map([['contentcommitment', 'nonRepudiation']]);
const USAGE_NAMES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** Also the long names: `Digital Signature`, `Certificate Sign`. */
function keyUsage(name: string): string {
  const short = name
    .replaceAll(/\s/g, '')
    .toLowerCase()
    .replace(/^certificatesign$/, 'keycertsign');
  return USAGES.get(short) ?? USAGE_NAMES.find((each) => each.toLowerCase() === short) ?? name;
}

function nameConstraints(params: CsrParams, sections: Sections): string | undefined {
  const { name_constraints_permitted: permitted = [], name_constraints_excluded: excluded = [] } =
    params;
  if (permitted.length + excluded.length === 0) return undefined;
  generalNames('permitted', permitted.map(withNetmask), sections, 'permitted;');
  generalNames('excluded', excluded.map(withNetmask), sections, 'excluded;');
  const lines = [...(sections.get('permitted') ?? []), ...(sections.get('excluded') ?? [])];
  sections.delete('permitted');
  sections.delete('excluded');
  sections.set('constraints', lines);
  return '@constraints';
}

/** `IP:10.9.0.0/16` as OpenSSL has it: `IP:10.9.0.0/255.255.0.0`. */
function withNetmask(name: string): string {
  const [, address = '', length = ''] = /^IP:([^/]+)\/(\d+)$/i.exec(name) ?? [];
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  if (version === 0 || Number(length) > bits) return name;
  const ones = (1n << BigInt(length)) - 1n;
  const hex = (ones << BigInt(bits - Number(length))).toString(16).padStart(bits / 4, '0');
  const groups = hex.match(version === 4 ? /../g : /..../g) ?? [];
  const mask =
    version === 4 ? groups.map((byte) => Number.parseInt(byte, 16)).join('.') : groups.join(':');
  return `IP:${address}/${mask}`;
}

function subjectKey(params: CsrParams): string | undefined {
  return params.create_subject_key_identifier ? 'hash' : params.subject_key_identifier;
}

/** No configuration names the key of an issuer by its value; as DER it can be given. */
function authorityKey(params: CsrParams): string | undefined {
  const {
    authority_key_identifier: key,
    authority_cert_issuer: issuer,
    authority_cert_serial_number: serial,
  } = params;
  if (key === undefined && serial === undefined) return undefined;
  const parts = [
    ...(key === undefined ? [] : [writeDer(0x80, Buffer.from(key.replaceAll(':', ''), 'hex'))]),
    ...(issuer === undefined ? [] : [writeDer(0xa1, ...issuer.map(generalNameDer))]),
    ...(serial === undefined ? [] : [writeDer(0x82, unsigned(serial))]),
  ];
  return `DER:${writeDer(TAG.sequence, ...parts).toString('hex')}`;
}

function unsigned(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]);
}

function generalNameDer(name: string): Buffer {
  const [, kind = '', value = ''] = /^([^:]+):(.*)$/s.exec(name) ?? [];
  const tags: Readonly<Record<string, number>> = { email: 0x81, dns: 0x82, uri: 0x86 };
  const tag = tags[kind.toLowerCase()];
  if (tag !== undefined) return writeDer(tag, Buffer.from(value));
  throw new ModuleError(`"authority_cert_issuer" cannot be ${name}`, {
    code: 'DROVER_UNSUPPORTED',
    hint: 'DNS, email and URI are known here',
  });
}

function distributionPoints(params: CsrParams, sections: Sections): string | undefined {
  const points = params.crl_distribution_points?.map((point, index) => {
    const id = `point${index}`;
    const lines: [string, string][] = [];
    if (point.full_name !== undefined)
      lines.push(['fullname', generalNames(`${id}_full`, point.full_name, sections)]);
    if (point.relative_name !== undefined) {
      sections.set(`${id}_relative`, directoryName(point.relative_name.join(',')));
      lines.push(['relativename', `${id}_relative`]);
    }
    if (point.crl_issuer !== undefined)
      lines.push(['CRLissuer', generalNames(`${id}_issuer`, point.crl_issuer, sections)]);
    if (point.reasons !== undefined) lines.push(['reasons', point.reasons.map(reason).join(', ')]);
    sections.set(id, lines);
    return id;
  });
  return points?.join(', ');
}

/** `key_compromise` → `keyCompromise`; OpenSSL writes some in its own way. */
function reason(name: string): string {
  const camel = name.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
  return /^ca[A-Z]/.test(camel) ? `CA${camel.slice(2)}` : camel.replace(/^aaC/, 'AAC');
}
