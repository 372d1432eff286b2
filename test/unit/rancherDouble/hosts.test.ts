import { beforeEach, describe, expect, it } from 'vitest';
import { agentKeys, type Double, pingHost, startDouble } from './support/double.ts';

let double: Double;
let keys: string;
let token: string;
beforeEach(async () => {
  double = await startDouble();
  await double.post('/v1/registrationtokens?projectId=1a5');
  await double.clock.advance(600);
  token = String((await double.get('/v1/registrationtokens/1c1'))['token']);
  keys = await agentKeys(double, token, 'state-of-h1');
});

/** Pings every five seconds for a while. */
async function pingFor(ms: number) {
  for (let passed = 0; passed < ms; passed += 5000) {
    await pingHost(double, keys, 'h1');
    await double.clock.advance(5000);
  }
}

describe('hosts', () => {
  it('appear with the first ping and go from registering to active', async () => {
    await pingHost(double, keys, 'h1', { createLabels: { role: 'db' } });
    const seen = await double.get('/v1/hosts/1h1');
    expect({ state: seen.state, hostname: seen['hostname'] }).toEqual({
      state: 'registering',
      hostname: 'h1',
    });
    await double.clock.advance(600);
    const active = await double.get('/v1/hosts/1h1');
    expect(active).toMatchObject({
      state: 'active',
      agentState: 'active',
      agentIpAddress: '10.0.0.9',
      dockerVersion: '20.10.24',
      physicalHostId: '1ph1',
      labels: { role: 'db', 'io.rancher.host.docker_version': '20.10' },
    });
  });

  it('keep the labels of their creation: later CATTLE_HOST_LABELS change nothing', async () => {
    await pingHost(double, keys, 'h1', { createLabels: { role: 'db' } });
    await pingHost(double, keys, 'h1', { createLabels: { role: 'web' } });
    expect((await double.get('/v1/hosts/1h1'))['labels']).toMatchObject({ role: 'db' });
  });

  it('take a whole new map of labels by PUT', async () => {
    await pingHost(double, keys, 'h1');
    await double.clock.advance(600);
    const { status, body } = await double.ask('PUT', '/v1/projects/1a5/hosts/1h1', {
      body: { labels: { a: 'b' } },
    });
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'updating-active' });
    await double.clock.advance(300);
    expect(await double.get('/v1/hosts/1h1')).toMatchObject({
      state: 'active',
      labels: { a: 'b' },
    });
  });

  it('stay one host when the agent registers again with its state, and become two without it', async () => {
    await pingHost(double, keys, 'h1');
    expect(await agentKeys(double, token, 'state-of-h1')).toBe(keys);
    await pingHost(double, keys, 'h1');
    expect((await double.get('/v1/hosts')).data).toHaveLength(1);
    const otherKeys = await agentKeys(double, token, 'wiped-state');
    await pingHost(double, otherKeys, 'h1', { dockerUuid: 'another', physicalHostUuid: 'another' });
    expect((await double.get('/v1/hosts')).data).toHaveLength(2);
  });

  it('refuse DELETE and remove while active; go after deactivate', async () => {
    await pingHost(double, keys, 'h1');
    await double.clock.advance(600);
    expect((await double.ask('DELETE', '/v1/hosts/1h1')).status).toBe(405);
    const remove = await double.ask('POST', '/v1/hosts/1h1?action=remove');
    expect({ status: remove.status, code: remove.body['code'] }).toEqual({
      status: 422,
      code: 'ActionNotAvailable',
    });

    expect((await double.ask('POST', '/v1/hosts/1h1/?action=deactivate')).body.state).toBe(
      'deactivating',
    );
    await double.clock.advance(300);
    const inactive = await double.get('/v1/hosts/1h1');
    expect(Object.keys(inactive.actions).sort()).toEqual([
      'activate',
      'evacuate',
      'remove',
      'update',
    ]);

    const removing = await double.ask('DELETE', '/v1/hosts/1h1');
    expect({ status: removing.status, state: removing.body.state }).toEqual({
      status: 200,
      state: 'removing',
    });
    await double.clock.advance(300);
    expect((await double.get('/v1/hosts')).data).toEqual([]);
    expect((await double.get('/v1/hosts?_removed')).data).toHaveLength(1);
    expect((await double.get('/v1/hosts/1h1'))['removed']).toEqual(expect.any(String));
    expect((await pingHost(double, keys, 'h1')).status).toBe(401);
  });

  it('are reconnecting after six missed pings, then disconnected; back through finishing-reconnect', async () => {
    await pingHost(double, keys, 'h1');
    await pingFor(15_000);
    await double.clock.advance(24_000);
    expect((await double.get('/v2-beta/hosts/1h1')).state).toBe('active');
    await double.clock.advance(6_000);
    expect((await double.get('/v2-beta/hosts/1h1')).state).toBe('reconnecting');
    expect(await double.get('/v1/hosts/1h1')).toMatchObject({
      state: 'active',
      agentState: 'reconnecting',
    });
    await double.clock.advance(35_000);
    expect((await double.get('/v2-beta/hosts/1h1')).state).toBe('disconnected');

    await pingHost(double, keys, 'h1');
    expect((await double.get('/v2-beta/hosts/1h1')).state).toBe('reconnecting');
    await double.clock.advance(300);
    expect((await double.get('/v2-beta/hosts/1h1')).state).toBe('finishing-reconnect');
    await double.clock.advance(300);
    expect((await double.get('/v2-beta/hosts/1h1')).state).toBe('active');
  });

  it('come back by themselves after the server was away', async () => {
    await pingHost(double, keys, 'h1');
    await double.clock.advance(600);
    double.stop();
    double = await startDouble({ store: double.store, clock: double.clock });
    expect((await double.get('/v2-beta/hosts/1h1')).state).toBe('reconnecting');
    await pingHost(double, keys, 'h1');
    await double.clock.advance(600);
    expect((await double.get('/v2-beta/hosts/1h1')).state).toBe('active');
  });

  it('are removed by the server when the setting says so', async () => {
    await pingHost(double, keys, 'h1');
    await double.post('/v2-beta/settings', { name: 'host.remove.delay.seconds', value: '120' });
    await double.clock.advance(130_000);
    expect((await double.get('/v1/hosts')).data).toEqual([]);
  });

  it('cannot be made by POST', async () => {
    expect((await double.ask('POST', '/v1/projects/1a5/hosts', { body: {} })).status).toBe(405);
  });
});
