/** `uri`, `get_url` and `wait_for` against servers of this test, over the real target of this machine. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/core/errors.ts';
import { fromPlain } from '../../../../src/core/values.ts';
import { getUrl } from '../../../../src/modules/net/getUrl.ts';
import { uri } from '../../../../src/modules/net/uri.ts';
import { waitFor } from '../../../../src/modules/net/waitFor.ts';
import { scratchTarget } from '../../../support/fakeTarget.ts';
import { converge, runAction, runResource } from '../driver.ts';
import { testController } from '../testController.ts';

const MODIFIED = new Date('2026-01-01T00:00:00Z');
const seen: string[] = [];

/** Whether a header proves the password, computed as RFC 7616 has it. */
function isDigestOf(user: string, password: string, path: string, nonce: string, sent: string) {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const field = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(sent)?.[1];
  const proof = `${nonce}:${field('nc')}:${field('cnonce')}:auth`;
  const wanted = md5(`${md5(`${user}:r:${password}`)}:${proof}:${md5(`GET:${path}`)}`);
  return field('response') === wanted && field('uri') === path && field('opaque') === 'o';
}

const answers: Readonly<Record<string, RequestListener>> = {
  '/json': (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('Set-Cookie', ['a=1; Path=/', 'b=2']);
      const { method, headers } = request;
      const body = Buffer.concat(chunks).toString();
      response.end(JSON.stringify({ method, body, type: headers['content-type'] }));
    });
  },
  '/redirect': (_request, response) => response.writeHead(302, { Location: '/json' }).end(),
  '/loop': (_request, response) => response.writeHead(302, { Location: '/loop' }).end(),
  '/gzip': (_request, response) =>
    response.setHeader('Content-Encoding', 'gzip').end(gzipSync('zipped')),
  '/login': (request, response) => {
    const expected = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    response.statusCode = request.headers.authorization === expected ? 200 : 401;
    response.end(response.statusCode === 200 ? 'in' : 'out');
  },
  '/digest': (request, response) => {
    const sent = request.headers.authorization ?? '';
    const nonce = 'dcd98b7102dd2f0e8b11d0f600bfb0c093';
    const challenge = `Digest realm="r", qop="auth", algorithm=MD5, nonce="${nonce}", opaque="o"`;
    if (isDigestOf('me', 'p@ss', request.url ?? '', nonce, sent)) return void response.end('in');
    return void response.writeHead(401, { 'WWW-Authenticate': challenge }).end('out');
  },
  '/to-digest': (_request, response) => response.writeHead(302, { Location: '/digest' }).end(),
  '/redirect-with': ({ url }, response) => {
    response.writeHead(Number(url?.split('?')[1]), { Location: '/method' }).end();
  },
  '/method': ({ method }, response) => response.setHeader('X-Method', method ?? '').end(),
  '/never': () => undefined,
  '/cut': (_request, response) => {
    response.writeHead(200, { 'Content-Length': '1000' });
    response.write('short', () => response.destroy());
  },
  '/file.txt': (request, response) => {
    seen.push(request.headers['if-modified-since'] === undefined ? 'plain' : 'conditional');
    const since = request.headers['if-modified-since'];
    if (since !== undefined && new Date(since) >= MODIFIED)
      return void response.writeHead(304).end();
    response.end('hello\n');
  },
  '/SHA256SUMS': (_request, response) => {
    response.end(`5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  file.txt\n`);
  },
};

const listener: RequestListener = (request, response) => {
  const answer = answers[request.url?.split('?')[0] ?? ''];
  if (answer === undefined) return void response.writeHead(404, 'Not Found').end('nothing here');
  answer(request, response);
};

function listening(server: Server | TcpServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const host = scratchTarget();
const { target } = host;
const folder = mkdtempSync(join(tmpdir(), 'drover-web-'));
const web = createServer(listener);
const proxy = createServer((request, response) => response.end(`by proxy: ${request.url}`));
const banner = createTcpServer((socket) => {
  socket.on('error', () => undefined);
  socket.end('SSH-2.0-Test_9\r\n');
});
let base = '';
let secure = '';
let bannerPort = 0;
let proxyPort = 0;
let tls: Server | undefined;

beforeAll(async () => {
  const words =
    'req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
  execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'ignore' });
  tls = createTlsServer(
    { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) },
    listener,
  );
  base = `http://127.0.0.1:${await listening(web)}`;
  secure = `https://localhost:${await listening(tls)}`;
  bannerPort = await listening(banner);
  proxyPort = await listening(proxy);
});

