/** From a raw request to a response: public paths, version documents, special routes, then the resource types. */

import { namesOf } from '../model/ids.ts';
import type { Fields } from '../model/json.ts';
import type { Call } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import { openRoutes, specialRoutes } from '../resources/routes.ts';
import { type Caller, resolveCaller } from './access.ts';
import { answerType } from './crud.ts';
import { ApiError, errorBody, notFound } from './errors.ts';
import { type ApiRequest, baseUrl, header, parseRequest, type RawRequest } from './request.ts';
import { type ApiResponse, ok, TextBody } from './response.ts';
import { answerSchemas, visibleTypes } from './schemas.ts';
import { apiRoot, collectionUrl } from './urls.ts';

/** Never rejects: what goes wrong becomes an error body. */
export async function dispatch(raw: RawRequest, world: World): Promise<ApiResponse> {
  try {
    return await route(raw, world);
  } catch (error) {
    return errorResponse(error, raw, world);
  }
}

async function route(raw: RawRequest, world: World): Promise<ApiResponse> {
  const path = raw.url.split('?')[0] ?? '/';
  if (path === '/ping') return ok(new TextBody('text/plain', 'pong'));
  if (path === '/healthcheck') return ok({});
  const request = parseRequest(raw);
  if (request === undefined) return rootDocument(path, raw, world);
  const open = openRoutes[request.segments[0]?.toLowerCase() ?? ''];
  if (open !== undefined) return open(request, world);
  const caller = await resolveCaller(request, world);
  const response = await answer({ request, world, ...caller });
  return { ...response, headers: { ...callerHeaders(request, caller), ...response.headers } };
}

async function answer(call: Call): Promise<ApiResponse> {
  const [first] = call.request.segments;
  if (first === undefined) return ok(versionDocument(call));
  if (first.toLowerCase() === 'schemas') return answerSchemas(call);
  const special = specialRoutes[first.toLowerCase()];
  if (special !== undefined) return special(call);
  const type = call.world.types.named(first, call.request.version);
  if (type === undefined) throw notFound();
  return answerType(type, call);
}

/** `/`: the versions there are. */
async function rootDocument(path: string, raw: RawRequest, world: World): Promise<ApiResponse> {
  if (path.startsWith('/v1-catalog')) return catalogRoute(raw, world);
  if (path !== '/') throw notFound();
  const base = baseUrl(raw.headers);
  const version = (id: string) => ({
    id,
    type: 'apiVersion',
    links: { self: `${base}/${id}` },
    actions: {},
  });
  return ok({
    type: 'collection',
    resourceType: 'apiVersion',
    links: { self: `${base}/`, latest: `${base}/v2-beta` },
    data: [version('v1'), version('v2-beta')],
  });
}

function catalogRoute(raw: RawRequest, world: World): Promise<ApiResponse> {
  return world.catalog.answer(raw);
}

function versionDocument(call: Call): Fields {
  const { request } = call;
  const links = visibleTypes(call).map((type) => [
    namesOf(type, request.version).plural,
    collectionUrl(request, type),
  ]);
  return {
    id: request.version,
    type: 'apiVersion',
    links: {
      self: apiRoot(request),
      schemas: `${apiRoot(request)}/schemas`,
      ...Object.fromEntries(links),
    },
    actions: {},
  };
}

function callerHeaders(request: ApiRequest, { user, accountId }: Caller): Record<string, string> {
  return {
    'X-Api-Schemas': `${apiRoot(request)}/schemas`,
    'X-Api-Account-Id': `1a${accountId}`,
    'X-Api-User-Id': `1a${user.number}`,
    'X-Api-Account-Kind': String(user.fields['kind'] ?? user.type),
    'X-Api-Client-Ip': request.clientIp,
  };
}

const challenge = 'Basic realm="Enter API access key and secret key as username and password"';

function errorResponse(error: unknown, raw: RawRequest, world: World): ApiResponse {
  const known = error instanceof ApiError ? error : serverFault(error, world);
  const isSilent = header(raw.headers, 'x-api-no-challenge') === 'true';
  const headers: Record<string, string> =
    known.status === 401 && !isSilent ? { 'WWW-Authenticate': challenge } : {};
  return { status: known.status, headers, body: errorBody(known) };
}

function serverFault(error: unknown, world: World): ApiError {
  world.log(`ERROR ${error instanceof Error ? error.stack : String(error)}`);
  return new ApiError(500, 'Internal Server Error', { message: 'Internal Server Error' });
}
