import { execFileSync, spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Double, startDouble } from './support/double.ts';

const project = '/v2-beta/projects/1a5';
let double: Double;
beforeEach(async () => {
  double = await startDouble();
});

describe('projects', () => {
  it('are registering, activating, active, and have a scope of their own', async () => {
    const made = await double.post('/v2-beta/projects', { name: 'prod' });
    expect({ id: made.id, state: made.state }).toEqual({ id: '1a6', state: 'registering' });
    await double.clock.advance(600);
    expect((await double.get('/v2-beta/projects/1a6')).state).toBe('active');
    await double.post('/v2-beta/projects/1a6/stacks', { name: 'web' });
    expect((await double.get(`${project}/stacks`)).data).toEqual([]);
    expect((await double.get('/v2-beta/projects/1a6/stacks')).data).toHaveLength(1);
  });

  it('are deactivated with 200, not 202', async () => {
    await double.post('/v2-beta/projects', { name: 'prod' });
    await double.clock.advance(600);
    const { status, body } = await double.ask('POST', '/v2-beta/projects/1a6?action=deactivate');
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'deactivating' });
    await double.clock.advance(300);
    expect((await double.get('/v2-beta/projects/1a6')).state).toBe('inactive');
  });

  it('are removed while active, and are 403 as a scope afterwards', async () => {
    await double.post('/v2-beta/projects', { name: 'prod' });
    await double.clock.advance(600);
    expect((await double.ask('DELETE', '/v2-beta/projects/1a6')).body.state).toBe('removing');
    await double.clock.advance(300);
    expect((await double.ask('GET', '/v2-beta/projects/1a6/stacks')).status).toBe(403);
  });

  it('take their orchestration from a template, which appears some time after the boot', async () => {
    const templates = '/v2-beta/projecttemplates?name=Kubernetes';
    expect((await double.get(templates)).data).toEqual([]);
    await double.clock.advance(8000);
    expect(double.log).toContain('Loaded project templates from the catalog');
    const [template] = (await double.get(templates)).data;
    const made = await double.post('/v2-beta/projects', {
      name: 'k8s',
      projectTemplateId: template?.id,
    });
    expect(made['orchestration']).toBe('kubernetes');
  });
});

describe('settings', () => {
  it('have a name, a value and where it comes from', async () => {
    expect(await double.get('/v2-beta/settings/rancher.server.version')).toMatchObject({
      id: '1as!rancher.server.version',
      name: 'rancher.server.version',
      activeValue: 'v1.6.30',
      inDb: false,
    });
  });

  it('are 200 with value null when nobody knows them', async () => {
    const { status, body } = await double.ask('GET', '/v2-beta/settings/no.such.thing');
    expect({ status, value: body['value'] }).toEqual({ status: 200, value: null });
  });

  it('change by PUT under either spelling of the id, and show among the active settings', async () => {
    await double.ask('PUT', '/v2-beta/settings/1as!api.host', { body: { value: 'http://a' } });
    expect((await double.get('/v2-beta/settings/api.host'))['activeValue']).toBe('http://a');
    const { data } = await double.get('/v2-beta/activesettings?name=api.host');
    expect(data).toMatchObject([{ name: 'api.host', value: 'http://a', inDb: true }]);
  });

  it('from CATTLE_ variables cannot be overridden', async () => {
    double = await startDouble({ environment: { CATTLE_API_HOST: 'http://fixed' } });
    const set = await double.post('/v2-beta/settings', { name: 'api.host', value: 'http://other' });
    expect({ value: set['value'], active: set['activeValue'] }).toEqual({
      value: 'http://other',
      active: 'http://fixed',
    });
  });

  it('belong to the administrator', async () => {
    expect((await double.ask('POST', `${project}/settings`, { body: { name: 'a' } })).status).toBe(
      405,
    );
  });
});

