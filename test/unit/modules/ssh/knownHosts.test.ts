import { describe, expect, it } from 'vitest';
import { knownHosts, planKnownHosts } from '../../../../src/modules/ssh/knownHosts.ts';
import { hostKey, isForHost } from '../../../../src/modules/ssh/knownHostsFile.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

/** By `ssh-keygen -H` (OpenSSH 9.2). */
const HASHED = '|1|lCciUWJdAKyE6EPbjUIglelswtE=|Ol5R2MGb0gVgy0iQXU8mKcnX6pI=';
const KEY = 'git.example.org ssh-ed25519 AAAA';

function planned(args: Args, text: string): string {
  const input = paramsOf(knownHosts, { name: 'git.example.org', ...args }) as Parameters<
    typeof planKnownHosts
  >[0];
  const file = { path: '/root/.ssh/known_hosts', text, encoding: 'utf8' as const };
  const [change] = planKnownHosts(input, file);
  return change === undefined ? text : change.operation.content.toString();
}

describe('the plan of known_hosts', () => {
  it.each<readonly [string, Args, string, string]>([
    ['adds a key', { key: KEY }, '# top\nx ssh-rsa B\n', `# top\nx ssh-rsa B\n${KEY}\n`],
    ['leaves a key alone', { key: KEY }, `${KEY} comment\n`, `${KEY} comment\n`],
    ['knows the host in capitals', { name: 'Git.Example.ORG', key: KEY }, `${KEY}\n`, `${KEY}\n`],
    ['replaces a key of the type', { key: KEY }, `${KEY}x\na ssh-rsa B\n`, `a ssh-rsa B\n${KEY}\n`],
    [
      'adds a key of another type',
      { key: KEY },
      'git.example.org ssh-rsa B\n',
      `git.example.org ssh-rsa B\n${KEY}\n`,
    ],
    ['removes a key', { key: KEY, state: 'absent' }, `${KEY}\n${KEY}x\n`, `${KEY}x\n`],
    [
      'removes all of a host',
      { state: 'absent' },
      `${KEY}\nx ssh-rsa B\n${KEY}x\n`,
      'x ssh-rsa B\n',
    ],
    ['has nothing to remove', { state: 'absent' }, 'x ssh-rsa B\n', 'x ssh-rsa B\n'],
    [
      'takes ports',
      { name: '[h]:2222', key: '[h]:2222 ssh-rsa B' },
      'h ssh-rsa B\n',
      'h ssh-rsa B\n[h]:2222 ssh-rsa B\n',
    ],
  ])('%s', (_name, args, before, wanted) => {
    expect(planned(args, before)).toBe(wanted);
    expect(planned(args, wanted)).toBe(wanted);
  });

  it('hashes the name, and knows it again', () => {
    const text = planned({ key: KEY, hash_host: true }, `${KEY}\n`);
    expect(text).toMatch(/^\|1\|[\w+/=]+\|[\w+/=]+ ssh-ed25519 AAAA\n$/);
    expect(planned({ key: KEY, hash_host: true }, text)).toBe(text);
    expect(planned({ state: 'absent' }, text)).toBe('');
    expect(planned({ key: KEY, state: 'absent' }, `# top\n${text}`)).toBe('# top\n');
    expect(planned({ key: KEY }, text)).toBe(`${KEY}\n`);
  });

  it.each<readonly [Args, string]>([
    [{}, '"key" is needed with state=present'],
    [{ key: 'ssh-rsa AAAA' }, 'the key is not one line of host, type and key'],
    [
      { key: 'other ssh-rsa AAAA' },
      'Host parameter does not match hashed host field in supplied key',
    ],
    [{ name: 'a,b', key: 'a ssh-rsa AAAA' }, 'Comma separated list of names is not supported'],
  ])('refuses %j', (args, message) => {
    expect(() => planned(args, '')).toThrow(message);
  });
});

describe('hosts of a line', () => {
  it.each([
    ['a,b ssh-rsa K', 'b', true],
    ['*.example.org,!bad.example.org ssh-rsa K', 'x.example.org', true],
    ['*.example.org,!bad.example.org ssh-rsa K', 'bad.example.org', false],
    ['h?st ssh-rsa K', 'host', true],
    ['a.b ssh-rsa K', 'axb', false],
    ['@cert-authority a ssh-rsa K', 'a', true],
    [`${HASHED} ssh-rsa K`, 'git.example.org', true],
    [`${HASHED} ssh-rsa K`, 'other', false],
  ])('%s is for %s: %s', (line, name, expected) => {
    const key = hostKey(line);
    expect(key !== undefined && isForHost(key, name)).toBe(expected);
  });
});
