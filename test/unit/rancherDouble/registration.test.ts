import { beforeEach, describe, expect, it } from 'vitest';
import { type Double, startDouble } from './support/double.ts';
import { ManualClock } from './support/manualClock.ts';

const tokens = '/v1/registrationtokens?projectId=1a5';
let double: Double;
beforeEach(async () => {
  double = await startDouble();
});

describe('registration tokens', () => {
  it('POST with a project answers 201, registering, without a URL yet', async () => {
    const { status, body } = await double.ask('POST', tokens);
    expect({ status, id: body.id, state: body.state, url: body['registrationUrl'] }).toEqual({
      status: 201,
      id: '1c1',
      state: 'registering',
      url: null,
    });
    expect(body.links).toEqual({ self: 'http://rancher:8080/v1/registrationtokens/1c1' });
  });

  it('becomes active within two seconds, through activating, with all its fields', async () => {
    await double.post(tokens);
    await double.clock.advance(300);
    expect((await double.get('/v1/registrationtokens/1c1')).state).toBe('activating');
    await double.clock.advance(300);
    const active = await double.get('/v1/registrationtokens/1c1');
    expect(active.state).toBe('active');
    expect(active['image']).toBe('rancher/agent:v1.2.11');
    expect(active['token']).toMatch(/^[0-9A-F]{20}:1704067200000:[\w]+$/);
    expect(active['registrationUrl']).toBe(
      `http://rancher:8080/v1/scripts/${String(active['token'])}`,
    );
    expect(active.links['registrationUrl']).toBe(active['registrationUrl']);
    expect(active['command']).toBe(
      `sudo docker run --rm --privileged -v /var/run/docker.sock:/var/run/docker.sock -v /var/lib/rancher:/var/lib/rancher rancher/agent:v1.2.11 ${String(active['registrationUrl'])}`,
    );
  });

  it('shows the same token on each read, and another id and token for a second POST', async () => {
    await double.post(tokens);
    await double.clock.advance(600);
    const first = await double.get('/v1/registrationtokens/1c1');
    expect(await double.get('/v1/registrationtokens/1c1')).toEqual(first);
    expect((await double.post(tokens)).id).toBe('1c2');
    await double.clock.advance(600);
    expect((await double.get('/v1/registrationtokens/1c2'))['token']).not.toBe(first['token']);
  });

  it('is empty before a token was made: a GET makes none', async () => {
    expect((await double.get(tokens)).data).toEqual([]);
  });

  it('in a project named by path repeats the project in its links', async () => {
    const made = await double.post('/v2-beta/projects/1a5/registrationtokens');
    expect(made.links['self']).toBe(
      'http://rancher:8080/v2-beta/projects/1a5/registrationtokens/1c1',
    );
    await double.clock.advance(600);
    const active = await double.get('/v2-beta/projects/1a5/registrationtokens/1c1');
    expect(active['registrationUrl']).toMatch('http://rancher:8080/v2-beta/projects/1a5/scripts/');
  });

  it('POST without a project is 405 Method not allowed', async () => {
    const { status, body } = await double.ask('POST', '/v1/registrationtokens');
    expect({ status, code: body['code'] }).toEqual({ status: 405, code: 'Method not allowed' });
  });

  it.each(['1a999', 'abc', '5'])('project %s is 403 Forbidden', async (project) => {
    const { status, body } = await double.ask(
      'POST',
      `/v1/registrationtokens?projectId=${project}`,
    );
    expect({ status, code: body['code'] }).toEqual({ status: 403, code: 'Forbidden' });
  });

  it('takes the project from the header as well', async () => {
    const headers = { 'x-api-project-id': '1a5' };
    expect((await double.ask('POST', '/v1/registrationtokens', { headers })).status).toBe(201);
  });

  it('is deleted only after it was deactivated', async () => {
    await double.post(tokens);
    await double.clock.advance(600);
    expect((await double.ask('DELETE', '/v1/registrationtokens/1c1')).status).toBe(405);
    expect((await double.ask('POST', '/v1/registrationtokens/1c1?action=deactivate')).status).toBe(
      202,
    );
    await double.clock.advance(300);
    const { status, body } = await double.ask('DELETE', '/v1/registrationtokens/1c1');
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'removing' });
  });
});

