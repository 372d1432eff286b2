import { describe, expect, it } from 'vitest';
import { separated } from '../../../../src/modules/docker/containerStreams.ts';
import { dockerLogin, planLogin } from '../../../../src/modules/docker/dockerLogin.ts';
import { filterText } from '../../../../src/modules/docker/dockerPrune.ts';
import {
  type ConfigFile,
  helperFor,
  type Login,
  storedLogin,
  withLogin,
} from '../../../../src/modules/docker/loginConfig.ts';
import { paramsOf } from '../driver.ts';

const REGISTRY = 'registry.example.com';
const LOGIN: Login = { username: 'ops', password: 'a:b', identityToken: undefined };
const auth = Buffer.from('ops:a:b').toString('base64');

function configWith(content: ConfigFile['content']): ConfigFile {
  return { path: '/root/.docker/config.json', exists: true, content };
}

describe('planLogin', () => {
  const plan = (args: object, stored: Login | undefined) => {
    const given = { registry_url: REGISTRY, username: 'ops', password: 'a:b', ...args };
    const params = paramsOf(dockerLogin, given) as Parameters<typeof planLogin>[0];
    const state = { config: configWith({}), helper: undefined, stored };
    return planLogin(params, state).map(
      ({ before, after }) => `${String(before)} > ${String(after)}`,
    );
  };

  it.each([
    ['logs in', {}, undefined, ['absent > ops']],
    ['leaves a login', {}, LOGIN, []],
    ['changes a password', {}, { ...LOGIN, password: 'old' }, ['ops > ops']],
    ['changes a user', {}, { ...LOGIN, username: 'eve' }, ['eve > ops']],
    ['trusts a token', {}, { ...LOGIN, password: '', identityToken: 't' }, []],
    ['logs in again', { reauthorize: true }, LOGIN, ['ops > ops']],
    ['logs out', { state: 'absent' }, LOGIN, ['ops > absent']],
    ['is logged out', { state: 'absent' }, undefined, []],
  ])('%s', (_title, args, stored, changes) => {
    expect(plan(args, stored)).toEqual(changes);
  });
});

describe('config.json', () => {
  it('keeps what it holds besides', () => {
    const content = { credHelpers: { other: 'x' }, auths: { other: { auth: 'eA==' } } };
    const after = withLogin(content, REGISTRY, LOGIN);
    expect(after).toEqual({ ...content, auths: { other: { auth: 'eA==' }, [REGISTRY]: { auth } } });
    expect(storedLogin(configWith(after), REGISTRY)).toEqual(LOGIN);
    expect(withLogin(after, REGISTRY, undefined)).toEqual(content);
  });

  it('stores a token instead of the password', () => {
    const login = { ...LOGIN, identityToken: 'token' };
    const after = withLogin({}, REGISTRY, login);
    expect(JSON.stringify(after)).not.toContain(auth);
    expect(storedLogin(configWith(after), REGISTRY)).toEqual({ ...login, password: '' });
  });

  it.each([
    [{ credsStore: 'pass' }, 'pass'],
    [{ credsStore: 'pass', credHelpers: { [REGISTRY]: 'own' } }, 'own'],
    [{ credHelpers: { other: 'own' } }, undefined],
  ])('%j names the helper %s', (content, helper) => {
    expect(helperFor(configWith(content), REGISTRY)).toBe(helper);
  });
});

it('separated takes frames apart', () => {
  const frame = (stream: number, text: string) => {
    const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(text.length, 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  const all = Buffer.concat([frame(1, 'a'), frame(2, 'bb'), frame(1, ''), frame(1, 'c')]);
  expect(separated(all)).toEqual({ stdout: Buffer.from('ac'), stderr: Buffer.from('bb') });
});

it.each([
  [undefined, undefined],
  [{ dangling: false, label: ['a', 'b=c'] }, '{"dangling":["false"],"label":["a","b=c"]}'],
])('filterText of %j', (filters, text) => {
  expect(filterText(filters)).toBe(text);
});
