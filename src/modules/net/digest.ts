/** Digest access authentication: from the challenge of a server to the header that answers it (RFC 7616, RFC 2617). Pure. */
import { createHash } from 'node:crypto';
import type { Credentials } from './login.ts';

export interface Challenge {
  /** In lower case: `basic`, `digest`, … */
  readonly scheme: string;
  /** By name in lower case, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface DigestRequest {
  readonly method: string;
  /** Path and query, as they stand in the request. */
  readonly path: string;
  readonly body?: Buffer | undefined;
  /** Made for this request, and for no other one. */
  readonly clientNonce: string;
}

/** Node's name of each algorithm, the best ones first. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
};

const NAME_OR_PARAMETER = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

/** @param header the value of WWW-Authenticate, several ones joined by commas. */
export function challengesIn(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const [, name = '', quoted, plain] of header.matchAll(NAME_OR_PARAMETER)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
  }
  return challenges;
}

/** The value of Authorization for the best of the digest challenges; undefined when there is none that we can answer. */
export function digestAuthorization(
  challenges: readonly Challenge[],
  credentials: Credentials,
  request: DigestRequest,
): string | undefined {
  const best = Object.keys(ALGORITHMS).flatMap((name) =>
    challenges.filter((each) => each.scheme === 'digest' && algorithmOf(each).name === name),
  );
  const answerable = best.find((each) => qopOf(each) !== 'unknown');
  return answerable && authorization(answerable, credentials, request);
}

function algorithmOf({ parameters }: Challenge) {
  const written = parameters.get('algorithm') ?? 'MD5';
  const isSession = /-sess$/i.test(written);
  return { written, isSession, name: written.toUpperCase().replace(/-SESS$/, '') };
}

/** Which quality of protection to use; undefined where the server knows none (RFC 2069). */
function qopOf({ parameters }: Challenge): 'auth' | 'auth-int' | 'unknown' | undefined {
  const offered = parameters
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/);
  if (offered === undefined) return undefined;
  if (offered.includes('auth')) return 'auth';
  return offered.includes('auth-int') ? 'auth-int' : 'unknown';
}

function authorization(
  challenge: Challenge,
  { user, password }: Credentials,
  { method, path, body, clientNonce }: DigestRequest,
): string {
  const { name, written, isSession } = algorithmOf(challenge);
  const hash = (...parts: readonly string[]) => digestOf(name, parts.join(':'));
  const given = (parameter: string) => challenge.parameters.get(parameter);
  const [realm, nonce, opaque, qop] = [
    given('realm') ?? '',
    given('nonce') ?? '',
    given('opaque'),
    qopOf(challenge),
  ];
  const count = '00000001';
  const login = hash(user, realm, password);
  const secret = isSession ? hash(login, nonce, clientNonce) : login;
  const asked = qop === 'auth-int' ? [method, path, digestOf(name, body ?? '')] : [method, path];
  const proof = qop === undefined ? [nonce] : [nonce, count, clientNonce, qop];
  const parts = [
    `username=${quoted(user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(path)}`,
    `response="${hash(secret, ...proof, hash(...asked))}"`,
    ...(given('algorithm') === undefined ? [] : [`algorithm=${written}`]),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${count}`, `cnonce=${quoted(clientNonce)}`]),
  ];
  return `Digest ${parts.join(', ')}`;
}

function digestOf(algorithm: string, content: string | Buffer): string {
  return createHash(ALGORITHMS[algorithm] ?? 'md5')
    .update(content)
    .digest('hex');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
