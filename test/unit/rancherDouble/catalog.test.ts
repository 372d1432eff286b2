import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addHosts, type Double, startDouble } from './support/double.ts';
import { scratch } from './support/programs.ts';

const files = {
  'library/templates/wordpress/config.yml': 'name: WordPress\ncategory: Apps\nversion: v2\n',
  'library/templates/wordpress/README.md': '# Blog',
  'library/templates/wordpress/0/docker-compose.yml': 'blog: { image: "wordpress:1" }',
  'library/templates/wordpress/0/rancher-compose.yml': 'catalog: { version: v1 }',
  'library/templates/wordpress/1/docker-compose.yml': 'blog: { image: "wordpress:$TAG" }',
  'library/templates/wordpress/1/rancher-compose.yml':
    'catalog: { version: v2, questions: [{ variable: TAG, type: string, required: true }] }',
  'library/infra-templates/nfs/config.yml': 'name: NFS\n',
  'library/infra-templates/nfs/0/docker-compose.yml': 'nfs: { image: nfs }',
};
let directory: Awaited<ReturnType<typeof scratch>>;
let double: Double;

async function write(name: string, text: string) {
  const path = join(directory.path, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

beforeEach(async () => {
  directory = await scratch();
  for (const [name, text] of Object.entries(files)) await write(name, text);
  double = await startDouble({ catalogDirectory: directory.path });
});
afterEach(() => directory.remove());

const ids = async (url: string) => (await double.get(url)).data.map(({ id }) => id);

describe('the catalog', () => {
  it('lists catalogs and templates, by catalog and category', async () => {
    expect(await ids('/v1-catalog/catalogs')).toEqual(['library']);
    expect(await ids('/v1-catalog/templates')).toEqual(['library:infra*nfs', 'library:wordpress']);
    expect(await ids('/v1-catalog/templates?category=Apps')).toEqual(['library:wordpress']);
    expect(await ids('/v1-catalog/templates?catalog=community')).toEqual([]);
  });

  it('shows a template with its default version and links to all', async () => {
    expect(await double.get('/v1-catalog/templates/library:wordpress')).toMatchObject({
      name: 'WordPress',
      defaultVersion: 'v2',
      defaultTemplateVersionId: 'library:wordpress:1',
      versionLinks: {
        v1: 'http://rancher:8080/v1-catalog/templateversions/library:wordpress:0',
        v2: 'http://rancher:8080/v1-catalog/templateversions/library:wordpress:1',
      },
    });
  });

  it('shows a version with its files, questions and upgrades', async () => {
    expect(await double.get('/v1-catalog/templateversions/library:wordpress:0')).toMatchObject({
      version: 'v1',
      files: { 'docker-compose.yml': 'blog: { image: "wordpress:1" }' },
      upgradeVersionLinks: { v2: expect.stringContaining('library:wordpress:1') },
    });
    expect(await double.get('/v1-catalog/templateversions/library:wordpress:v2')).toMatchObject({
      questions: [{ variable: 'TAG', type: 'string', required: true }],
    });
  });

  it.each([
    ['templates/library:none', 'Template not found'],
    ['templateversions/library:wordpress:9', 'Version not found'],
  ])('answers %s with a status that is a text', async (path, message) => {
    const { status, body } = await double.ask('GET', `/v1-catalog/${path}`);
    expect({ status, body }).toMatchObject({
      status: 404,
      body: { type: 'error', status: '404', message },
    });
  });

  it('sees new templates after a refresh, not before', async () => {
    await ids('/v1-catalog/templates');
    await write('community/templates/redis/0/docker-compose.yml', 'redis: { image: redis }');
    expect(await ids('/v1-catalog/templates')).toHaveLength(2);
    expect((await double.ask('POST', '/v1-catalog/templates?action=refresh')).status).toBe(204);
    expect(await ids('/v1-catalog/templates')).toContain('community:redis');
  });

  it('launches as a stack', async () => {
    await addHosts(double, 'h1');
    const { files: content } = await double.get('/v1-catalog/templateversions/library:wordpress:1');
    await double.post('/v2-beta/projects/1a5/stacks', {
      name: 'blog',
      templates: content,
      environment: { TAG: '6' },
      externalId: 'catalog://library:wordpress:1',
      startOnCreate: true,
    });
    await double.clock.advance(5000);
    const { data } = await double.get('/v2-beta/projects/1a5/stacks/1st1/services');
    expect(data).toMatchObject([
      { name: 'blog', state: 'active', launchConfig: { imageUuid: 'docker:wordpress:6' } },
    ]);
  });
});
