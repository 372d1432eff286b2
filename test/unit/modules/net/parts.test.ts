import { describe, expect, it } from 'vitest';
import { fromPlain } from '../../../../src/core/values.ts';
import { digestFor, parseChecksum } from '../../../../src/modules/net/checksum.ts';
import { attributeChanges, destinationOf } from '../../../../src/modules/net/destination.ts';
import { proxyFor } from '../../../../src/modules/net/proxy.ts';
import { activeConnections, addressOf } from '../../../../src/modules/net/tcpTable.ts';
import { FORM, formText, requestBody } from '../../../../src/modules/net/uriBody.ts';
import { cookieData, headerData, jsonOf, textOf } from '../../../../src/modules/net/uriResult.ts';

describe('the proxy of a request', () => {
  const proxies = {
    http: 'http://proxy:3128',
    https: 'proxy:3129',
    none: 'localhost, .corp.example, 10.0.0.5,other:8080',
  };
  it.each([
    ['http://example.com/', 'http://proxy:3128/'],
    ['https://example.com/', 'http://proxy:3129/'],
    ['http://localhost/', undefined],
    ['http://git.corp.example/', undefined],
    ['http://notcorp.example/', 'http://proxy:3128/'],
    ['http://10.0.0.5:8080/', undefined],
    ['http://other:8080/', undefined],
    ['http://other:81/', 'http://proxy:3128/'],
  ])('%s', (url, proxy) => {
    expect(proxyFor(new URL(url), proxies)?.href).toBe(proxy);
  });

  it('is none for everything with *', () => {
    expect(proxyFor(new URL('http://x/'), { http: 'http://p', none: '*' })).toBeUndefined();
  });
});

describe('checksums', () => {
  const digest = 'a'.repeat(64);

  it('have an algorithm and a digest or an address', () => {
    expect(parseChecksum(`SHA256:${digest.toUpperCase()}`)).toEqual({
      algorithm: 'sha256',
      value: digest,
      isUrl: false,
    });
    expect(parseChecksum('md5:http://x/sums')).toMatchObject({
      isUrl: true,
      value: 'http://x/sums',
    });
    expect(parseChecksum('')).toBeUndefined();
  });

  it.each(['crc32:00', digest, 'sha256:xyz'])('are not %s', (text) => {
    expect(() => parseChecksum(text)).toThrow(/checksum/);
  });

  it.each([
    [`${'b'.repeat(64)}  other\n${digest}  tool.tgz\n`],
    [`${digest} *./tool.tgz\n`],
    [`${digest}  dist/tool.tgz\n`],
    [`SHA256 (tool.tgz) = ${digest}\n`],
    [`${digest}\n`],
  ])('are found in %j', (list) => {
    expect(digestFor(list, 'tool.tgz', 'http://x/sums')).toBe(digest);
  });

  it('must be in the list', () => {
    expect(() => digestFor(`${digest}  other\n`, 'tool.tgz', 'http://x/sums')).toThrow(
      'the checksum file http://x/sums has no entry for "tool.tgz"',
    );
  });
});

describe('bodies', () => {
  const none = async () => Buffer.alloc(0);
  const body = async (value: unknown, format: 'raw' | 'json' | 'form-multipart') => {
    const { content, contentType } = await requestBody(fromPlain(value), format, none);
    return [content.toString(), contentType];
  };

  it('are JSON once', async () => {
    expect(await body({ a: [1, null, true] }, 'json')).toEqual([
      '{"a":[1,null,true]}',
      'application/json',
    ]);
    expect(await body('{"a": 1}', 'json')).toEqual(['{"a": 1}', 'application/json']);
  });

  it('are text as it is, and data as JSON', async () => {
    expect(await body('a b', 'raw')).toEqual(['a b', FORM]);
    expect(await body({ a: 1 }, 'raw')).toEqual(['{"a":1}', FORM]);
  });

  it('are forms of dicts and of pairs', () => {
    expect(formText(fromPlain({ a: ['x y', 'z&'], b: 1, c: true }))).toBe(
      'a=x+y&a=z%26&b=1&c=True',
    );
    expect(
      formText(
        fromPlain([
          ['a', 1],
          ['a', 2],
        ]),
      ),
    ).toBe('a=1&a=2');
    const wrong = 'failed to parse body as form_urlencoded:';
    expect(() => formText(fromPlain([1]))).toThrow(`${wrong} not enough values to unpack`);
    expect(() => formText(fromPlain(['foo']))).toThrow(`${wrong} too many values to unpack`);
    expect(() => formText(fromPlain(1))).toThrow('a dict or a list of pairs');
  });

  it.each([
    [1, 'int'],
    [1.5, 'float'],
    [null, 'NoneType'],
    [[], 'list'],
    [true, 'bool'],
  ])('are no parts of %s', async (value, type) => {
    await expect(body({ part: value }, 'form-multipart')).rejects.toThrow(
      `failed to parse body as form-multipart: value must be a string, or mapping, cannot be type ${type}`,
    );
  });

  it('are parts with names that cannot break out of their header', async () => {
    const [content, type] = await body(
      { 'a"\r\nX: y': 'v', f: { filename: '/tmp/n.txt', content: 'C' } },
      'form-multipart',
    );
    const boundary = String(type).split('boundary=')[1];
    expect(content?.replaceAll(boundary ?? '', 'B')).toBe(
      [
        '--B',
        'Content-Disposition: form-data; name="a%22%0D%0AX: y"',
        'Content-Type: text/plain',
        '',
        'v',
        '--B',
        'Content-Disposition: form-data; name="f"; filename="n.txt"',
        'Content-Type: application/octet-stream',
        '',
        'C',
        '--B--',
        '',
      ].join('\r\n'),
    );
  });
});

