import { beforeEach, describe, expect, it } from 'vitest';
import { addHosts, type Double, startDouble } from './support/double.ts';

const project = '/v2-beta/projects/1a5';
const url = `${project}/stacks/1st1`;
const compose = `
version: '2'
services:
  db: { image: 'mysql:5.7', environment: { MYSQL_DATABASE: "\${DB}" } }
  front:
    image: wordpress:1
    ports: ['80:80']
    labels: { io.rancher.sidekicks: log }
  log: { image: busybox }
`;
let double: Double;
beforeEach(async () => {
  double = await startDouble();
  await addHosts(double, 'h1');
});

const addStack = (body: object) =>
  double.ask('POST', `${project}/stacks`, { body: { name: 'web', ...body } });
const act = (action: string, body: object = {}) =>
  double.ask('POST', `${url}?action=${action}`, { body });
const services = async () => (await double.get(`${url}/services`)).data;

describe('stacks', () => {
  it('without files are activating, then active', async () => {
    const { status, body } = await addStack({});
    expect({ status, id: body.id, state: body.state }).toEqual({
      status: 201,
      id: '1st1',
      state: 'activating',
    });
    await double.clock.advance(300);
    expect((await double.get(url)).state).toBe('active');
  });

  it('are called environments, with ids 1e1, in /v1', async () => {
    await addStack({});
    const { data } = await double.get('/v1/projects/1a5/environments');
    expect(data.map(({ id, type }) => ({ id, type }))).toEqual([
      { id: '1e1', type: 'environment' },
    ]);
    expect((await double.get('/v1/projects/1a5/environments/1e1'))['name']).toBe('web');
  });

  it('make the services of their compose file, with answers, sidekicks and scale', async () => {
    await addStack({
      dockerCompose: compose,
      rancherCompose: "version: '2'\nservices: { front: { scale: 2 } }",
      environment: { DB: 'blog' },
    });
    await double.clock.advance(1000);
    expect((await double.get(url)).state).toBe('active');
    expect(await services()).toMatchObject([
      {
        name: 'db',
        state: 'inactive',
        launchConfig: { imageUuid: 'docker:mysql:5.7', environment: { MYSQL_DATABASE: 'blog' } },
      },
      {
        name: 'front',
        scale: 2,
        launchConfig: { imageUuid: 'docker:wordpress:1', ports: ['80:80'] },
        secondaryLaunchConfigs: [{ name: 'log', imageUuid: 'docker:busybox' }],
      },
    ]);
  });

  it('start their services with startOnCreate', async () => {
    await addStack({ dockerCompose: compose, startOnCreate: true });
    await double.clock.advance(5000);
    expect((await services()).map(({ state }) => state)).toEqual(['active', 'active']);
    expect((await double.get(url))['healthState']).toBe('healthy');
  });

  it('say what is wrong with a bad compose file', async () => {
    await addStack({ dockerCompose: "version: '2'\nservices: { db: {} }" });
    await double.clock.advance(1000);
    expect(await double.get(url)).toMatchObject({
      state: 'activating',
      transitioning: 'error',
      transitioningMessage: 'service db has no image',
    });
  });

  it('activate and deactivate their services', async () => {
    await addStack({ dockerCompose: compose });
    await double.clock.advance(1000);
    expect((await act('activateservices')).status).toBe(200);
    await double.clock.advance(5000);
    expect((await services()).map(({ state }) => state)).toEqual(['active', 'active']);
    await act('deactivateservices');
    await double.clock.advance(5000);
    expect((await services()).map(({ state }) => state)).toEqual(['inactive', 'inactive']);
  });

  it('upgrade the services whose files changed; roll back to the old files', async () => {
    await addStack({ dockerCompose: compose, startOnCreate: true, externalId: 'catalog://a:0' });
    await double.clock.advance(5000);
    const upgraded = await act('upgrade', {
      dockerCompose: compose.replace('wordpress:1', 'wordpress:2'),
      externalId: 'catalog://a:1',
    });
    expect({ status: upgraded.status, state: upgraded.body.state }).toEqual({
      status: 202,
      state: 'upgrading',
    });
    await double.clock.advance(15_000);
    expect(await double.get(url)).toMatchObject({ state: 'upgraded', externalId: 'catalog://a:1' });
    expect((await services()).map(({ state }) => state)).toEqual(['active', 'upgraded']);
    await act('rollback');
    await double.clock.advance(15_000);
    expect(await double.get(url)).toMatchObject({ state: 'active', externalId: 'catalog://a:0' });
    expect((await services())[1]).toMatchObject({
      launchConfig: { imageUuid: 'docker:wordpress:1' },
    });
  });

  it('finish an upgrade', async () => {
    await addStack({ dockerCompose: compose, startOnCreate: true });
    await double.clock.advance(5000);
    await act('upgrade', { dockerCompose: compose.replace('mysql:5.7', 'mysql:8') });
    await double.clock.advance(15_000);
    await act('finishupgrade');
    await double.clock.advance(5000);
    expect((await double.get(url)).state).toBe('active');
    expect((await services()).map(({ state }) => state)).toEqual(['active', 'active']);
  });

  it('export their config as YAML', async () => {
    await addStack({ dockerCompose: compose });
    await double.clock.advance(1000);
    const { status, body } = await act('exportconfig', { serviceIds: null });
    expect(status).toBe(200);
    expect(body['dockerComposeConfig']).toContain('image: mysql:5.7');
    expect(body['rancherComposeConfig']).toContain('scale: 1');
  });

  it('take their services along when removed', async () => {
    await addStack({ dockerCompose: compose, startOnCreate: true });
    await double.clock.advance(5000);
    expect((await double.ask('DELETE', url)).body.state).toBe('removing');
    await double.clock.advance(10_000);
    expect((await double.get(url)).state).toBe('removed');
    expect((await double.get(`${project}/services`)).data).toEqual([]);
    expect((await double.get(`${project}/containers`)).data).toEqual([]);
  });
});