afterAll(async () => {
  for (const server of [web, tls, proxy]) {
    server?.closeAllConnections();
    server?.close();
  }
  banner.close();
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

async function failure(work: Promise<unknown>): Promise<ModuleError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ModuleError) return error;
  throw new Error(`a ModuleError was expected, not ${String(error)}`);
}

const ask = async (args: Readonly<Record<string, unknown>>) =>
  (await runAction(uri, args, { target })).data ?? {};

describe('uri', () => {
  it('sends data as JSON and reads JSON', async () => {
    const data = await ask({
      url: `${base}/json`,
      method: 'post',
      body: { a: 1 },
      body_format: 'json',
    });
    expect(data).toMatchObject({
      status: 200,
      url: `${base}/json`,
      redirected: false,
      content_type: 'application/json',
      json: { method: 'POST', body: '{"a":1}' },
      cookies: { a: '1', b: '2' },
      cookies_string: 'a=1; b=2',
      elapsed: 0,
    });
    expect(data).not.toHaveProperty('content');
  });

  it.each([
    ['json', 'application/json'],
    ['raw', 'application/x-www-form-urlencoded'],
  ])('sends a file as what %s says it is', async (body_format, type) => {
    writeFileSync(join(folder, 'body'), '[1]');
    const src = join(folder, 'body');
    const sent = { url: `${base}/json`, method: 'post', remote_src: true, src, body_format };
    expect(await ask(sent)).toMatchObject({ json: { method: 'POST', body: '[1]', type } });
  });

  it('follows redirects of GET, not of POST, and never for ever', async () => {
    expect(await ask({ url: `${base}/redirect` })).toMatchObject({
      redirected: true,
      url: `${base}/json`,
    });
    const post = { url: `${base}/redirect`, method: 'POST', status_code: 302 };
    expect(await ask(post)).toMatchObject({ status: 302, location: `${base}/json` });
    expect((await failure(ask({ url: `${base}/loop` }))).message).toContain(
      'more than 10 redirects',
    );
  });

  it('logs in when asked to, and keeps the password out of its result', async () => {
    const url = base.replace('://', '://me:p%40ss@');
    const data = await ask({ url: `${url}/login`, return_content: true });
    expect(data).toMatchObject({ content: 'in', url: `${base}/login` });
    const wrong = await failure(ask({ url: `${base}/login`, user: 'me', password: 'wrong' }));
    expect(wrong.data).toMatchObject({ status: 401, content: 'out' });
  });

  it('decompresses', async () => {
    expect(await ask({ url: `${base}/gzip`, return_content: true })).toMatchObject({
      content: 'zipped',
    });
  });

  it('fails with status and content', async () => {
    const error = await failure(ask({ url: `${base}/nowhere`, status_code: [200, 201] }));
    const msg = 'Status code was 404 and not [200, 201]: HTTP Error 404: Not Found';
    expect(error.message).toBe(msg);
    expect(error.data).toMatchObject({
      status: 404,
      content: 'nothing here',
      redirected: false,
      msg,
    });
  });

  it.each([
    ['none', 'GET', 301, 301],
    ['safe', 'HEAD', 302, 'HEAD'],
    ['safe', 'POST', 302, 302],
    ['urllib2', 'HEAD', 302, 'GET'],
    ['urllib2', 'POST', 301, 'GET'],
    ['urllib2', 'POST', 307, 307],
    ['all', 'POST', 301, 'GET'],
    ['all', 'POST', 307, 'POST'],
    ['all', 'PUT', 302, 'GET'],
  ])('follows redirects (%s): %s, %i → %s', async (follow_redirects, method, status, end) => {
    const url = `${base}/redirect-with?${status}`;
    const data = await ask({ url, method, follow_redirects, status_code: [200, status] });
    if (typeof end === 'number') {
      expect(data).toMatchObject({ status: end, redirected: false, location: `${base}/method` });
      expect(data['msg']).toMatch(`HTTP Error ${end}: `);
    } else expect(data).toMatchObject({ status: 200, redirected: true, x_method: end });
  });

  it('says what a wrong body is, whatever the server would say', async () => {
    const wrong = { url: base, body_format: 'form-multipart', body: fromPlain({ part: 1 }) };
    expect((await failure(ask(wrong))).message).toMatch(/^failed to parse body as form-multipart:/);
  });

  it('logs in with a digest, once and after a redirect too', async () => {
    const login = { url_username: 'me', url_password: 'p@ss' };
    for (const path of ['/digest?x=1', '/to-digest']) {
      const data = await ask({ url: `${base}${path}`, ...login, return_content: true });
      expect(data).toMatchObject({ status: 200, content: 'in' });
    }
    const wrong = failure(ask({ url: `${base}/digest`, ...login, url_password: 'no' }));
    expect((await wrong).data).toMatchObject({ status: 401 });
  });

  it("logs in as the host's .netrc says, unless told not to", async () => {
    const netrc = join(host.directory, '.netrc');
    writeFileSync(netrc, 'machine 127.0.0.1 login me password p@ss\n');
    const request = { url: `${base}/login`, headers: { Authorization: 'Bearer x' } };
    expect(await ask(request)).toMatchObject({ status: 200 });
    const without = failure(ask({ ...request, use_netrc: false }));
    expect((await without).data).toMatchObject({ status: 401 });
    rmSync(netrc);
  });

  it('fails with status -1 when no answer comes', async () => {
    const silent = await failure(ask({ url: `${base}/never`, timeout: 0.2 }));
    expect(silent.message).toContain(`no answer from ${base}/never within 0.2 s`);
    expect(silent.data).toMatchObject({ status: -1 });
    const refused = await failure(ask({ url: 'http://127.0.0.1:1/' }));
    expect(refused.data).toMatchObject({ status: -1, url: 'http://127.0.0.1:1/' });
    expect((await failure(ask({ url: `${base}/cut` }))).data).toMatchObject({ status: -1 });
  });

  it('checks certificates', async () => {
    const error = await failure(ask({ url: `${secure}/json` }));
    expect(error.message).toContain('certificate verify failed');
    expect(error.hint).toContain('ca_path');
    expect(await ask({ url: `${secure}/json`, ca_path: join(folder, 'cert.pem') })).toMatchObject({
      status: 200,
    });
    expect(await ask({ url: `${secure}/json`, validate_certs: false })).toMatchObject({
      status: 200,
    });
  });

  it("goes through the proxy of the task's environment", async () => {
    const behind = target.withEnvironment({
      http_proxy: `http://127.0.0.1:${proxyPort}`,
      no_proxy: '',
    });
    const args = { url: 'http://example.invalid/x', return_content: true };
    const { data } = await runAction(uri, args, { target: behind });
    expect(data).toMatchObject({ content: 'by proxy: http://example.invalid/x' });
  });

  it('does nothing when `creates` is there', async () => {
    const outcome = await runAction(
      uri,
      { url: `${base}/never`, creates: '/etc/pass*' },
      { target },
    );
    expect(outcome).toEqual({ changed: false, data: { msg: 'skipped, since /etc/pass* exists' } });
  });

  it('stores the answer once', async () => {
    const args = { url: `${base}/file.txt`, dest: host.directory, mode: '0600' };
    const first = await runAction(uri, args, { target });
    expect(first).toMatchObject({
      changed: true,
      data: { path: `${host.directory}/file.txt`, mode: '0600' },
    });
    expect((await runAction(uri, args, { target })).changed).toBe(false);
    const nowhere = { ...args, dest: join(host.directory, 'no/such/file') };
    expect((await failure(runAction(uri, nowhere, { target }))).message).toMatch(
      /^Could not replace file: .*its directory does not exist$/,
    );
  });
});

