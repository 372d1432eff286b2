/** `get_url`: a file from the web onto a host, fetched by the controller through the target's network. */
import { z } from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { defineResource, type ObserveContext } from '../module.ts';
import { boolean, fileAttributes, path, seconds, text } from '../params.ts';
import { type Checksum, digestFor, parseChecksum } from './checksum.ts';
import {
  attributeChanges,
  type Destination,
  destination,
  fileData,
  SET_ATTRIBUTES,
  wantedData,
} from './destination.ts';
import { discard, type FetchedFile, fetchInto } from './fetchedFile.ts';
import { bodyOf, type HttpRequest, type HttpResponse, httpExchange } from './http.ts';
import {
  authorization,
  type Credentials,
  httpParams,
  requestProblem,
  splitCredentials,
  tlsOptions,
} from './httpParams.ts';

const params = z.strictObject({
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
type Params = z.output<typeof params>;

interface Input extends Params {
  /** Without user and password. */
  readonly address: string;
  readonly credentials: Credentials | undefined;
  readonly wantedChecksum: Checksum | undefined;
}

/** What the web says: nothing was asked, the file is the same, or here it is. */
type Download =
  | { readonly type: 'unneeded' }
  | { readonly type: 'notModified'; readonly status: number }
  | {
      readonly type: 'fetched';
      readonly status: number;
      readonly url: string;
      readonly file: FetchedFile;
      readonly path: string;
    };

type Operation = 'attributes' | { readonly file: FetchedFile; readonly path: string };

export const getUrl = defineResource({
  name: 'get_url',
  summary: 'Download a file from the web to the host',
  description:
    'The request leaves from the network of the host, which needs no curl. A file that is there is asked for conditionally (If-Modified-Since) and replaced only when its content differs; with a matching `checksum` nothing is asked at all. Check mode downloads to compare, and keeps nothing.',
  params,
  examples: [
    '- get_url:\n    url: https://example.com/tool-1.2.tar.gz\n    dest: /opt/tool-1.2.tar.gz\n    checksum: sha256:https://example.com/SHA256SUMS\n    mode: "0644"',
  ],
  returns: {
    url: 'The address.',
    dest: 'The file on the host.',
    checksum_src: 'SHA1 of what was downloaded.',
    checksum_dest: 'SHA1 of the file before.',
    md5sum: 'MD5 of the file.',
    status_code: 'Status code of the answer.',
    size: 'Size in bytes.',
    owner: 'Owner of the file.',
    group: 'Group of the file.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    mode: 'Mode of the file.',
    state: 'Always `file`.',
    backup_file: 'The old file, with `backup`.',
  },

  prepare(input, controller): Input {
    const { url_username, url_password } = input;
    const { url, credentials } = splitCredentials(
      input.url,
      url_username,
      url_password,
      controller,
    );
    return { ...input, address: url, credentials, wantedChecksum: parseChecksum(input.checksum) };
  },
  observe: (input) => ({ file: destination(queryOf(input)) }),
  observeWith: async (target, input, { file }, context) => ({
    download: await download(target, input, file, context),
  }),
  plan: (input, { file, download: answer }) => plan(input, file, answer),
  apply: (changes, target, input) => applyDownload(changes, target, input),
  result: (input, { file, download: answer }) => resultOf(input, file, answer),
});

function queryOf(input: Input) {
  const { dest, mode, address, wantedChecksum } = input;
  return { path: dest, name: fileName(address), mode, algorithm: wantedChecksum?.algorithm };
}

function fileName(address: string): string {
  return decodeURIComponent(new URL(address).pathname.split('/').pop() ?? '') || 'index.html';
}

async function download(
  target: Target,
  input: Input,
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
  input: Input,
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
  input: Input,
  file: Destination,
  target: Target,
  isConditional: boolean,
  { signal }: ObserveContext,
): Promise<HttpRequest> {
  return {
    url: input.address,
    method: 'GET',
    headers: {
      'User-Agent': input.http_agent,
      ...(input.force_basic_auth ? authorization(input.credentials) : {}),
      ...(isConditional ? { 'If-Modified-Since': file.modifiedAt.toUTCString() } : {}),
      ...(input.force ? { 'Cache-Control': 'no-cache' } : {}),
      ...input.headers,
    },
    timeoutMs: input.timeout,
    redirects: 'safe',
    unredirectedHeaders: input.unredirected_headers,
    decompress: input.decompress,
    proxies: input.use_proxy ? file.proxies : {},
    tls: await tlsOptions(input, target),
    signal,
  };
}

/** Sends credentials when the server asks for them. */
async function exchange(target: Target, request: HttpRequest, input: Input): Promise<HttpResponse> {
  return withProblem(input, async () => {
    const response = await httpExchange(target, request);
    if (response.status !== 401 || input.credentials === undefined || input.force_basic_auth)
      return response;
    response.body.resume();
    const headers = { ...authorization(input.credentials), ...request.headers };
    return httpExchange(target, { ...request, headers });
  });
}

async function withProblem<T>({ address, dest }: Input, work: () => Promise<T>): Promise<T> {
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

async function checkStatus(response: HttpResponse, { address, dest }: Input): Promise<void> {
  if (response.status === 200) return;
  response.body.resume();
  throw new ModuleError(`Request failed: HTTP Error ${response.status}: ${response.reason}`, {
    data: { url: address, dest, status_code: response.status, response: response.reason },
  });
}

function checksumError(input: Input, expected: string, fetched: FetchedFile): ModuleError {
  return new ModuleError(
    `the checksum of ${input.address} is not ${expected}: it is ${fetched.checksum} (${fetched.sizeBytes} bytes)`,
    { data: { url: input.address, dest: input.dest, checksum_src: fetched.sha1 } },
  );
}

function plan(input: Input, file: Destination, answer: Download): readonly Change<Operation>[] {
  const isSame =
    answer.type !== 'fetched' || (answer.file.sha1 === file.sha1 && answer.path === file.path);
  if (isSame) return attributeChanges(input, file);
  const before = file.exists ? `sha1 ${file.sha1} (${file.attributes.size} bytes)` : 'absent';
  return [
    {
      what: answer.path,
      before,
      after: `sha1 ${answer.file.sha1} (${answer.file.sizeBytes} bytes)`,
      operation: { file: answer.file, path: answer.path },
    },
  ];
}

async function applyDownload(changes: readonly Change<Operation>[], target: Target, input: Input) {
  const { owner, group, mode, backup, unsafe_writes } = input;
  let path = '';
  let backupFile: string | undefined;
  for (const { operation } of changes) {
    if (operation === 'attributes') continue;
    path = operation.path;
    try {
      const options = { owner, group, mode, backup, unsafeWrites: unsafe_writes };
      backupFile = (await target.upload(operation.file.path, path, options)).backup;
    } finally {
      await discard(operation.file);
    }
  }
  if (path === '') await setAttributes(target, input);
  const query = { ...queryOf(input), ...(path === '' ? {} : { path }) };
  const { file } = await target.observe({ file: destination(query) });
  return {
    ...fileData(file),
    md5sum: file.md5,
    ...(backupFile === undefined ? {} : { backup_file: backupFile }),
  };
}

async function setAttributes(target: Target, input: Input): Promise<void> {
  const { file } = await target.observe({ file: destination(queryOf(input)) });
  const args = [file.path, input.owner ?? '', input.group ?? '', input.mode ?? ''];
  const { rc, stderr } = await target.sh(SET_ATTRIBUTES, { args });
  if (rc !== 0) throw new ModuleError(`${file.path}: ${stderr.toString().trim()}`);
}

function resultOf(input: Input, file: Destination, answer: Download) {
  const wasFetched = answer.type === 'fetched';
  return {
    url: input.address,
    dest: wasFetched ? answer.path : file.path,
    ...(file.exists ? { ...fileData(file), checksum_dest: file.sha1, md5sum: file.md5 } : {}),
    ...wantedData(input, file),
    ...(wasFetched
      ? {
          checksum_src: answer.file.sha1,
          md5sum: answer.file.md5,
          size: answer.file.sizeBytes,
          state: 'file',
        }
      : {}),
    ...(answer.type === 'unneeded'
      ? { msg: 'file already exists' }
      : {
          status_code: answer.status,
          msg: wasFetched ? `OK (${answer.file.sizeBytes} bytes)` : 'HTTP Error 304: Not Modified',
        }),
  };
}
