import { describe, expect, it } from 'vitest';
import { challengesIn, digestAuthorization } from '../../../../src/modules/net/digest.ts';
import { answerTo401 } from '../../../../src/modules/net/login.ts';
import { netrcLogin } from '../../../../src/modules/net/netrc.ts';
import { withoutPassword } from '../../../../src/modules/net/uriResult.ts';

/** The example of RFC 7616, 3.9.1. */
const MUFASA = { user: 'Mufasa', password: 'Circle of Life' };
const RFC_CHALLENGE = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const REQUEST = {
  method: 'GET',
  path: '/dir/index.html',
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};

function answer(header: string, request = REQUEST, credentials = MUFASA): string | undefined {
  return digestAuthorization(challengesIn(header), credentials, request);
}

function response(header: string | undefined): string | undefined {
  return header && /response="(\w+)"/.exec(header)?.[1];
}

describe('a digest challenge', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('is answered as RFC 7616 shows it: %s', (algorithm, expected) => {
    const header = answer(RFC_CHALLENGE(algorithm));
    expect(response(header)).toBe(expected);
    expect(challengesIn(header ?? '')).toEqual([
      {
        scheme: 'digest',
        parameters: new Map([
          ['username', 'Mufasa'],
          ['realm', 'http-auth@example.org'],
          ['nonce', '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v'],
          ['uri', '/dir/index.html'],
          ['response', expected],
          ['algorithm', algorithm],
          ['opaque', 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS'],
          ['qop', 'auth'],
          ['nc', '00000001'],
          ['cnonce', REQUEST.clientNonce],
        ]),
      },
    ]);
  });

  it('may be the one of RFC 2617 or, without qop, of RFC 2069', () => {
    const request = { ...REQUEST, clientNonce: '0a4f113b' };
    const known = 'realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
    const mufasa = { user: 'Mufasa', password: 'Circle Of Life' };
    expect(response(answer(`Digest qop=auth, ${known}`, request, mufasa))).toBe(
      '6629fae49393a05397450978507c4ef1',
    );
    expect(response(answer(`Digest ${known}`, request, mufasa))).toBe(
      '670fd8c2df070c60b045671b8b24ff02',
    );
  });

  it('of the best algorithm is taken; none that nobody knows', () => {
    const both = `${RFC_CHALLENGE('MD5')}, Basic realm="a, b", ${RFC_CHALLENGE('SHA-256')}`;
    expect(answer(both)).toContain('algorithm=SHA-256');
    expect(answer(RFC_CHALLENGE('SHA-1024'))).toBeUndefined();
    expect(answer('Digest realm="r", nonce="n", qop="later"')).toBeUndefined();
  });

  it('is preferred to the basic way, which is for all others', () => {
    const request = { method: 'GET', url: 'http://h/a?b=c' };
    expect(answerTo401('Basic realm="x", Digest realm="r", nonce="n"', MUFASA, request)).toMatch(
      /^Digest username="Mufasa", realm="r", nonce="n", uri="\/a\?b=c", response="\w{32}"$/,
    );
    const basic = `Basic ${Buffer.from('Mufasa:Circle of Life').toString('base64')}`;
    expect(answerTo401('Negotiate', MUFASA, request)).toBe(basic);
    expect(answerTo401('', MUFASA, request)).toBe(basic);
  });
});

describe('.netrc', () => {
  const text = [
    '# machine old login no password no',
    'machine a.example login me password p1',
    'macdef init',
    'cd machine b.example login wrong password wrong',
    '',
    'machine b.example',
    '  user you account x',
    '  password "p\\"2 x"',
    'machine c.example login only',
    'default login anonymous password guest',
  ].join('\r');

  it.each([
    ['https://a.example/x', { user: 'me', password: 'p1' }],
    ['http://b.example:8080', { user: 'you', password: 'p"2 x' }],
    ['http://c.example', undefined],
    ['http://other', { user: 'anonymous', password: 'guest' }],
  ])('%s', (url, expected) => {
    expect(netrcLogin(text, url)).toEqual(expected);
  });

  it('may be empty', () => {
    expect(netrcLogin('', 'http://a')).toBeUndefined();
  });
});

describe('a result', () => {
  it('does not repeat the password', () => {
    const data = { status: 200, url: 'http://h/?p=s3c', json: { 's3c-key': ['as3cb', 3, null] } };
    expect(withoutPassword(data, 's3c')).toEqual({
      status: 200,
      url: 'http://h/?p=********',
      json: { '********-key': ['a********b', 3, null] },
    });
    expect(withoutPassword(data, '')).toBe(data);
  });
});