describe('registries', () => {
  it('keep credentials whose secret nobody sees, and take them along when removed', async () => {
    await double.post(`${project}/registries`, { serverAddress: 'r.example.org' });
    const credential = { registryId: '1sp1', publicValue: 'ann', secretValue: 'pw' };
    const made = await double.post(`${project}/registrycredentials`, credential);
    expect(made).toMatchObject({ publicValue: 'ann', registryId: '1sp1' });
    expect(JSON.stringify(made)).not.toContain('pw');
    await double.clock.advance(600);
    expect((await double.ask('DELETE', `${project}/registries/1sp1`)).status).toBe(405);
    await double.post(`${project}/registries/1sp1?action=deactivate`);
    await double.clock.advance(300);
    expect((await double.ask('DELETE', `${project}/registries/1sp1`)).body.state).toBe('removing');
    await double.clock.advance(600);
    expect((await double.get(`${project}/registrycredentials`)).data).toEqual([]);
  });
});

describe('certificates', () => {
  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

  /** A self-signed certificate and its key, made for this run. */
  function selfSigned() {
    const command =
      'req -x509 -newkey rsa:2048 -nodes -days 30 -keyout - -subj /CN=www.example.org';
    const names = ['-addext', 'subjectAltName=DNS:www.example.org,DNS:example.org'];
    const pem = execFileSync('openssl', [...command.split(' '), ...names], {
      stdio: 'pipe',
    }).toString();
    const block = (name: RegExp) => name.exec(pem)?.[0] ?? '';
    return {
      cert: block(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/),
      key: block(/-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/),
    };
  }

  it.skipIf(!hasOpenssl)(
    'show what is in the PEM, never the key, and are kept while in use',
    async () => {
      const { cert, key } = selfSigned();
      const made = await double.post(`${project}/certificates`, { name: 'www', cert, key });
      expect(made).toMatchObject({
        state: 'activating',
        CN: 'www.example.org',
        keySize: 2048,
        algorithm: 'rsa',
        subjectAlternativeNames: ['www.example.org', 'example.org'],
      });
      expect(JSON.stringify(made)).not.toContain('PRIVATE KEY');
      await double.clock.advance(300);
      expect((await double.get(`${project}/certificates/1c1`)).state).toBe('active');
      await double.post(`${project}/stacks`, { name: 'web' });
      const balancer = {
        name: 'lb',
        stackId: '1st1',
        launchConfig: { imageUuid: 'docker:haproxy' },
        lbConfig: { defaultCertificateId: '1c1' },
      };
      expect(
        (await double.ask('POST', `${project}/loadbalancerservices`, { body: balancer })).status,
      ).toBe(201);
      const refused = await double.ask('DELETE', `${project}/certificates/1c1`);
      expect({ status: refused.status, code: refused.body['code'] }).toEqual({
        status: 405,
        code: 'InvalidAction',
      });
    },
  );
});

describe('containers', () => {
  it('without a fitting host are in error and say why', async () => {
    await double.post(`${project}/containers`, { name: 'a', imageUuid: 'docker:nginx' });
    await double.clock.advance(300);
    expect(await double.get(`${project}/containers/1i1`)).toMatchObject({
      state: 'error',
      transitioning: 'error',
      transitioningMessage: 'Scheduling failed: no candidates available',
    });
  });
});

describe('a single server', () => {
  it('is one membership row, not clustered, whose heartbeat moves', async () => {
    const read = async () => (await double.get('/v2-beta/clustermemberships')).data;
    const [first] = await read();
    expect(first).toMatchObject({ clustered: false });
    expect(JSON.parse(String(first?.['config']))).toEqual({
      advertiseAddress: '10.0.0.1:9345',
      httpPort: 8080,
      clustered: false,
    });
    await double.clock.advance(10_000);
    expect(Number((await read())[0]?.['heartbeat'])).toBe(Number(first?.['heartbeat']) + 10_000);
  });

  it('has one row again after a restart', async () => {
    double.stop();
    double = await startDouble({ store: double.store, clock: double.clock });
    expect((await double.get('/v2-beta/clustermemberships')).data).toHaveLength(1);
  });

  it('uses the embedded database', async () => {
    expect((await double.get('/v2-beta/haconfigs')).data).toMatchObject([
      { dbHost: 'localhost', clusterSize: 1, enabled: false },
    ]);
  });
});
