/** The parameters of `get_url`, and its way from the web to a temporary file of the controller. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import type { ObserveContext } from '../module.ts';
import { boolean, fileAttributes, path, seconds, text } from '../params.ts';
import { type Checksum, digestFor } from './checksum.ts';
import type { Destination } from './destination.ts';
import { discard, type FetchedFile, fetchInto } from './fetchedFile.ts';
import { bodyOf, type HttpRequest, type HttpResponse, httpExchange } from './http.ts';
import { httpParams, requestProblem, tlsOptions } from './httpParams.ts';
import { authorization, type Credentials } from './login.ts';
import { netrcLogin } from './netrc.ts';

export const getUrlParams = z.strictObject({
  ...httpParams,
  dest: path().describe('File on the host, or a folder: then the file is named as in the URL.'),
  checksum: text()
    .optional()
    .describe('`sha256:<digest>`, or `sha256:<URL>` of a file that lists digests.'),
  backup: boolean().default(false).describe('Keep the old file beside the new one.'),
  timeout: seconds().default(10_000).describe('Seconds of silence after which the download fails.'),
  tmp_dest: path()
    .optional()
    .describe(
      'Taken for compatibility: the new file is always made beside the old one, and renamed.',
    ),
  url_username: text()
    .optional()
    .describe('User name.')
    .meta({ aliases: ['username'] }),
  url_password: text()
    .optional()
    .describe('Password.')
    .meta({ aliases: ['password'], secret: true }),
  ...fileAttributes,
});
type GetUrlParams = z.output<typeof getUrlParams>;

/** What is asked, with the address taken apart. */
export interface GetUrlInput extends GetUrlParams {
  /** Without user and password. */
  readonly address: string;
  readonly credentials: Credentials | undefined;
  readonly wantedChecksum: Checksum | undefined;
}

/** What the web said: nothing was asked, the file is the same, or here it is. */
export type Download =
  | { readonly type: 'unneeded' }
  | { readonly type: 'notModified'; readonly status: number }
  | {
      readonly type: 'fetched';
      readonly status: number;
      readonly url: string;
      readonly file: FetchedFile;
      readonly path: string;
    };

/** The question about the file on the host. */
export function queryOf(input: GetUrlInput) {
  const { dest, mode, address, wantedChecksum } = input;
  return { path: dest, name: fileName(address), mode, algorithm: wantedChecksum?.algorithm };
}

function fileName(address: string): string {
  return decodeURIComponent(new URL(address).pathname.split('/').pop() ?? '') || 'index.html';
}

/** @throws ModuleError when the web does not give what was asked for; nothing is left behind then. */
export async function download(
  target: Target,
  input: GetUrlInput,
  file: Destination,
  context: ObserveContext,
): Promise<Download> {
  const expected = await expectedDigest(target, input, file, context);
  if (!input.force && file.exists && expected !== undefined && file.checksum === expected) {
    return { type: 'unneeded' };
  }
  const isConditional = file.exists && !file.isFolder && !input.force && expected === undefined;
  const response = await exchange(
    target,
    await requestOf(input, file, target, isConditional, context),
    input,
  );
  if (response.status === 304) {
    response.body.resume();
    return { type: 'notModified', status: 304 };
  }
  await checkStatus(response, input);
  const fetched = await withProblem(input, () =>
    fetchInto(response.body, input.wantedChecksum?.algorithm),
  );
  const named = namedPath(file, response);
  if (expected !== undefined && fetched.checksum !== expected) {
    await discard(fetched);
    throw checksumError(input, expected, fetched);
  }
  if (context.checkMode || (fetched.sha1 === file.sha1 && named === file.path))
    await discard(fetched);
  return {
    type: 'fetched',
    status: response.status,
    url: response.url,
    file: fetched,
    path: named,
  };
}

/** A server may name the file that goes into a folder (RFC 6266). */
function namedPath(file: Destination, { headers }: HttpResponse): string {
  const name = /filename="?([^";]+)"?/i.exec(headers['content-disposition'] ?? '')?.[1];
  if (!file.isFolder || name === undefined) return file.path;
  return `${file.path.slice(0, file.path.lastIndexOf('/'))}/${name.split('/').pop()}`;
}

async function expectedDigest(
  target: Target,
  input: GetUrlInput,
  file: Destination,
  context: ObserveContext,
): Promise<string | undefined> {
  const { wantedChecksum } = input;
  if (wantedChecksum === undefined || !wantedChecksum.isUrl) return wantedChecksum?.value;
  const request = await requestOf(input, file, target, false, context);
  const response = await exchange(target, { ...request, url: wantedChecksum.value }, input);
  await checkStatus(response, { ...input, address: wantedChecksum.value });
  return digestFor(
    (await bodyOf(response)).toString(),
    fileName(input.address),
    wantedChecksum.value,
  );
}

async function requestOf(
  input: GetUrlInput,
  file: Destination,
  target: Target,
  isConditional: boolean,
  { signal }: ObserveContext,
): Promise<HttpRequest> {
  const { credentials, force_basic_auth, use_netrc } = input;
  const isNetrc = use_netrc && credentials === undefined;
  return {
    url: input.address,
    method: 'GET',
    headers: {
      'User-Agent': input.http_agent,
      ...(force_basic_auth ? authorization(credentials) : {}),
      ...(isConditional ? { 'If-Modified-Since': file.modifiedAt.toUTCString() } : {}),
      ...(input.force ? { 'Cache-Control': 'no-cache' } : {}),
      ...input.headers,
      ...(isNetrc ? authorization(netrcLogin(file.netrc, input.address)) : {}),
    },
    credentials,
    timeoutMs: input.timeout,
    redirects: 'safe',
    unredirectedHeaders: input.unredirected_headers,
    decompress: input.decompress,
    proxies: input.use_proxy ? file.proxies : {},
    tls: await tlsOptions(input, target),
    signal,
  };
}

async function exchange(
  target: Target,
  request: HttpRequest,
  input: GetUrlInput,
): Promise<HttpResponse> {
  return withProblem(input, () => httpExchange(target, request));
}

async function withProblem<T>({ address, dest }: GetUrlInput, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { message, hint } = requestProblem(error);
    throw new ModuleError(`Request failed: ${message}`, {
      hint,
      cause: error,
      data: { url: address, dest, status_code: -1 },
    });
  }
}

async function checkStatus(response: HttpResponse, { address, dest }: GetUrlInput): Promise<void> {
  if (response.status === 200) return;
  response.body.resume();
  throw new ModuleError(`Request failed: HTTP Error ${response.status}: ${response.reason}`, {
    data: { url: address, dest, status_code: response.status, response: response.reason },
  });
}

function checksumError(input: GetUrlInput, expected: string, fetched: FetchedFile): ModuleError {
  return new ModuleError(
    `the checksum of ${input.address} is not ${expected}: it is ${fetched.checksum} (${fetched.sizeBytes} bytes)`,
    { data: { url: input.address, dest: input.dest, checksum_src: fetched.sha1 } },
  );
}
