import { createServer } from 'node:http';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizedKey } from '../../../../src/modules/ssh/authorizedKey.ts';
import { converge, runResource } from '../driver.ts';
import { useScratch } from '../scratch.ts';

const KEYS = '# keys of deploy\nssh-ed25519 AAAA a\nssh-rsa BBBB b\n';

describe('authorized_key with a URL', () => {
  const scratch = useScratch();
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/deploy.keys' ? 200 : 404;
    response.end(KEYS);
  });
  let base = '';
  const argsFor = (page: string) => ({
    user: userInfo().username,
    key: `${base}/${page}`,
    path: scratch.path('authorized_keys'),
    manage_dir: false,
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    base = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('takes the keys that the server gives', async () => {
    const { changed, data } = await converge(authorizedKey, argsFor('deploy.keys'), scratch);
    expect(changed).toBe(true);
    expect(data).toMatchObject({ key: `${base}/deploy.keys`, keyfile: argsFor('').path });
    const content = await scratch.target.readFile(argsFor('').path);
    expect(content.toString()).toBe('ssh-ed25519 AAAA a\nssh-rsa BBBB b\n');
  });

  it('says what the server said', async () => {
    await expect(runResource(authorizedKey, argsFor('nobody'), scratch)).rejects.toThrow(
      `the key ${base}/nobody could not be fetched: HTTP Error 404`,
    );
  });
});
