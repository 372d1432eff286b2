/** `uri`: one HTTP request from the host's network, made by the controller through the target. */
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import { type ActionContext, type ActionOutcome, defineAction } from '../module.ts';
import { script } from '../script.ts';
import { bodyOf, type HttpResponse, httpExchange } from './http.ts';
import {
  PROXY_SHELL,
  proxiesOf,
  requestProblem,
  splitCredentials,
  tabbedValues,
  tlsOptions,
} from './httpParams.ts';
import { authorization, type Credentials } from './login.ts';
import { NETRC_SHELL, netrcLogin } from './netrc.ts';
import type { ProxyEnvironment } from './proxy.ts';
import { FORM, JSON_TYPE, requestBody } from './uriBody.ts';
import { type UriParams, uriParams } from './uriParams.ts';
import { cookieData, headerData, jsonOf, textOf, withoutPassword } from './uriResult.ts';
import { storeAnswer } from './uriStore.ts';

/** `CREATES REMOVES`: which of the two decides against the request, and the proxies. */
const OBSERVE = script`
exists() { for each in $1; do [ -e "$each" ] && return; done; return 1; }
IFS=
[ -z "$1" ] || ! exists "$1" || printf 'obstacle\t%s exists\n' "$1"
[ -z "$2" ] || exists "$2" || printf 'obstacle\t%s does not exist\n' "$2"
${PROXY_SHELL}
${NETRC_SHELL}
`;

export const uri = defineAction<UriParams>({
  name: 'uri',
  summary: 'Send an HTTP request from the host and look at the answer',
  description:
    "The request travels through the connection to the host, so that it leaves from the host's network; the host needs no curl. In check mode the task is skipped.",
  params: uriParams,
  examples: [
    '- uri:\n    url: http://localhost:8080/ping\n    return_content: true\n  register: ping\n  until: ping.status == 200\n  retries: 30\n  delay: 2',
    '- uri:\n    url: https://api.example.com/v1/projects\n    method: POST\n    body_format: json\n    body: { name: web }\n    status_code: [200, 201]',
  ],
  returns: {
    status: 'Status code of the answer; -1 when none came.',
    url: 'Where the answer came from, after redirects.',
    redirected: 'Whether a redirect was followed.',
    content: 'The answer, with `return_content` or when the status is not an expected one.',
    json: 'The answer as data, when its type is JSON.',
    cookies: 'Cookies that were set, by name.',
    cookies_string: 'The cookies as a Cookie header.',
    elapsed: 'Seconds that the request took.',
    path: 'File that the answer was stored in.',
  },
  checkMode: 'skip',
  run: runUri,
});

async function runUri(context: ActionContext, params: UriParams): Promise<ActionOutcome> {
  const { obstacle, ...surroundings } = await look(context, params);
  if (obstacle !== undefined)
    return { changed: false, data: { msg: `skipped, since ${obstacle}` } };
  const startedMs = context.controller.now().getTime();
  const exchange = await ask(context, params, surroundings, startedMs);
  const { url_password } = params;
  const elapsed = elapsedSeconds(context, startedMs);
  const data = withoutPassword({ ...exchange.data, elapsed }, url_password);
  if (params.status_code.includes(exchange.response.status)) {
    return succeed(context, params, data, exchange.content);
  }
  const { status, headers } = exchange.response;
  const content = textOf(exchange.content, headers);
  const msg = `Status code was ${status} and not [${params.status_code.join(', ')}]: ${exchange.data.msg}`;
  throw new ModuleError(msg, { data: withoutPassword({ ...data, content, msg }, url_password) });
}

async function look({ target }: ActionContext, { creates, removes }: UriParams) {
  const { stdout } = await target.sh(OBSERVE, { args: [creates ?? '', removes ?? ''] });
  const values = tabbedValues(stdout.toString());
  return {
    obstacle: values.get('obstacle'),
    proxies: proxiesOf(values),
    netrc: values.get('netrc') ?? '',
  };
}

/** What the host says of its way to the web. */
interface Surroundings {
  readonly proxies: ProxyEnvironment;
  readonly netrc: string;
}

interface Exchange {
  readonly response: HttpResponse;
  readonly content: Buffer;
  readonly data: ResultData & { readonly msg: string };
}

/** Errors that mean: no answer came. Others are the user's to mend, and say so themselves. */
const CONNECTION_CODES = new Set(['DROVER_MODULE_FAILED', 'DROVER_TCP_REFUSED']);