describe('get_url', () => {
  it('downloads, and asks conditionally afterwards', async () => {
    seen.length = 0;
    const dest = join(host.directory, 'new.txt');
    const { data } = await converge(
      getUrl,
      { url: `${base}/file.txt`, dest, mode: 'u=rw,g=r,o=' },
      { target },
    );
    expect(data).toMatchObject({
      dest,
      status_code: 200,
      msg: 'OK (6 bytes)',
      checksum_src: 'f572d396fae9206628714fb2ce00f72e94f2258f',
      size: 6,
      mode: '0640',
    });
    expect(seen).toEqual(['plain', 'plain', 'conditional']);
    expect(readFileSync(dest, 'utf8')).toBe('hello\n');
  });

  it('asks nothing of the file when its checksum matches', async () => {
    seen.length = 0;
    const dest = join(host.directory, 'known.txt');
    writeFileSync(dest, 'hello\n');
    const args = { url: `${base}/file.txt`, dest, checksum: `sha256:${base}/SHA256SUMS` };
    const outcome = await runResource(getUrl, args, { target });
    expect([outcome.changed, outcome.data['msg'], seen]).toEqual([
      false,
      'file already exists',
      [],
    ]);
  });

  it('replaces a file whose checksum differs, and keeps the old one', async () => {
    const dest = join(host.directory, 'old.txt');
    writeFileSync(dest, 'old\n');
    const args = {
      url: `${base}/file.txt`,
      dest,
      checksum: `sha256:${base}/SHA256SUMS`,
      backup: true,
    };
    const { data } = await converge(getUrl, args, { target });
    expect(readFileSync(String(data['backup_file']), 'utf8')).toBe('old\n');
    expect(readFileSync(dest, 'utf8')).toBe('hello\n');
  });

  it('keeps the old file when the download is not what was promised', async () => {
    const dest = join(host.directory, 'kept.txt');
    writeFileSync(dest, 'old\n');
    const args = { url: `${base}/file.txt`, dest, checksum: `sha1:${'0'.repeat(40)}` };
    expect((await failure(runResource(getUrl, args, { target }))).message).toContain(
      'the checksum of',
    );
    const cut = { url: `${base}/cut`, dest, force: true };
    expect((await failure(runResource(getUrl, cut, { target }))).message).toContain(
      'Request failed',
    );
    expect(readFileSync(dest, 'utf8')).toBe('old\n');
  });

  it('changes only the mode of a file that is as wanted', async () => {
    const dest = join(host.directory, 'mode.txt');
    writeFileSync(dest, 'hello\n', { mode: 0o600 });
    const { changes } = await converge(
      getUrl,
      { url: `${base}/file.txt`, dest, mode: '0644' },
      { target },
    );
    expect(changes.map(({ what, before, after }) => [what, before, after])).toEqual([
      [`${dest}: mode`, '0600', '0644'],
    ]);
  });

  it('says what the server answered', async () => {
    const args = { url: `${base}/nowhere`, dest: host.directory };
    const error = await failure(runResource(getUrl, args, { target }));
    expect(error.data).toMatchObject({ status_code: 404, url: `${base}/nowhere` });
  });
});

