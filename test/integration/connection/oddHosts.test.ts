/**
 * Hosts that are not as they should be: login shells, noise, folders that cannot be written or run from. A real sshd with users,
 * and mounts that only it sees; needs root, and says so when it is skipped.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connector } from '../../../src/connection/connect.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import { KnownHosts } from '../../../src/connection/ssh/knownHosts.ts';
import type { BecomeSettings } from '../../../src/connection/transport.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import { hasSshd, type SshServer, startSshServer } from '../../support/sshServer.ts';

const SHELLS = ['bash', 'rbash', 'dash', 'fish', 'csh', 'mksh'].filter((name) =>
  existsSync(`/usr/bin/${name}`),
);

const canRun = process.getuid?.() === 0 && hasSshd && existsSync('/usr/sbin/useradd') && canMount();

if (!canRun) console.warn('SKIPPED: without root, sshd and mounts no odd hosts can be made');

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A small /tmp from which nothing runs, and a full folder. */
const MOUNTS =
  'mount -t tmpfs -o noexec,size=64k,mode=1777 tmpfs /tmp && mkdir -m 777 /tmp/full && exec "$@"';

describe.skipIf(!canRun)('odd hosts (need root and sshd)', () => {
  let server: SshServer;
  let pool: ConnectionPool;
  const users: string[] = [];
  beforeAll(async () => {
    server = await startSshServer('', {
      parent: '/var/tmp',
      within: ['unshare', '-m', 'sh', '-c', MOUNTS, 'sh'],
    });
    const context = { homeDirectory: '/nonexistent', userName: 'root', environment: {} };
    pool = new ConnectionPool(connector({ ...context, knownHosts: new KnownHosts() }));
  });
  afterAll(async () => {
    await pool?.close();
    await server?.stop();
    for (const user of users) execFileSync('userdel', ['-rf', user], { stdio: 'ignore' });
  });

  /** A user of the test's own, by the home folder. */
  function makeUser(name: string, shell: string): { user: string; home: string } {
    const user = `drover-${name}-${process.pid}`;
    users.push(user);
    // Without PAM sshd takes an account whose password is "!" for locked.
    execFileSync('useradd', ['-m', '-p', '*', '-d', `/var/tmp/${user}`, '-s', shell, user]);
    return { user, home: `/var/tmp/${user}` };
  }

  function as(user: string, become?: BecomeSettings): RemoteTarget {
    return new RemoteTarget({ connection: pool.connection(server.settings({ user })), become });
  }

  const text = async (target: RemoteTarget, script: string): Promise<string> => {
    const { rc, stdout, stderr } = await target.sh(script);
    return `${rc}|${stdout.toString()}|${stderr.toString()}`;
  };

  test.each(SHELLS)('the login shell %s', async (name) => {
    const { user, home } = makeUser(name, `/usr/bin/${name}`);
    const target = as(user);
    expect(await text(target, `echo "it's !me" '$HOME' "$HOME"; exit 3`)).toBe(
      `3|it's !me $HOME ${home}\n|`,
    );
    await target.writeFile(`${home}/file`, 'content', { mode: '0600' });
    expect((await target.readFile(`${home}/file`)).toString()).toBe('content');
  });

  test('an account without a login shell says so', async () => {
    const { user } = makeUser('nologin', '/usr/sbin/nologin');
    await expect(as(user).sh('true')).rejects.toMatchObject({
      name: 'UnreachableError',
      code: 'DROVER_NO_SHELL',
      message:
        'no shell starts on web1, the login ended with exit code 1: This account is currently not available.',
    });
  });

  test('what a profile prints, sets and changes is not in the way', async () => {
    const { user, home } = makeUser('noisy', '/bin/bash');
    const profile = 'echo Welcome; printf "no newline"; echo oops >&2; set -u; cd /; umask 0';
    for (const name of ['.bashrc', '.profile']) writeFileSync(join(home, name), profile);
    expect(await text(as(user), 'echo mine; echo too >&2')).toBe('0|mine\n|too\n');
  });

  test('a home folder that cannot be written', async () => {
    const { user, home } = makeUser('rohome', '/bin/sh');
    chownSync(home, 0, 0);
    chmodSync(home, 0o555);
    const target = as(user);
    expect(await text(target, 'echo "$HOME"; touch "$HOME/x" 2>/dev/null || echo no')).toBe(
      `0|${home}\nno\n|`,
    );
    await target.writeFile('/tmp/of-rohome', 'elsewhere');
    expect((await target.readFile('/tmp/of-rohome')).toString()).toBe('elsewhere');
    await expect(target.writeFile(`${home}/x`, 'content')).rejects.toMatchObject({
      name: 'ModuleError',
      message: expect.stringContaining('Permission denied'),
    });
  });

  test('a /tmp from which nothing runs', async () => {
    const target = as('root');
    await target.writeFile('/tmp/script', '#!/bin/sh\necho ran\n', { mode: '0755' });
    expect(await text(target, '/tmp/script 2>/dev/null; echo $?')).toBe('0|126\n|');
    expect(await text(target, 'echo "a script of ours runs"')).toBe('0|a script of ours runs\n|');
  });

  test('a full disk fails the write, keeps the old file and leaves nothing', async () => {
    const target = as('root');
    await target.writeFile('/tmp/full/file', 'old');
    await target.sh('cat /dev/zero >/tmp/full/rest 2>/dev/null');
    for (const size of [10_000, 100_000])
      await expect(target.writeFile('/tmp/full/file', 'x'.repeat(size))).rejects.toMatchObject({
        name: 'ModuleError',
        message: expect.stringContaining('No space left on device'),
      });
    expect(await text(target, 'cat /tmp/full/file; echo; ls -A /tmp/full')).toBe(
      '0|old\nfile\nrest\n|',
    );
    await target.sh('rm /tmp/full/rest');
    await target.writeFile('/tmp/full/file', 'new');
    expect((await target.readFile('/tmp/full/file')).toString()).toBe('new');
  });

  test('a locale that the host does not have, and one that is not UTF-8', async () => {
    for (const LC_ALL of ['xx_YY.UTF-8', 'C', 'POSIX']) {
      const { stdout } = await as('root').sh('printf %s "$1" | wc -c', {
        args: ['ünï'],
        env: { LC_ALL },
      });
      expect(stdout.toString().trim()).toBe('5');
    }
  });
});
