import { beforeEach, describe, expect, it } from 'vitest';
import { type Double, startDouble } from './support/double.ts';

let double: Double;
beforeEach(async () => {
  double = await startDouble();
});

const adminLogin = {
  enabled: true,
  accessMode: 'unrestricted',
  username: 'root',
  password: 's3cret',
  name: 'admin',
};

async function apiKey(body: object = {}, url = '/v2-beta/apikeys') {
  const made = await double.post(url, body);
  await double.clock.advance(600);
  return { id: made.id, auth: `${String(made['publicValue'])}:${String(made['secretValue'])}` };
}

describe('access control off', () => {
  it('takes everybody for the administrator, also with a wrong key', async () => {
    const { status, headers } = await double.ask('GET', '/v1', { auth: 'wrong:key' });
    expect({ status, account: headers['X-Api-Account-Id'] }).toEqual({
      status: 200,
      account: '1a1',
    });
  });

  it('still asks who enforces it', async () => {
    const headers = { 'x-enforce-authentication': 'true' };
    expect((await double.ask('GET', '/v1', { headers })).status).toBe(401);
  });
});

describe('API keys', () => {
  it('show the secret in the answer to the POST, and never again', async () => {
    const made = await double.ask('POST', '/v2-beta/apikeys', { body: {} });
    expect({ status: made.status, state: made.body.state }).toEqual({
      status: 201,
      state: 'registering',
    });
    expect(made.body['publicValue']).toMatch(/^[0-9A-F]{20}$/);
    expect(made.body['secretValue']).toMatch(/^[1-9A-HJ-NP-Za-km-z]{40}$/);
    await double.clock.advance(600);
    const read = await double.get(`/v2-beta/apikeys/${made.body.id}`);
    expect({ state: read.state, secret: read['secretValue'] }).toEqual({
      state: 'active',
      secret: undefined,
    });
  });

  it('refuse a public value that is taken', async () => {
    await double.post('/v2-beta/apikeys', { publicValue: 'A' });
    const { status, body } = await double.ask('POST', '/v2-beta/apikeys', {
      body: { publicValue: 'A' },
    });
    expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'NotUnique' });
  });

  it('of a project see that project as if it were named', async () => {
    const { auth } = await apiKey({ accountId: '1a5' });
    expect((await double.ask('POST', '/v1/registrationtokens', { auth })).status).toBe(201);
    const other = await double.post('/v2-beta/projects', { name: 'other' });
    expect((await double.ask('GET', `/v1/projects/${other.id}/hosts`, { auth })).status).toBe(403);
  });
});

describe('access control on', () => {
  let auth: string;
  let keyId: string | null;
  beforeEach(async () => {
    ({ auth, id: keyId } = await apiKey());
    expect(
      (await double.ask('POST', '/v2-beta/localauthconfigs', { body: adminLogin })).status,
    ).toBe(201);
  });

  it.each([undefined, 'wrong:key'])(
    "answers 401 to the key %s, with the API's body and a challenge",
    async (wrong) => {
      const { status, body, headers } = await double.ask(
        'GET',
        '/v1/projects',
        wrong === undefined ? {} : { auth: wrong },
      );
      expect({ status, ...body }).toMatchObject({
        type: 'error',
        status: 401,
        code: 'Unauthorized',
        message: 'Unauthorized',
        detail: null,
      });
      expect(headers['WWW-Authenticate']).toBe(
        'Basic realm="Enter API access key and secret key as username and password"',
      );
    },
  );

  it('leaves the challenge out when asked to', async () => {
    const { headers } = await double.ask('GET', '/v1', {
      headers: { 'x-api-no-challenge': 'true' },
    });
    expect(headers['WWW-Authenticate']).toBeUndefined();
  });

  it('lets a key in until it is deactivated', async () => {
    expect((await double.ask('GET', '/v1/projects', { auth })).status).toBe(200);
    await double.ask('POST', `/v2-beta/apikeys/${keyId}?action=deactivate`, { auth });
    await double.clock.advance(300);
    expect((await double.ask('GET', '/v1/projects', { auth })).status).toBe(401);
  });

  it('leaves /ping and scripts open', async () => {
    await double.ask('POST', '/v1/registrationtokens?projectId=1a5', { auth });
    await double.clock.advance(600);
    const { body } = await double.ask('GET', '/v1/projects/1a5/registrationtokens', { auth });
    const token = String(body.data[0]?.['token']);
    expect((await double.ask('GET', `/v1/scripts/${token}`)).status).toBe(200);
    expect((await double.ask('GET', '/ping')).text).toBe('pong');
  });

  it('logs in with user and password for a token of 16 hours', async () => {
    const { status, body } = await double.ask('POST', '/v2-beta/token', {
      body: { code: 'root:s3cret' },
    });
    expect({ status, user: body['user'] }).toEqual({ status: 201, user: 'root' });
    const headers = { authorization: `Bearer ${String(body['jwt'])}` };
    expect((await double.ask('GET', '/v1/projects', { headers })).status).toBe(200);
    const forged = { authorization: `Bearer ${String(body['jwt'])}x` };
    expect((await double.ask('GET', '/v1/projects', { headers: forged })).status).toBe(401);
    await double.clock.advance(16 * 3_600_000);
    expect((await double.ask('GET', '/v1/projects', { headers })).status).toBe(401);
  });

  it('refuses a wrong password, and tells the provider to anybody', async () => {
    expect((await double.ask('POST', '/v2-beta/token', { body: { code: 'root:no' } })).status).toBe(
      401,
    );
    const { data } = await double.get('/v2-beta/token');
    expect(data[0]).toMatchObject({ authProvider: 'localauthconfig', enabled: true });
  });

  it('gives a user the projects they are a member of', async () => {
    const user = (
      await double.ask('POST', '/v2-beta/accounts', { auth, body: { name: 'ann', kind: 'user' } })
    ).body;
    await double.clock.advance(600);
    const key = (
      await double.ask('POST', '/v2-beta/apikeys', { auth, body: { accountId: user.id } })
    ).body;
    await double.clock.advance(600);
    const annAuth = `${String(key['publicValue'])}:${String(key['secretValue'])}`;
    expect((await double.ask('GET', '/v1/projects', { auth: annAuth })).body.data).toEqual([]);
    expect((await double.ask('GET', '/v1/projects/1a5/hosts', { auth: annAuth })).status).toBe(403);
    const own = await double.ask('POST', '/v2-beta/projects', {
      auth: annAuth,
      body: { name: 'anns' },
    });
    await double.clock.advance(600);
    const { data } = (await double.ask('GET', '/v1/projects', { auth: annAuth })).body;
    expect(data.map(({ id }) => id)).toEqual([own.body.id]);
    expect((await double.ask('GET', '/v2-beta/settings/api.host', { auth: annAuth })).status).toBe(
      200,
    );
    expect((await double.ask('GET', '/v2-beta/clustermemberships', { auth: annAuth })).status).toBe(
      404,
    );
  });

  it('is turned off with enabled null', async () => {
    await double.ask('POST', '/v2-beta/localauthconfig', { auth, body: { enabled: null } });
    expect((await double.ask('GET', '/v1/projects')).status).toBe(200);
    expect((await double.get('/v2-beta/token')).data[0]).toMatchObject({
      authProvider: 'none',
      enabled: false,
    });
  });
});