/** @throws ModuleError with status -1 when no answer comes. */
async function ask(
  context: ActionContext,
  params: UriParams,
  surroundings: Surroundings,
  startedMs: number,
): Promise<Exchange> {
  const { url, credentials } = splitCredentials(
    params.url,
    params.url_username,
    params.url_password,
    context.controller,
  );
  const login = loginOf(params, url, credentials, surroundings);
  if (login.atOnce !== undefined) context.controller.addSecret(login.atOnce.password);
  const request = await httpRequestOf(context, params, url, login, surroundings);
  try {
    const response = await httpExchange(context.target, request);
    const content = await bodyOf(response);
    return { response, content, data: responseData(params, response, content) };
  } catch (error) {
    if (error instanceof ModuleError && !CONNECTION_CODES.has(error.code)) throw error;
    const { message, hint } = requestProblem(error);
    const elapsed = elapsedSeconds(context, startedMs);
    const nothing = params.return_content ? { content: '' } : {};
    const data = { status: -1, url, redirected: false, elapsed, ...nothing };
    throw new ModuleError(
      `Status code was -1 and not [${params.status_code.join(', ')}]: Request failed: ${message}`,
      {
        hint,
        data,
        cause: error,
      },
    );
  }
}

interface Login {
  /** Sent with the request, whatever its `headers` say. */
  readonly atOnce?: Credentials | undefined;
  /** Sent when the server asks. */
  readonly onDemand?: Credentials | undefined;
}

/** A user that the task names is sent when the server asks, or at once when told to; one of the host's .netrc at once. */
function loginOf(
  { force_basic_auth, use_netrc }: UriParams,
  url: string,
  credentials: Credentials | undefined,
  { netrc }: Surroundings,
): Login {
  if (credentials !== undefined)
    return force_basic_auth ? { atOnce: credentials } : { onDemand: credentials };
  return use_netrc ? { atOnce: netrcLogin(netrc, url) } : {};
}

async function httpRequestOf(
  context: ActionContext,
  params: UriParams,
  url: string,
  { atOnce, onDemand }: Login,
  { proxies }: Surroundings,
) {
  const { content, contentType } = await bodyFor(context, params);
  const given = params.headers ?? {};
  const hasType = Object.keys(given).some((name) => name.toLowerCase() === 'content-type');
  return {
    url,
    method: params.method,
    headers: {
      'User-Agent': params.http_agent,
      ...(contentType === undefined || hasType ? {} : { 'Content-Type': contentType }),
      ...(params.force ? { 'Cache-Control': 'no-cache' } : {}),
      ...given,
      ...authorization(atOnce),
    },
    credentials: onDemand,
    body: content,
    timeoutMs: params.timeout,
    redirects: params.follow_redirects,
    unredirectedHeaders: params.unredirected_headers,
    decompress: params.decompress,
    unixSocket: params.unix_socket,
    proxies: params.use_proxy ? proxies : {},
    tls: await tlsOptions(params, context.target),
    signal: context.signal,
  };
}

async function bodyFor({ target, controller }: ActionContext, params: UriParams) {
  const { src, remote_src, body, body_format } = params;
  const readLocal = async (name: string) =>
    controller.readFile(await controller.findFile('files', name));
  if (src !== undefined) {
    const content = await (remote_src ? target.readFile(src) : readLocal(src));
    return { content, contentType: body_format === 'json' ? JSON_TYPE : FORM };
  }
  if (body === undefined || body === null) return { content: undefined, contentType: undefined };
  return requestBody(body, body_format, remote_src ? (name) => target.readFile(name) : readLocal);
}

function responseData(params: UriParams, response: HttpResponse, content: Buffer) {
  const { url, status, reason, redirected, headers } = response;
  const json = jsonOf(content, headers);
  const isGood = status >= 200 && status < 300;
  const size = headers['content-length'] ?? 'unknown';
  return {
    ...headerData(headers),
    ...locationData(headers['location'], url),
    url,
    status,
    redirected,
    msg: isGood ? `OK (${size} bytes)` : `HTTP Error ${status}: ${reason}`,
    ...cookieData(response.cookies),
    ...(json === undefined ? {} : { json }),
    ...(params.return_content ? { content: textOf(content, headers) } : {}),
  };
}

/** Where a redirect that was not followed leads, as a whole address. */
function locationData(location: string | undefined, url: string) {
  if (location === undefined || !URL.canParse(location, url)) return {};
  return { location: new URL(location, url).href };
}

async function succeed(
  context: ActionContext,
  params: UriParams,
  data: ResultData,
  content: Buffer,
): Promise<ActionOutcome> {
  if (params.dest === undefined) return { changed: false, data };
  const stored = await storeAnswer(context.target, params, params.dest, content);
  return {
    changed: stored.changes.length > 0,
    changes: stored.changes,
    data: { ...data, ...stored.data },
  };
}

function elapsedSeconds({ controller }: ActionContext, startedMs: number): number {
  return Math.floor((controller.now().getTime() - startedMs) / 1000);
}
