/** `/token`: log in with `user:password`; unauthenticated it tells the provider (rancher.md B3). */
import { invalid, methodNotAllowed, unauthorized } from '../api/errors.ts';
import type { ApiRequest } from '../api/request.ts';
import { type ApiResponse, ok } from '../api/response.ts';
import { accountNumber } from '../model/ids.ts';
import { asText, type Fields } from '../model/json.ts';
import type { World } from '../model/world.ts';
import { credential } from './credentials.ts';
import { issueToken } from './session.ts';

export async function answerToken(request: ApiRequest, world: World): Promise<ApiResponse> {
  if (request.method === 'GET') return ok(tokenList(await provider(world), request));
  if (request.method === 'POST') return { status: 201, body: await login(request, world) };
  throw methodNotAllowed();
}

async function provider(world: World): Promise<Fields> {
  return {
    id: null,
    type: 'token',
    links: {},
    actions: {},
    baseType: 'token',
    authProvider: await world.settings.value('api.auth.provider.configured'),
    enabled: (await world.settings.value('api.security.enabled')) === 'true',
    security: (await world.settings.value('api.security.enabled')) === 'true',
    jwt: null,
    user: null,
    userIdentity: null,
  };
}

/** @throws ApiError 401 for a wrong user name or password */
async function login(request: ApiRequest, world: World): Promise<Fields> {
  const code = asText(request.input()['code']);
  if (code === undefined) throw invalid('MissingRequired', 'code');
  const [user = '', ...rest] = code.split(':');
  const known = await credential('password', user, rest.join(':'), world);
  const number = known === undefined ? undefined : accountNumber(String(known.fields['accountId']));
  if (number === undefined) throw unauthorized();
  const identity = {
    externalId: `1a${number}`,
    externalIdType: 'rancher_id',
    id: `rancher_id:1a${number}`,
    login: user,
    name: user,
    type: 'identity',
    user: true,
  };
  return {
    ...(await provider(world)),
    jwt: await issueToken(number, world),
    user,
    accountId: `1a${number}`,
    userType: 'admin',
    userIdentity: identity,
  };
}

function tokenList(token: Fields, request: ApiRequest): Fields {
  return {
    type: 'collection',
    resourceType: 'token',
    links: { self: `${request.baseUrl}/${request.version}/token` },
    actions: {},
    data: [token],
    pagination: null,
  };
}