describe('the script behind a token', () => {
  it('is a shell text that says how to register', async () => {
    await double.post(tokens);
    await double.clock.advance(600);
    const token = String((await double.get('/v1/registrationtokens/1c1'))['token']);
    const { status, text } = await double.ask('GET', `/v1/scripts/${token}`);
    expect(status).toBe(200);
    expect(text.split('\n').filter((line) => line !== '')).toEqual([
      '#!/bin/sh',
      'export CATTLE_REGISTRATION_ACCESS_KEY="registrationToken"',
      `export CATTLE_REGISTRATION_SECRET_KEY="${token}"`,
      'export CATTLE_URL="http://rancher:8080/v1"',
      'export DETECTED_CATTLE_AGENT_IP="192.0.2.7"',
    ]);
  });

  it.each(['nonsense', 'A:1:b'])('is 404 for the token %s', async (token) => {
    expect((await double.ask('GET', `/v1/scripts/${token}`)).status).toBe(404);
  });

  it('changes with the year, and stays valid for ten', async () => {
    const { store } = double;
    const read = async () => String((await double.get('/v1/registrationtokens/1c1'))['token']);
    const inYear = async (year: number) => {
      double.stop();
      double = await startDouble({ store, clock: new ManualClock(Date.UTC(year, 5, 1)) });
    };
    await double.post(tokens);
    await double.clock.advance(600);
    const token = await read();
    await inYear(2033);
    expect(await read()).not.toBe(token);
    expect((await double.ask('GET', `/v1/scripts/${token}`)).status).toBe(200);
    await inYear(2034);
    expect((await double.ask('GET', `/v1/scripts/${token}`)).status).toBe(404);
    expect((await double.ask('GET', `/v1/scripts/${await read()}`)).status).toBe(200);
  });

  it('is 404 once the token is deactivated', async () => {
    await double.post(tokens);
    await double.clock.advance(600);
    const token = String((await double.get('/v1/registrationtokens/1c1'))['token']);
    await double.post('/v1/registrationtokens/1c1?action=deactivate');
    expect((await double.ask('GET', `/v1/scripts/${token}`)).status).toBe(404);
  });
});

describe('register', () => {
  async function activeToken() {
    await double.post(tokens);
    await double.clock.advance(600);
    return `registrationToken:${String((await double.get('/v1/registrationtokens/1c1'))['token'])}`;
  }

  it('goes from activating to active and shows the keys only to who knows the key', async () => {
    const auth = await activeToken();
    const made = await double.ask('POST', '/v1/register', { auth, body: { key: 'k1' } });
    expect({ status: made.status, state: made.body.state }).toEqual({
      status: 201,
      state: 'activating',
    });
    await double.clock.advance(300);
    const withKey = (await double.ask('GET', '/v1/register?key=k1', { auth })).body.data[0];
    expect(withKey?.state).toBe('active');
    expect(withKey?.['accessKey']).toMatch(/^[0-9A-F]{20}$/);
    expect(withKey?.['secretKey']).toMatch(/^[1-9A-Za-z]{40}$/);
    expect((await double.ask('GET', '/v1/register', { auth })).text).not.toContain('accessKey');
  });

  it('leads the same key to the same registration', async () => {
    const auth = await activeToken();
    const first = await double.ask('POST', '/v1/register', { auth, body: { key: 'k1' } });
    const second = await double.ask('POST', '/v1/register', { auth, body: { key: 'k1' } });
    expect(second.body.id).toBe(first.body.id);
  });

  it('needs a valid token', async () => {
    const auth = 'registrationToken:A:1:b';
    expect((await double.ask('POST', '/v1/register', { auth, body: { key: 'k' } })).status).toBe(
      401,
    );
  });
});
