import { beforeEach, describe, expect, it } from 'vitest';
import { addHosts, type Double, type PingAll, startDouble } from './support/double.ts';
import { watchUntil } from './support/watch.ts';

const project = '/v2-beta/projects/1a5';
const url = `${project}/services/1s1`;
const oldConfig = { imageUuid: 'docker:nginx:1' };
const newConfig = { imageUuid: 'docker:nginx:2' };
let double: Double;
let pingAll: PingAll;

beforeEach(async () => {
  double = await startDouble();
  pingAll = await addHosts(double, 'h1', 'h2');
  await double.post(`${project}/stacks`, { name: 'web' });
  await double.clock.advance(1000);
});

const addService = (more: object = {}) =>
  double.ask('POST', `${project}/services`, {
    body: { name: 'front', stackId: '1st1', launchConfig: oldConfig, ...more },
  });

const act = (action: string, body: object = {}) =>
  double.ask('POST', `${url}?action=${action}`, { body });

const upgrade = (more: object = {}) =>
  act('upgrade', {
    inServiceStrategy: { launchConfig: newConfig, batchSize: 1, intervalMillis: 2000, ...more },
  });

async function images(state: string) {
  const { data } = await double.get(`${url}/instances`);
  return data.filter((one) => one.state === state).map((one) => one['imageUuid']);
}

