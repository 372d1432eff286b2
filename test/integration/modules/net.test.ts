/** `get_url`, `uri` and `wait_for` against a server of this test, beside Ansible's. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { getUrl } from '../../../src/modules/net/getUrl.ts';
import { uri } from '../../../src/modules/net/uri.ts';
import { waitFor } from '../../../src/modules/net/waitFor.ts';
import { type LocalScenario, testLocalScenarios } from './localScenarios.ts';

const SHA256 = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const MODIFIED = 'Wed, 21 Oct 2015 07:28:00 GMT';

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '', 'http://host');
  if (pathname === '/moved') return void response.writeHead(302, { location: '/hello' }).end();
  if (pathname === '/json') {
    response.setHeader('content-type', 'application/json');
    return void response.end('{"name": "drover"}');
  }
  if (pathname !== '/hello') return void response.writeHead(404).end('no such page');
  if (request.headers['if-modified-since'] !== undefined) return void response.writeHead(304).end();
  response.setHeader('last-modified', MODIFIED);
  response.setHeader('content-type', 'text/plain');
  return void response.end('hello\n');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const at = (path: string) => `http://127.0.0.1:${port}${path}`;
afterAll(() => server.close());

function download(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { url: at('/hello'), dest: '@/f', ...args };
  return { title, args: asked, changed, sameKeys: ['dest', 'state', 'mode', 'size'], ...more };
}

const downloads: readonly LocalScenario[] = [
  download('brings a file', { mode: '0640' }, true, { look: 'cat f', shows: 'hello' }),
  download('follows a redirect', { url: at('/moved') }, true),
  download('leaves a file that is there', { force: false }, false, { setup: 'echo mine >f' }),
  download('leaves the file of the checksum', { checksum: `sha256:${SHA256}` }, false, {
    setup: 'echo hello >f',
  }),
  download('replaces a file of another checksum', { checksum: `sha256:${SHA256}` }, true, {
    setup: 'echo old >f; chmod 600 f',
  }),
  download('forces', { force: true, backup: true }, true, { setup: 'echo old >f' }),
  download('forces the same content', { force: true }, false, { setup: 'echo hello >f' }),
  download('sets the mode only', { mode: '0600' }, true, {
    setup: 'echo hello >f',
    unlikeAnsible: 'it leaves attributes alone when the server says that nothing is new',
  }),
];

function request(
  title: string,
  args: LocalScenario['args'],
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const sameKeys = ['status', 'msg', 'url', 'redirected', 'content', 'json'];
  return { title, args: { url: at('/hello'), ...args }, changed: false, sameKeys, ...more };
}

const requests: readonly LocalScenario[] = [
  request('asks', { return_content: true }),
  request('reads JSON', { url: at('/json'), return_content: true }),
  request('takes another status', { url: at('/none'), status_code: [404] }),
  request('keeps the answer', { dest: '@/f' }, { changed: true, unlikeAnsible: 'it changes once' }),
];

const waits: readonly LocalScenario[] = [
  { title: 'waits for a port', args: { port, host: '127.0.0.1', timeout: 5 }, changed: false },
  {
    title: 'waits for a file',
    setup: 'echo ready >f',
    args: { path: '@/f', search_regex: 'rea(dy)', timeout: 5 },
    changed: false,
    sameKeys: ['match_groups', 'path'],
  },
  {
    title: 'waits in steps of its own',
    args: { port, delay: 1, sleep: 2, connect_timeout: 3, timeout: 9 },
    changed: false,
    sameKeys: ['port', 'state'],
  },
  {
    title: 'waits until nobody is connected but some',
    args: {
      ...{ port, state: 'drained', timeout: 9, exclude_hosts: ['127.0.0.1'] },
      active_connection_states: ['ESTABLISHED', 'SYN_RECV'],
    },
    changed: false,
    sameKeys: ['port', 'state'],
  },
  {
    title: 'waits for an end',
    args: { path: '@/none', state: 'absent', timeout: 5 },
    changed: false,
    sameKeys: ['path', 'state'],
  },
];

testLocalScenarios(
  { module: getUrl, scenarios: downloads },
  { module: uri, scenarios: requests },
  { module: waitFor, scenarios: waits },
);