describe('wait_for', () => {
  /** A clock that runs with the pauses of the module. */
  function clock() {
    let nowMs = Date.parse('2026-11-21T12:00:00Z');
    return testController({
      now: () => new Date(nowMs),
      sleep: async (milliseconds) => {
        nowMs += milliseconds;
      },
    });
  }
  const wait = async (args: Readonly<Record<string, unknown>>) =>
    (await runAction(waitFor, args, { target, controller: clock() })).data ?? {};

  it('finds a port, and what it says', async () => {
    expect(await wait({ port: bannerPort })).toMatchObject({
      state: 'started',
      port: bannerPort,
      elapsed: 0,
    });
    const args = { port: bannerPort, search_regex: 'SSH-(?P<version>[\\d.]+)-(\\w+)' };
    expect(await wait(args)).toMatchObject({
      match_groups: ['2.0', 'Test_9'],
      match_groupdict: { version: '2.0' },
    });
  });

  it('gives up after its time', async () => {
    const error = await failure(wait({ port: 1, timeout: 5 }));
    expect(error.message).toBe('Timeout when waiting for 127.0.0.1:1');
    expect([error.code, error.data]).toEqual(['DROVER_TIMEOUT', { elapsed: 5 }]);
    expect((await failure(wait({ port: 1, timeout: 1, msg: 'no luck' }))).message).toBe('no luck');
  });

  it('sees that a port is closed', async () => {
    expect(await wait({ port: 1, state: 'stopped' })).toMatchObject({ elapsed: 0 });
    expect(
      (await failure(wait({ port: bannerPort, state: 'stopped', timeout: 2 }))).message,
    ).toContain('to stop');
  });

  it('finds files and texts in them, and their absence', async () => {
    const file = join(host.directory, 'log');
    writeFileSync(file, 'one\nListening on 8080\n');
    expect(await wait({ path: file, search_regex: '^Listening on (\\d+)$' })).toMatchObject({
      match_groups: ['8080'],
    });
    expect(await wait({ path: `${file}.none`, state: 'absent' })).toMatchObject({ elapsed: 0 });
    await failure(wait({ path: file, state: 'absent', timeout: 2 }));
    expect(await wait({ path: file, state: 'absent', search_regex: 'nothing' })).toMatchObject({
      elapsed: 0,
    });
  });

  it('waits for its time when there is nothing to look at', async () => {
    expect(await wait({ timeout: 7 })).toMatchObject({ elapsed: 7 });
  });
});
