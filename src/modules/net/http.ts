/**
 * HTTP from the target's network: Node's client over a stream that the target opens, so that nothing is needed on the
 * host. One exchange is one connection. Redirects, authentication, decompression and timeouts are here.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { Target } from '../../target/target.ts';
import {
  type Connection,
  openConnection,
  proxyAuthorization,
  type Route,
} from './httpConnection.ts';
import { answerTo401, type Credentials } from './login.ts';

/** `safe`: only GET and HEAD; `urllib2`: those and, but for 307 and 308, POST; all turn into GET. */
export type RedirectMode = 'all' | 'safe' | 'none' | 'urllib2';

export interface HttpRequest extends Route {
  readonly url: string;
  readonly method: string;
  /** By name as written; a name may occur once. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** Longest silence: until the answer begins, and between its parts. */
  readonly timeoutMs: number;
  readonly redirects: RedirectMode;
  /** Headers that stay behind when a redirect is followed. */
  readonly unredirectedHeaders?: readonly string[];
  readonly decompress: boolean;
  /** Sent when the server of `url` asks for them. */
  readonly credentials?: Credentials | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  /** Lower-case names; what occurs several times is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly redirected: boolean;
  readonly body: Readable;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

type Network = Pick<Target, 'connect' | 'connectUnix' | 'sh'>;

/** @throws Error when no answer comes: refused, timed out, wrong certificate, too many redirects. */
export async function httpExchange(target: Network, request: HttpRequest): Promise<HttpResponse> {
  let current = request;
  const cookies: string[] = [];
  const { host } = new URL(request.url);
  const send = async (each: HttpRequest) => {
    const response = await exchangeOnce(target, each);
    cookies.push(...(response.headers['set-cookie'] ?? []));
    return response;
  };
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const first = await send(current);
    const again = loggedIn(current, first, host);
    if (again !== undefined) first.resume();
    const response = again === undefined ? first : await send(again);
    const next = redirected(current, response);
    if (next === undefined) return responseOf(current, response, cookies, hop > 0);
    response.resume();
    current = next;
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects, the last one to ${current.url}`);
}

function exchangeOnce(target: Network, request: HttpRequest): Promise<IncomingMessage> {
  const url = new URL(request.url);
  return withTimeout(request, async (onTimeout) => {
    const connection = await openConnection(target, url, request);
    onTimeout(() => connection.stream.destroy());
    return send(url, request, connection);
  });
}

function send(
  url: URL,
  request: HttpRequest,
  { stream, proxy }: Connection,
): Promise<IncomingMessage> {
  const { method, body } = request;
  return new Promise((resolve, reject) => {
    const message = httpRequest({
      method,
      path:
        proxy === undefined
          ? `${url.pathname}${url.search}`
          : `${url.origin}${url.pathname}${url.search}`,
      headers: requestHeaders(url, request, proxy),
      setHost: false,
      createConnection: () => stream,
    });
    message.once('error', reject);
    message.once('response', (response) => {
      response.once('close', () => stream.destroy());
      resolve(response);
    });
    message.end(body);
  });
}

function requestHeaders(url: URL, { headers, body, method }: HttpRequest, proxy: URL | undefined) {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const standard = {
    host: url.host,
    'accept-encoding': 'identity',
    connection: 'close',
    ...(body !== undefined || ['POST', 'PUT', 'PATCH'].includes(method)
      ? { 'content-length': String(body?.length ?? 0) }
      : {}),
    ...(proxy === undefined ? {} : proxyAuthorization(proxy)),
  };
  const missing = Object.entries(standard).filter(([name]) => !given.has(name));
  return { ...Object.fromEntries(missing), ...headers };
}

async function withTimeout<T>(
  { timeoutMs, url, signal }: HttpRequest,
  work: (onTimeout: (stop: () => void) => void) => Promise<T>,
): Promise<T> {
  const stops: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    const end = (reason: Error) => {
      reject(reason);
      for (const stop of stops) stop();
    };
    timer = setTimeout(
      () => end(new Error(`no answer from ${url} within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    abort = () => end(new Error('the run was interrupted'));
    signal?.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work((stop) => stops.push(stop)), stopped]);
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
  }
}