describe('answers', () => {
  it('give their headers as return keys', () => {
    expect(headerData({ 'content-type': 'text/plain', etag: 'x' })).toEqual({
      content_type: 'text/plain',
      etag: 'x',
    });
  });

  it('give their cookies', () => {
    expect(cookieData(['a=1; Path=/', 'b=x=y', 'a=2'])).toEqual({
      cookies: { a: '2', b: 'x=y' },
      cookies_string: 'a=2; b=x=y',
    });
  });

  it.each([
    ['application/json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['application/vnd.api+json', '[]', []],
    ['text/html', '{"a":1}', undefined],
    ['application/json', 'broken', undefined],
  ])('of type %s', (type, content, data) => {
    expect(jsonOf(Buffer.from(content), { 'content-type': type })).toEqual(data);
  });

  it('are read in their charset', () => {
    const latin = Buffer.from([0x67, 0xfc]);
    expect(textOf(latin, { 'content-type': 'text/plain; charset=ISO-8859-1' })).toBe('gü');
  });
});

describe('the table of connections', () => {
  it.each([
    ['0100007F', '127.0.0.1'],
    ['0000000000000000FFFF00000100007F', '127.0.0.1'],
    ['00000000000000000000000001000000', '::1'],
  ])('%s', (hex, address) => {
    expect(addressOf(hex)).toBe(address);
  });

  it('counts connections to a port that are in one of the states', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0100007F:1F90 0500000A:C002 06 00000000:00000000 00:00000000 00000000     0        0 3
   3: 0100007F:1F91 0100007F:C003 01 00000000:00000000 00:00000000 00000000     0        0 4
`;
    const query = {
      port: 8080,
      states: ['ESTABLISHED', 'TIME_WAIT'],
      hosts: ['127.0.0.1'],
      excluded: [],
    };
    expect(activeConnections(table, query)).toBe(2);
    expect(activeConnections(table, { ...query, excluded: ['10.0.0.5'] })).toBe(1);
    expect(activeConnections(table, { ...query, states: ['LISTEN'] })).toBe(1);
    expect(activeConnections(table, { ...query, hosts: ['10.9.9.9'] })).toBe(0);
  });
});

describe('the destination of a download', () => {
  const output =
    'path\t/srv/f\nowner\troot\ngroup\troot\nuid\t0\ngid\t0\nmode\t640\nsize\t6\nmtime\t1700000000\nwanted_mode\t644\nsha1\tabc\nmd5\tdef\nhttp_proxy\t\n';

  it('is read from the host', () => {
    expect(destinationOf(output)).toMatchObject({
      path: '/srv/f',
      exists: true,
      isFolder: false,
      wantedMode: '0644',
      attributes: { owner: 'root', mode: '0640', size: 6 },
    });
  });

  it('differs in what was asked for only', () => {
    const changes = attributeChanges(
      { owner: '0', group: 'adm', mode: 'g=r' },
      destinationOf(output),
    );
    expect(changes.map(({ what, before, after }) => [what, before, after])).toEqual([
      ['/srv/f: group', 'root', 'adm'],
      ['/srv/f: mode', '0640', '0644'],
    ]);
  });
});
