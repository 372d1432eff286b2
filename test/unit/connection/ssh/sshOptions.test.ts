import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  parseSshArgs,
  resolveSshOptions,
  type SshOptions,
} from '../../../../src/connection/ssh/sshOptions.ts';
import type { ConnectionSettings } from '../../../../src/connection/transport.ts';

const home = mkdtempSync(join(tmpdir(), 'drover-home-'));
mkdirSync(join(home, '.ssh', 'config.d'), { recursive: true });
afterAll(() => rmSync(home, { recursive: true, force: true }));

function options(config: string, changes: Partial<ConnectionSettings> = {}): SshOptions {
  writeFileSync(join(home, '.ssh', 'config'), config);
  const settings: ConnectionSettings = {
    transport: 'ssh',
    host: 'web1',
    address: 'web1',
    hostKeyChecking: 'strict',
    knownHostsFiles: ['~/.ssh/known_hosts'],
    connectTimeoutMs: 10_000,
    retries: 0,
    sshArgs: [],
    shell: '/bin/sh',
    ...changes,
  };
  return resolveSshOptions(settings, {
    homeDirectory: home,
    userName: 'me',
    agentSocket: '/agent',
  });
}

describe('resolveSshOptions', () => {
  test('without anything', () => {
    expect(options('')).toEqual({
      host: 'web1',
      hostName: 'web1',
      port: 22,
      user: 'me',
      identityFiles: [],
      defaultIdentityFiles: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) =>
        join(home, '.ssh', name),
      ),
      identitiesOnly: false,
      agentSocket: '/agent',
      passphrase: undefined,
      password: undefined,
      hostKeyChecking: 'strict',
      knownHostsFiles: [join(home, '.ssh/known_hosts')],
      hostKeyAlias: undefined,
      connectTimeoutMs: 10_000,
      retries: 0,
      keepaliveIntervalMs: 15_000,
      keepaliveMaxMissed: 4,
      jumps: [],
      proxyCommand: undefined,
      forwardedAgent: undefined,
    });
  });

  test('takes from ~/.ssh/config what it says about the host', () => {
    const config = `
Host web*
  HostName %h.example.com
  User deploy
  Port 2222
  IdentityFile ~/.ssh/%r_%h
  ProxyJump gate,inner:2200
  StrictHostKeyChecking accept-new
  UserKnownHostsFile ~/.ssh/a ~/.ssh/b
  ServerAliveInterval 5
Host *
  User nobody
  IdentityFile /keys/all
  IdentitiesOnly yes
  ConnectTimeout 3`;
    expect(options(config)).toMatchObject({
      hostName: 'web1.example.com',
      user: 'deploy',
      port: 2222,
      identityFiles: [join(home, '.ssh/deploy_web1.example.com'), '/keys/all'],
      identitiesOnly: true,
      jumps: ['gate', 'inner:2200'],
      hostKeyChecking: 'accept-new',
      knownHostsFiles: [join(home, '.ssh/a'), join(home, '.ssh/b')],
      keepaliveIntervalMs: 5_000,
      connectTimeoutMs: 3_000,
    });
  });

  test('the inventory wins over arguments, and those over the file', () => {
    const config = 'Host *\n User file\n Port 1\n ProxyCommand nc %h %p';
    const sshArgs = ['-o', 'User=args', '-oPort=2', '-p', '3', '-o', 'ProxyCommand=none'];
    expect(options(config, { sshArgs })).toMatchObject({
      user: 'args',
      port: 2,
      proxyCommand: undefined,
    });
    expect(options(config, { sshArgs, user: 'inventory', port: 4 })).toMatchObject({
      user: 'inventory',
      port: 4,
    });
    expect(options(config).proxyCommand).toBe('nc web1 1');
  });

  test('follows includes', () => {
    writeFileSync(join(home, '.ssh/config.d/one'), 'Host web1\n  User included');
    expect(options('Include config.d/*\n').user).toBe('included');
    expect(options('Include ~/.ssh/config.d/one ~/.ssh/nothing\n').user).toBe('included');
  });

  test('reads another file with -F, or none', () => {
    writeFileSync(join(home, 'other'), 'Host *\n  User other');
    expect(options('Host *\n User file', { sshArgs: ['-F', '~/other'] }).user).toBe('other');
    expect(options('Host *\n User file', { sshArgs: ['-F', 'none'] }).user).toBe('me');
  });
});

describe('parseSshArgs', () => {
  test('words as Ansible users write them', () => {
    const words = [
      '-C',
      '-o',
      'ControlMaster=auto',
      '-o',
      'ControlPersist=60s',
      '-o',
      'StrictHostKeyChecking no',
      '-i',
      'key1',
      '-ikey2',
      '-J',
      'gate',
      '-o',
      'ProxyCommand="ssh -W %h:%p gate"',
      '-L',
      '8080:localhost:80',
      '-l',
      'user',
    ];
    const { keywords } = parseSshArgs(words);
    expect(Object.fromEntries(keywords)).toEqual({
      controlmaster: ['auto'],
      controlpersist: ['60s'],
      stricthostkeychecking: ['no'],
      identityfile: ['key1', 'key2'],
      proxyjump: ['gate'],
      proxycommand: ['ssh -W %h:%p gate'],
      user: ['user'],
    });
  });
});