/** The request with an answer to the server's 401; undefined when there is none, or it was given already. @param host whom the credentials are for. */
function loggedIn(
  request: HttpRequest,
  { statusCode, headers: answered }: IncomingMessage,
  host: string,
): HttpRequest | undefined {
  const { credentials, headers, url } = request;
  if (statusCode !== 401 || credentials === undefined || new URL(url).host !== host)
    return undefined;
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return undefined;
  const login = answerTo401(answered['www-authenticate'] ?? '', credentials, request);
  return { ...request, headers: { ...headers, Authorization: login } };
}

/** The request that follows a redirect; undefined when the answer is to be taken as it is. */
function redirected(request: HttpRequest, response: IncomingMessage): HttpRequest | undefined {
  const status = response.statusCode ?? 0;
  const location = response.headers.location;
  if (!REDIRECTS.has(status) || location === undefined || !isFollowed(request, status))
    return undefined;
  const url = new URL(location, request.url);
  const method = redirectedMethod(request, status);
  const keepsBody = method === request.method;
  return {
    ...request,
    url: url.href,
    method,
    body: keepsBody ? request.body : undefined,
    headers: redirectedHeaders(request, url, keepsBody),
  };
}

function isFollowed({ redirects, method }: HttpRequest, status: number): boolean {
  if (redirects === 'all') return true;
  if (redirects === 'none') return false;
  if (method === 'POST') return redirects === 'urllib2' && status < 307;
  return method === 'GET' || method === 'HEAD';
}

/** As browsers do: only 307 and 308 keep a method that is neither GET nor HEAD. */
function redirectedMethod({ method, redirects }: HttpRequest, status: number): string {
  if (redirects === 'urllib2') return 'GET';
  if (method === 'HEAD') return method;
  if (status === 303 || status === 302) return 'GET';
  return status === 301 && method === 'POST' ? 'GET' : method;
}

/** Credentials do not follow to another host. */
function redirectedHeaders(
  request: HttpRequest,
  url: URL,
  keepsBody: boolean,
): Record<string, string> {
  const left = new Set((request.unredirectedHeaders ?? []).map((name) => name.toLowerCase()));
  if (new URL(request.url).host !== url.host) {
    for (const name of ['authorization', 'cookie', 'host']) left.add(name);
  }
  if (!keepsBody) for (const name of ['content-length', 'content-type']) left.add(name);
  return Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !left.has(name.toLowerCase())),
  );
}

function responseOf(
  request: HttpRequest,
  response: IncomingMessage,
  cookies: readonly string[],
  wasRedirected: boolean,
): HttpResponse {
  return {
    url: request.url,
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    headers: joinedHeaders(response),
    cookies,
    redirected: wasRedirected,
    body: decoded(request, response),
  };
}

function joinedHeaders(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headersDistinct);
  return Object.fromEntries(entries.map(([name, values]) => [name, (values ?? []).join(', ')]));
}

/** The body, decompressed if asked; an error of the transfer reaches the reader. */
function decoded({ decompress, timeoutMs }: HttpRequest, response: IncomingMessage): Readable {
  const body = Readable.from(withoutLongSilence(response, timeoutMs), { objectMode: false });
  const encoding = response.headers['content-encoding']?.toLowerCase();
  if (!decompress || (encoding !== 'gzip' && encoding !== 'deflate')) return body;
  const decoder = encoding === 'gzip' ? createGunzip() : createInflate();
  return pipeline(body, decoder, () => undefined);
}

/** Ends the answer when nothing comes for so long. A stream through SSH has no timeout of its own, as a socket has. */
async function* withoutLongSilence(
  response: IncomingMessage,
  timeoutMs: number,
): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = response[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await nextWithin(chunks, timeoutMs);
      if (done === true) return;
      yield value;
    }
  } finally {
    response.destroy();
  }
}

function nextWithin<T>(items: AsyncIterator<T>, timeoutMs: number): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`the answer stopped for ${timeoutMs / 1000} s`));
    const timer = setTimeout(late, timeoutMs);
    items
      .next()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** The whole body. */
export async function bodyOf({ body }: Pick<HttpResponse, 'body'>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
