import { beforeEach, describe, expect, it } from 'vitest';
import { type Double, startDouble } from './support/double.ts';

const project = '/v2-beta/projects/1a5';
let double: Double;
beforeEach(async () => {
  double = await startDouble();
});

const names = async (query: string) =>
  (await double.get(`${project}/stacks?${query}`)).data.map((one) => one['name']);

describe('collections', () => {
  beforeEach(async () => {
    for (const name of ['alpha', 'beta', 'gamma']) await double.post(`${project}/stacks`, { name });
    await double.clock.advance(300);
  });

  it('have the keys of the API', async () => {
    expect(Object.keys(await double.get(`${project}/stacks`)).sort()).toEqual(
      'actions createDefaults createTypes data filters id links pagination resourceType sort sortLinks state type'.split(
        ' ',
      ),
    );
  });

  it('with limit=1 are partial and lead on with a marker', async () => {
    const seen: unknown[] = [];
    let url: string | null = `${project}/stacks?limit=1`;
    while (url !== null) {
      const page = await double.get(url);
      seen.push(page.data.map((one) => one['name']));
      const pagination = page['pagination'] as {
        partial: boolean;
        next: string | null;
        limit: number;
      };
      expect(pagination).toMatchObject({ limit: 1, partial: pagination.next !== null });
      url = pagination.next;
      if (url !== null) expect(url).toMatch('marker=');
    }
    expect(seen).toEqual([['alpha'], ['beta'], ['gamma']]);
  });

  it.each([
    ['name=beta', ['beta']],
    ['name_ne=beta', ['alpha', 'gamma']],
    ['name_prefix=al', ['alpha']],
    ['name_like=%25am%25', ['gamma']],
    ['name_gt=alpha', ['beta', 'gamma']],
    ['state=active&name_notnull=', ['alpha', 'beta', 'gamma']],
    ['nosuchfilter=1', ['alpha', 'beta', 'gamma']],
    ['sort=name&order=desc', ['gamma', 'beta', 'alpha']],
  ])('filtered by %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it('hide what was removed unless asked for; it stays readable by id', async () => {
    await double.ask('DELETE', `${project}/stacks/1st2`);
    await double.clock.advance(1000);
    expect(await names('')).toEqual(['alpha', 'gamma']);
    expect(await names('_removed')).toEqual(['alpha', 'beta', 'gamma']);
    expect((await double.get(`${project}/stacks/1st2`)).state).toBe('removed');
    expect((await double.ask('POST', `${project}/stacks`, { body: { name: 'beta' } })).status).toBe(
      201,
    );
  });
});

describe('links', () => {
  it('behind a load balancer start with what the client sees', async () => {
    const headers = {
      host: '10.0.0.1:8080',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'rancher.example.org',
      'x-forwarded-port': '443',
    };
    const { text } = await double.ask('GET', '/v1/projects', { headers });
    const links = text.match(/https?:\/\/[^"]+/g) ?? [];
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect(link).toMatch(/^https:\/\/rancher\.example\.org\//);
  });

  it('keep an unusual forwarded port', async () => {
    const headers = { host: 'lb', 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443' };
    expect((await double.ask('GET', '/v1', { headers })).body.links['self']).toBe(
      'https://lb:8443/v1',
    );
  });

  it('of later tokens follow the setting api.host', async () => {
    const set = await double.ask('POST', '/v2-beta/settings', {
      body: { name: 'api.host', value: 'http://lb' },
    });
    expect({ status: set.status, active: set.body['activeValue'] }).toEqual({
      status: 201,
      active: 'http://lb',
    });
    await double.post('/v2-beta/projects/1a5/registrationtokens');
    await double.clock.advance(600);
    const token = await double.get('/v2-beta/projects/1a5/registrationtokens/1c1');
    expect(token['registrationUrl']).toBe(`http://lb/v1/scripts/${String(token['token'])}`);
    const script = await double.ask('GET', `/v1/scripts/${String(token['token'])}`);
    expect(script.text).toContain('CATTLE_URL="http://lb/v1"');
  });
});

describe('schemas', () => {
  const methods = async (url: string) => (await double.get(url))['collectionMethods'];

  it.each(['registrationToken', 'stack', 'host'])(
    'of %s have no POST for the administrator',
    async (type) => {
      expect(await methods(`/v2-beta/schemas/${type}`)).toEqual(['GET']);
    },
  );

  it('of registration tokens have POST in a project', async () => {
    expect(await methods(`${project}/schemas/registrationtoken`)).toEqual(['GET', 'POST']);
  });

  it('leave out what the version does not know', async () => {
    expect((await double.ask('GET', '/v1/schemas/projectTemplate')).status).toBe(404);
    expect((await double.ask('GET', '/v2-beta/schemas/projectTemplate')).status).toBe(200);
  });
});

describe('documents', () => {
  it('at the roots name the versions and link the types', async () => {
    expect((await double.get('/')).data.map(({ id }) => id)).toEqual(['v1', 'v2-beta']);
    expect(await double.get('/v1')).toMatchObject({
      type: 'apiVersion',
      links: {
        projects: 'http://rancher:8080/v1/projects',
        environments: 'http://rancher:8080/v1/environments',
      },
    });
  });

  it('of a project list are whole, without pagination', async () => {
    const list = await double.get('/v1/projects');
    expect({
      pagination: list['pagination'],
      filters: list['filters'],
      sortLinks: list['sortLinks'],
    }).toEqual({
      pagination: null,
      filters: {},
      sortLinks: {},
    });
    expect(list.data).toMatchObject([
      { id: '1a5', name: 'Default', uuid: 'adminProject', state: 'active' },
    ]);
  });
});
