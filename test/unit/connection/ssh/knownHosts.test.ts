import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  fingerprint,
  KnownHosts,
  parseKnownHosts,
} from '../../../../src/connection/ssh/knownHosts.ts';

const directory = mkdtempSync(join(tmpdir(), 'drover-known-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A key in wire form: its type, then something that makes it its own. */
function keyOf(type: string, content: string): Buffer {
  return Buffer.concat(
    [type, content].map((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return Buffer.concat([length, Buffer.from(part)]);
    }),
  );
}

const ED = keyOf('ssh-ed25519', 'first');
const OTHER = keyOf('ssh-ed25519', 'second');
const RSA = keyOf('ssh-rsa', 'third');
const line = (names: string, key: Buffer): string =>
  `${names} ${key.subarray(4, 4 + key.readUInt32BE(0))} ${key.toString('base64')}`;

function verdict(content: string, name: string, port = 22, key = ED): string {
  const file = join(directory, 'known_hosts');
  writeFileSync(file, content);
  const found = new KnownHosts().verdict([file], name, port, key);
  return 'entry' in found ? `${found.status} at line ${found.entry.line}` : found.status;
}

describe('KnownHosts', () => {
  test.each([
    ['a plain name', line('web1', ED), 'web1', 22, 'known'],
    ['one of several names', line('web1,192.0.2.7', ED), '192.0.2.7', 22, 'known'],
    ['names in another case', line('Web1', ED), 'WEB1', 22, 'known'],
    [
      'a comment and blank lines before it',
      `# hosts\n\n${line('web1', ED)} comment`,
      'web1',
      22,
      'known',
    ],
    ['a pattern', line('*.example.com', ED), 'a.example.com', 22, 'known'],
    [
      'a pattern that excludes it',
      line('*.example.com,!b.example.com', ED),
      'b.example.com',
      22,
      'unknown',
    ],
    ['a port of its own', line('[web1]:2222', ED), 'web1', 2222, 'known'],
    ['a port of its own, recorded without', line('web1', ED), 'web1', 2222, 'known'],
    ['another port', line('[web1]:2222', ED), 'web1', 22, 'unknown'],
    ['another host', line('web2', ED), 'web1', 22, 'unknown'],
    ['nothing', '', 'web1', 22, 'unknown'],
    ['another key', `# x\n${line('web1', OTHER)}`, 'web1', 22, 'changed at line 2'],
    ['a key of another type only', line('web1', RSA), 'web1', 22, 'changed at line 1'],
    ['the key beside another', `${line('web1', OTHER)}\n${line('web1', ED)}`, 'web1', 22, 'known'],
    [
      'a revoked key',
      `${line('web1', ED)}\n@revoked ${line('*', ED)}`,
      'web1',
      22,
      'revoked at line 2',
    ],
    [
      'a certificate authority, which is no key of the host',
      `@cert-authority ${line('*', ED)}`,
      'web1',
      22,
      'unknown',
    ],
  ])('%s', (_, content, name, port, expected) => {
    expect(verdict(content, name, port)).toBe(expected);
  });

  test('finds names that ssh-keygen hashed', () => {
    const file = join(directory, 'hashed');
    const real = join(directory, 'real');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', real]);
    const [type, key = ''] = readFileSync(`${real}.pub`, 'utf8').split(' ');
    writeFileSync(file, `web1 ${type} ${key}\n[web2]:2222 ${type} ${key}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).not.toContain('web');
    const hosts = new KnownHosts();
    const bytes = Buffer.from(key, 'base64');
    const statuses = [
      ['web1', 22],
      ['web2', 2222],
      ['web3', 22],
    ] as const;
    expect(statuses.map(([name, port]) => hosts.verdict([file], name, port, bytes).status)).toEqual(
      ['known', 'known', 'unknown'],
    );
    const listed = execFileSync('ssh-keygen', ['-l', '-f', `${real}.pub`], { encoding: 'utf8' });
    expect(listed).toContain(fingerprint(bytes));
  });

  test('says which types of key are known, so that one of them can be asked for', () => {
    const file = join(directory, 'types');
    writeFileSync(file, `${line('web1', RSA)}\n${line('web1', ED)}\n${line('web2', ED)}`);
    expect(new KnownHosts().keyTypes([file], 'web1', 22)).toEqual(['ssh-rsa', 'ssh-ed25519']);
  });

  test('records a key once and finds it again', () => {
    const file = join(directory, 'new', 'known_hosts');
    const hosts = new KnownHosts();
    expect(hosts.verdict([file], 'web1', 2222, ED).status).toBe('unknown');
    hosts.add(file, 'web1', 2222, ED);
    hosts.add(file, 'web2', 22, RSA);
    expect(hosts.verdict([file], 'web1', 2222, ED).status).toBe('known');
    expect(readFileSync(file, 'utf8')).toBe(`${line('[web1]:2222', ED)}\n${line('web2', RSA)}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('does not glue a key to a last line without newline', () => {
    const file = join(directory, 'unfinished');
    writeFileSync(file, line('web1', ED));
    new KnownHosts().add(file, 'web2', 22, RSA);
    expect(parseKnownHosts(readFileSync(file, 'utf8'), file).map(({ names }) => names)).toEqual([
      'web1',
      'web2',
    ]);
  });
});
