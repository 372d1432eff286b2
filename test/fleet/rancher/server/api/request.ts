/** One request as the API reads it: version, scope and path taken apart, the base of its links worked out. */
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiVersion } from '../model/ids.ts';
import { type Fields, parseFields } from '../model/json.ts';
import { invalid } from './errors.ts';

/** What came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Address of the peer of the connection. */
  readonly peer: string;
}

export interface ApiRequest {
  readonly method: string;
  readonly version: ApiVersion;
  /** `http://host:port`, as the client sees the server. */
  readonly baseUrl: string;
  /** Path below the version and the project. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The project of `/projects/<id>/…`: links repeat it. */
  readonly pathProject: string | undefined;
  /** The project asked for by path, header or query, in this order. */
  readonly project: string | undefined;
  readonly clientIp: string;
  /** The body of a POST or PUT. @throws ApiError when it is not one JSON object. */
  input(): Fields;
}

/** Undefined when the path is not below `/v1` or `/v2-beta`. */
export function parseRequest(raw: RawRequest): ApiRequest | undefined {
  const { pathname, searchParams } = new URL(raw.url, 'http://localhost');
  const [version, ...rest] = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  if (version !== 'v1' && version !== 'v2-beta') return undefined;
  const { pathProject, segments } = splitProject(rest);
  return {
    method: raw.method,
    version,
    baseUrl: baseUrl(raw.headers),
    segments,
    query: searchParams,
    headers: raw.headers,
    pathProject,
    project:
      pathProject ??
      header(raw.headers, 'x-api-project-id') ??
      searchParams.get('projectId') ??
      undefined,
    clientIp: clientIp(raw),
    input: () => bodyFields(raw.body),
  };
}

/** `projects/1a5/hosts/1h1` is `hosts/1h1` in a project; `projects/1a5` is the project itself. */
function splitProject(rest: readonly string[]) {
  const [first, project, ...below] = rest;
  const isScope = first?.toLowerCase() === 'projects' && project !== undefined && below.length > 0;
  return isScope
    ? { pathProject: project, segments: below }
    : { pathProject: undefined, segments: rest };
}

/** From X-Forwarded-Proto, -Host and -Port, else Host; the schemes' own ports are left out (rancher.md A7). */
export function baseUrl(headers: IncomingHttpHeaders): string {
  const scheme = header(headers, 'x-forwarded-proto') ?? 'http';
  const host = header(headers, 'x-forwarded-host') ?? headers.host ?? 'localhost';
  const { name, port } = splitHost(host);
  const shown = header(headers, 'x-forwarded-port') ?? port;
  const isUsual = shown === undefined || shown === '80' || shown === '443';
  return `${scheme}://${name}${isUsual ? '' : `:${shown}`}`;
}

function splitHost(host: string): { name: string; port: string | undefined } {
  const match = /^(.*?)(?::(\d+))?$/.exec(host);
  return { name: match?.[1] ?? host, port: match?.[2] };
}

function clientIp(raw: RawRequest): string {
  const forwarded = header(raw.headers, 'x-forwarded-for');
  return (forwarded ?? raw.peer).replace(/^::ffff:/, '');
}

/** The first value of a header that may be a list. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value[0] : value;
  return text?.split(',')[0]?.trim() || undefined;
}

function bodyFields(body: string): Fields {
  if (body.trim() === '') return {};
  const fields = parseFields(body);
  if (fields === undefined) throw invalid('InvalidBodyContent', 'body');
  return fields;
}