describe('services', () => {
  it('are registering, then inactive until they are activated', async () => {
    const { status, body } = await addService();
    expect({ status, state: body.state }).toEqual({ status: 201, state: 'registering' });
    await double.clock.advance(300);
    expect((await double.get(url)).state).toBe('inactive');
    const activated = await act('activate');
    expect({ status: activated.status, state: activated.body.state }).toEqual({
      status: 202,
      state: 'activating',
    });
    await watchUntil(double, url, 'active');
    expect(await double.get(url)).toMatchObject({ currentScale: 1, healthState: 'healthy' });
  });

  it('activate by themselves with startOnCreate, on the least loaded hosts', async () => {
    await addService({ startOnCreate: true, scale: 2 });
    await watchUntil(double, url, 'active');
    const { data } = await double.get(`${url}/instances`);
    expect(data.map((one) => [one['name'], one['hostId']])).toEqual([
      ['web-front-1', '1h1'],
      ['web-front-2', '1h2'],
    ]);
    expect(data[0]?.['labels']).toMatchObject({ 'io.rancher.stack_service.name': 'web/front' });
  });

  it('offer what an active service can do', async () => {
    await addService({ startOnCreate: true });
    await watchUntil(double, url, 'active');
    expect(Object.keys((await double.get(url)).actions).sort()).toEqual(
      'addservicelink deactivate remove removeservicelink restart setservicelinks update upgrade'.split(
        ' ',
      ),
    );
  });

  it('scale by PUT', async () => {
    await addService({ startOnCreate: true });
    await watchUntil(double, url, 'active');
    expect((await double.ask('PUT', url, { body: { scale: 3 } })).body.state).toBe(
      'updating-active',
    );
    expect((await watchUntil(double, url, 'active')).at(-1)?.running).toBe(3);
    await double.ask('PUT', url, { body: { scale: 1 } });
    expect((await watchUntil(double, url, 'active')).at(-1)?.running).toBe(1);
  });

  it('upgrade start-first one by one, never below their scale, then finish', async () => {
    await addService({ startOnCreate: true, scale: 3 });
    await watchUntil(double, url, 'active');
    const { status, body } = await upgrade({ startFirst: true });
    expect({ status, state: body.state }).toEqual({ status: 202, state: 'upgrading' });
    const samples = await watchUntil(double, url, 'upgraded');
    expect(Math.min(...samples.map(({ running }) => running))).toBe(3);
    expect(samples.at(-1)?.atMs).toBeGreaterThanOrEqual(4000);
    expect(await images('running')).toEqual(Array(3).fill('docker:nginx:2'));
    expect(await images('stopped')).toEqual(Array(3).fill('docker:nginx:1'));
    expect(Object.keys((await double.get(url)).actions).sort()).toEqual([
      'finishupgrade',
      'remove',
      'rollback',
    ]);

    expect((await act('finishupgrade')).body.state).toBe('finishing-upgrade');
    await watchUntil(double, url, 'active');
    expect({ running: await images('running'), stopped: await images('stopped') }).toEqual({
      running: Array(3).fill('docker:nginx:2'),
      stopped: [],
    });
  });

  it.each([1, 2])('upgrade stop-first with at most %i fewer running', async (batchSize) => {
    await addService({ startOnCreate: true, scale: 3 });
    await watchUntil(double, url, 'active');
    await upgrade({ batchSize });
    const samples = await watchUntil(double, url, 'upgraded');
    expect(Math.min(...samples.map(({ running }) => running))).toBe(3 - batchSize);
  });

  it('roll back to the old containers and the old launch config', async () => {
    await addService({ startOnCreate: true, scale: 3 });
    await watchUntil(double, url, 'active');
    const before = await double.get(url);
    await upgrade();
    await watchUntil(double, url, 'upgraded');
    expect((await double.get(url))['launchConfig']).toMatchObject(newConfig);
    expect((await act('rollback')).body.state).toBe('rolling-back');
    await watchUntil(double, url, 'active');
    expect((await double.get(url))['launchConfig']).toEqual(before['launchConfig']);
    expect((await double.get(url))['instanceIds']).toEqual(before['instanceIds']);
    expect(await images('running')).toEqual(Array(3).fill('docker:nginx:1'));
  });

  it('go on with an upgrade after the server was killed in the middle', async () => {
    await addService({ startOnCreate: true, scale: 3 });
    await watchUntil(double, url, 'active');
    await upgrade();
    await double.clock.advance(1500);
    double.stop();
    double = await startDouble({ store: double.store, clock: double.clock });
    await pingAll(double);
    await watchUntil(double, url, 'upgraded');
    expect(await images('running')).toEqual(Array(3).fill('docker:nginx:2'));
  });

  it('cancel an upgrade, and continue it', async () => {
    await addService({ startOnCreate: true, scale: 2 });
    await watchUntil(double, url, 'active');
    await upgrade();
    await act('cancelupgrade');
    await watchUntil(double, url, 'canceled-upgrade');
    await act('continueupgrade');
    await watchUntil(double, url, 'upgraded');
    expect(await images('running')).toEqual(Array(2).fill('docker:nginx:2'));
  });

  it.each([
    [{ intervalMillis: 50 }, 'MinLimitExceeded', 'intervalMillis'],
    [{ batchSize: 0 }, 'MinLimitExceeded', 'batchSize'],
    [{ launchConfig: undefined }, 'InvalidOption', 'launchConfig'],
  ])('refuse the strategy %j', async (strategy, code, fieldName) => {
    await addService();
    await double.clock.advance(300);
    const { status, body } = await upgrade(strategy);
    expect({ status, code: body['code'], fieldName: body['fieldName'] }).toEqual({
      status: 422,
      code,
      fieldName,
    });
  });

  it('refuse an upgrade without a strategy, and startFirst with retainIp', async () => {
    await addService({ retainIp: true });
    await double.clock.advance(300);
    expect((await act('upgrade')).body).toMatchObject({ code: 'MissingRequired' });
    expect((await upgrade({ startFirst: true })).body).toMatchObject({ code: 'InvalidOption' });
  });

  it.each(['finishupgrade', 'rollback', 'activate'])('refuse %s while active', async (action) => {
    await addService({ startOnCreate: true });
    await watchUntil(double, url, 'active');
    const { status, body } = await act(action);
    expect({ status, code: body['code'], fieldName: body['fieldName'] }).toEqual({
      status: 422,
      code: 'ActionNotAvailable',
      fieldName: 'action',
    });
  });

  it('restart, deactivate and remove with their containers', async () => {
    await addService({ startOnCreate: true, scale: 2 });
    await watchUntil(double, url, 'active');
    await act('restart', { rollingRestartStrategy: { batchSize: 1, intervalMillis: 100 } });
    expect((await watchUntil(double, url, 'active')).at(-1)?.running).toBe(2);
    await act('deactivate');
    expect((await watchUntil(double, url, 'inactive')).at(-1)?.stopped).toBe(2);
    expect((await double.ask('DELETE', url)).body.state).toBe('removing');
    await watchUntil(double, url, 'removed');
    expect((await double.get(`${project}/containers`)).data).toEqual([]);
  });

  it('link to other services by name', async () => {
    await addService();
    await addService({ name: 'db' });
    await act('addservicelink', { serviceLink: { serviceId: '1s2', name: 'mysql' } });
    expect((await double.get(url))['linkedServices']).toEqual({ mysql: '1s2' });
    await act('setservicelinks', { serviceLinks: [{ serviceId: '1s2' }] });
    expect((await double.get(url))['linkedServices']).toEqual({ db: '1s2' });
    await act('removeservicelink', { serviceLink: { serviceId: '1s2' } });
    expect((await double.get(url))['linkedServices']).toEqual({});
  });

  it('in /v1 carry environmentId and know it as input', async () => {
    const { body } = await double.ask('POST', '/v1/projects/1a5/services', {
      body: { name: 'old', environmentId: '1e1', launchConfig: oldConfig },
    });
    expect(body).toMatchObject({ environmentId: '1e1', name: 'old' });
    expect(body['stackId']).toBeUndefined();
  });

  it('move off an evacuated host', async () => {
    await addService({ startOnCreate: true, scale: 2 });
    await watchUntil(double, url, 'active');
    await double.post(`${project}/hosts/1h1?action=deactivate`);
    await double.clock.advance(300);
    expect((await double.ask('POST', `${project}/hosts/1h1?action=evacuate`)).status).toBe(200);
    await watchUntil(double, url, 'active');
    const { data } = await double.get(`${url}/instances`);
    expect(data.map((one) => one['hostId'])).toEqual(['1h2', '1h2']);
  });
});

describe('load balancers', () => {
  const balancer = (rule: object) =>
    double.ask('POST', `${project}/loadbalancerservices`, {
      body: {
        name: 'lb',
        stackId: '1st1',
        launchConfig: oldConfig,
        lbConfig: { portRules: [rule] },
      },
    });

  it('need a target port with a service', async () => {
    expect((await balancer({ sourcePort: 80, serviceId: '1s1' })).body).toMatchObject({
      status: 422,
      code: 'MissingRequired',
      fieldName: 'targetPort',
    });
  });

  it('take a service or a selector, not both', async () => {
    const both = { sourcePort: 80, targetPort: 80, serviceId: '1s1', selector: 'a=b' };
    expect((await balancer(both)).body).toMatchObject({ status: 422, code: 'InvalidOption' });
    const made = await balancer({ sourcePort: 80, targetPort: 80, serviceId: '1s1' });
    expect({ status: made.status, type: made.body.type }).toEqual({
      status: 201,
      type: 'loadBalancerService',
    });
  });
});
