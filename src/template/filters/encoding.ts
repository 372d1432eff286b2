/** Filters that encode, hash and quote text. */
import { createHash, getHashes } from 'node:crypto';
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { bufferEncoding, splitWords } from '../python/textOperations.ts';
import type { Internal, InternalDict } from '../python/types.ts';
import { comment } from './comment.ts';
import { textOf } from './parameters.ts';

/** The name space of `to_uuid` without one (ansible-core's filter documentation). */
const ANSIBLE_NAMESPACE = '361E6D51-FAEC-444A-9079-341386DA8E2E';

export const encodingFilters = table<Filter>({
  b64encode: (value, args) => {
    const [encoding] = bind('b64encode', args, 'encoding');
    return Buffer.from(str(value), bufferEncoding(textOf(encoding, 'utf-8'))).toString('base64');
  },
  b64decode: (value, args) => {
    const [encoding] = bind('b64decode', args, 'encoding');
    return Buffer.from(str(value), 'base64').toString(bufferEncoding(textOf(encoding, 'utf-8')));
  },
  hash: (value, args) => digest(value, textOf(bind('hash', args, 'hashtype')[0], 'sha1')),
  md5: (value) => digest(value, 'md5'),
  sha1: (value) => digest(value, 'sha1'),
  checksum: (value) => digest(value, 'sha1'),
  to_uuid: (value, args) => {
    const [namespace] = bind('to_uuid', args, 'namespace');
    return uuid5(str(value), textOf(namespace, ANSIBLE_NAMESPACE));
  },
  quote: (value) => shellQuoted(value === null ? '' : str(value)),
  urldecode: (value) => urlDecoded(str(value)),
  urlsplit: (value, args) => urlPart(str(value), textOf(bind('urlsplit', args, 'query')[0])),
  split: (value, args) => {
    const [separator, maximum] = bind('split', args, 'sep', 'maxsplit');
    return splitText(str(value), separator, maximum);
  },
  comment,
});

/** The text's digest in hexadecimal. @throws TemplateError for an unknown algorithm. */
function digest(value: Internal, algorithm: string): string {
  const bytes = value instanceof Uint8Array ? value : str(value);
  if (!getHashes().includes(algorithm.toLowerCase()))
    throw usageError(`hash: unsupported hash type "${algorithm}"`);
  return createHash(algorithm).update(bytes).digest('hex');
}

/** RFC 4122 version 5: SHA-1 of the name space and the name. */
function uuid5(name: string, namespace: string): string {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (space.length !== 16)
    throw usageError(`Invalid value '${namespace}' for 'namespace': it is no UUID`);
  const bytes = createHash('sha1').update(space).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Quoted for a POSIX shell where needed. */
export function shellQuoted(text: string): string {
  if (text === '') return "''";
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}

function urlDecoded(text: string): string {
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (codes) =>
      Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
    );
  return bytes;
}

const URL_PATTERN = /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

function urlPart(text: string, wanted: string): Internal {
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] =
    URL_PATTERN.exec(text) ?? [];
  const [userInfo, hostPort] = splitLast(netloc, '@');
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(hostPort) ?? [];
  const [user, password] = userInfo === undefined ? [null, null] : userParts(userInfo);
  const parts: InternalDict = new Map<Internal, Internal>([
    ['fragment', fragment],
    ['hostname', host === '' ? null : host.replace(/^\[|\]$/g, '').toLowerCase()],
    ['netloc', netloc],
    ['password', password],
    ['path', path],
    ['port', port === undefined || port === '' ? null : Number(port)],
    ['query', query],
    ['scheme', scheme.toLowerCase()],
    ['username', user],
  ]);
  if (wanted === '') return parts;
  const part = parts.get(wanted);
  if (part === undefined) throw usageError(`urlsplit: unknown URL component: ${wanted}`);
  return part;
}

function splitLast(text: string, separator: string): [string | undefined, string] {
  const at = text.lastIndexOf(separator);
  return at === -1 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)];
}

function userParts(text: string): [string, string | null] {
  const at = text.indexOf(':');
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function splitText(
  text: string,
  separator: Internal | undefined,
  maximum: Internal | undefined,
): Internal {
  const limit = maximum === undefined ? -1 : Number(str(maximum));
  if (separator === undefined || separator === null) return splitWords(text, limit);
  const by = str(separator);
  const parts = text.split(by);
  return limit < 0 || parts.length <= limit + 1
    ? parts
    : [...parts.slice(0, limit), parts.slice(limit).join(by)];
}
