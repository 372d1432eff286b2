import { beforeEach, describe, expect, it } from 'vitest';
import { type Double, startDouble } from './support/double.ts';

const project = '/v2-beta/projects/1a5';
let double: Double;
beforeEach(async () => {
  double = await startDouble();
});

/** Status, code and field: what clients branch on. */
async function refusal(url: string, body: unknown, method = 'POST') {
  const { status, body: error } = await double.ask(method, url, { body });
  return { status, code: error['code'], fieldName: error['fieldName'] };
}

const invalid = (code: string, fieldName: string) => ({ status: 422, code, fieldName });

async function addStack(name: string) {
  const { id } = await double.post(`${project}/stacks`, { name });
  await double.clock.advance(1000);
  return id;
}

const launchConfig = { imageUuid: 'docker:nginx' };

describe('errors', () => {
  it('have the body of the API', async () => {
    const { body } = await double.ask('GET', '/v1/hosts/1h999');
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'error',
      baseType: 'error',
      links: {},
      actions: {},
      status: 404,
      code: 'Not Found',
      message: 'Not Found',
      detail: null,
      state: '',
      data: [],
    });
  });

  it.each(['/v1/hosts/1h999', '/v1/hosts/999', '/v1/nosuchthings', '/v3'])(
    '%s is 404',
    async (url) => {
      expect(await refusal(url, undefined, 'GET')).toMatchObject({
        status: 404,
        code: 'Not Found',
      });
    },
  );

  it('a container without an image is 422 MissingRequired with a message', async () => {
    const { status, body } = await double.ask('POST', `${project}/containers`, {
      body: { name: 'a' },
    });
    expect({ status, ...body }).toMatchObject({
      ...invalid('MissingRequired', 'imageUuid'),
      message: 'image is required, but not specified',
    });
  });

  it.each(['-x', 'x_y', 'x-'])('the name %s is 422 InvalidCharacters', async (name) => {
    expect(await refusal(`${project}/stacks`, { name })).toEqual(
      invalid('InvalidCharacters', 'name'),
    );
    const stackId = await addStack('web');
    expect(await refusal(`${project}/services`, { name, stackId, launchConfig })).toEqual(
      invalid('InvalidCharacters', 'name'),
    );
  });

  it('a missing name is 422 MissingRequired', async () => {
    expect(await refusal(`${project}/stacks`, {})).toEqual(invalid('MissingRequired', 'name'));
    expect(await refusal(`${project}/services`, { stackId: '1st1' })).toEqual(
      invalid('MissingRequired', 'name'),
    );
  });

  it('a name of 64 characters is 422 MaxLengthExceeded', async () => {
    const name = 'a'.repeat(64);
    expect(await refusal(`${project}/stacks`, { name })).toEqual(
      invalid('MaxLengthExceeded', 'name'),
    );
  });

  it('a second stack or service of the same name is 422 NotUnique', async () => {
    const stackId = await addStack('web');
    expect(await refusal(`${project}/stacks`, { name: 'web' })).toEqual(
      invalid('NotUnique', 'name'),
    );
    const service = { name: 'db', stackId, launchConfig };
    await double.post(`${project}/services`, service);
    expect(await refusal(`${project}/services`, service)).toEqual(invalid('NotUnique', 'name'));
  });

  it('a stackId that leads nowhere is 422 InvalidReference', async () => {
    const service = { name: 'db', stackId: '1st999', launchConfig };
    expect(await refusal(`${project}/services`, service)).toEqual(
      invalid('InvalidReference', 'stackId'),
    );
  });

  it('the id of a removed stack is 422 InvalidState', async () => {
    const stackId = await addStack('web');
    await double.ask('DELETE', `${project}/stacks/${stackId}`);
    await double.clock.advance(1000);
    const service = { name: 'db', stackId, launchConfig };
    expect(await refusal(`${project}/services`, service)).toEqual(
      invalid('InvalidState', 'stackId'),
    );
  });

  it('a wrong port is 422 PortWrongFormat', async () => {
    const container = { imageUuid: 'docker:nginx', ports: ['eighty'] };
    expect(await refusal(`${project}/containers`, container)).toEqual(
      invalid('PortWrongFormat', 'ports'),
    );
  });

  it('a body that is no JSON object is 422 InvalidBodyContent', async () => {
    expect(await refusal(`${project}/stacks`, ['web'])).toEqual(
      invalid('InvalidBodyContent', 'body'),
    );
  });

  it('an action that does not exist is 422 InvalidAction', async () => {
    await addStack('web');
    expect(await refusal(`${project}/stacks/1st1?action=fly`, {})).toEqual(
      invalid('InvalidAction', 'action'),
    );
  });

  it('a registry used twice is 400 ServerAddressUsed', async () => {
    const registry = { serverAddress: 'registry.example.org' };
    expect((await double.ask('POST', `${project}/registries`, { body: registry })).status).toBe(
      201,
    );
    expect(await refusal(`${project}/registries`, registry)).toMatchObject({
      status: 400,
      code: 'ServerAddressUsed',
    });
  });

  it('a certificate that is no PEM is 422 InvalidFormat', async () => {
    const certificate = { name: 'c', cert: 'x', key: 'y' };
    expect(await refusal(`${project}/certificates`, certificate)).toEqual(
      invalid('InvalidFormat', 'cert'),
    );
  });
});
