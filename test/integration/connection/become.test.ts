/**
 * Real sudo, su and doas, as users that exist for this test only. Needs root to make them, and says so when it is skipped.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connector } from '../../../src/connection/connect.ts';
import { KnownHosts } from '../../../src/connection/knownHosts.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import type { BecomeSettings } from '../../../src/connection/transport.ts';
import { Secret } from '../../../src/core/secret.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import { hasSshd, type SshServer, startSshServer } from '../../support/sshServer.ts';

const canMakeUsers =
  process.getuid?.() === 0 &&
  hasSshd &&
  existsSync('/usr/sbin/useradd') &&
  existsSync('/usr/bin/sudo');

const ASKED = `drover-asked-${process.pid}`;
const TRUSTED = `drover-free-${process.pid}`;
const STRANGER = `drover-none-${process.pid}`;
const PASSWORD = new Secret("pass 'word' $1");
const SUDOERS = `/etc/sudoers.d/drover-test-${process.pid}`;

describe.skipIf(!canMakeUsers)('become (needs root, sshd and sudo)', () => {
  let server: SshServer;
  let pool: ConnectionPool;
  beforeAll(async () => {
    for (const user of [ASKED, TRUSTED, STRANGER]) {
      execFileSync('useradd', ['-m', '-s', '/bin/sh', user]);
      execFileSync('chpasswd', { input: `${user}:${PASSWORD.reveal()}\n` });
    }
    writeFileSync(SUDOERS, `${ASKED} ALL=(ALL) ALL\n${TRUSTED} ALL=(ALL) NOPASSWD: ALL\n`, {
      mode: 0o440,
    });
    server = await startSshServer();
    const context = {
      homeDirectory: '/nonexistent',
      userName: 'root',
      knownHosts: new KnownHosts(),
      environment: {},
    };
    pool = new ConnectionPool(connector(context));
  });
  afterAll(async () => {
    await pool.close();
    await server.stop();
    rmSync(SUDOERS, { force: true });
    // Forced: a session's last process may still be about to end.
    for (const user of [ASKED, TRUSTED, STRANGER])
      execFileSync('userdel', ['-rf', user], { stdio: 'ignore' });
  });

  function as(user: string, become?: BecomeSettings): RemoteTarget {
    return new RemoteTarget({ connection: pool.connection(server.settings({ user })), become });
  }

  async function whoami(user: string, become?: BecomeSettings): Promise<string> {
    const { stdout } = await as(user, become).sh('echo "$(id -un) $HOME"');
    return stdout.toString().trim();
  }

  const sudo: BecomeSettings = { method: 'sudo', user: 'root' };
  const root = execFileSync('/bin/sh', ['-c', 'echo root ~root'], { encoding: 'utf8' }).trim();

  test.each<[string, string, BecomeSettings | undefined, string]>([
    ['nobody else', STRANGER, undefined, `${STRANGER} /home/${STRANGER}`],
    ['sudo without password', TRUSTED, sudo, root],
    [
      'sudo with a password that it does not ask for',
      TRUSTED,
      { ...sudo, password: PASSWORD },
      root,
    ],
    ['sudo with a password', ASKED, { ...sudo, password: PASSWORD }, root],
    [
      'sudo to another user',
      ASKED,
      { method: 'sudo', user: STRANGER, password: PASSWORD },
      `${STRANGER} /home/${STRANGER}`,
    ],
    ['sudo -i', TRUSTED, { ...sudo, flags: ['-i'] }, root],
    ['su from root', 'root', { method: 'su', user: STRANGER }, `${STRANGER} /home/${STRANGER}`],
    [
      'su with a password',
      STRANGER,
      { method: 'su', user: ASKED, password: PASSWORD },
      `${ASKED} /home/${ASKED}`,
    ],
  ])('%s', async (_, user, become, expected) => {
    expect(await whoami(user, become)).toBe(expected);
  });

  test.each<[string, string, BecomeSettings, string]>([
    [
      'a wrong password',
      ASKED,
      { ...sudo, password: new Secret('wrong') },
      'DROVER_BECOME_PASSWORD',
    ],
    ['no password', ASKED, sudo, 'DROVER_BECOME_PASSWORD_MISSING'],
    ['no right', STRANGER, { ...sudo, password: PASSWORD }, 'DROVER_BECOME_FAILED'],
    [
      'no such user',
      TRUSTED,
      { method: 'sudo', user: 'nobody-of-that-name' },
      'DROVER_BECOME_FAILED',
    ],
    ['no sudo', TRUSTED, { ...sudo, executable: '/nowhere/sudo' }, 'DROVER_BECOME_FAILED'],
    [
      'a wrong password for su',
      STRANGER,
      { method: 'su', user: ASKED, password: new Secret('wrong') },
      'DROVER_BECOME_PASSWORD',
    ],
  ])('%s fails the task, and does not make the host unreachable', async (_, user, become, code) => {
    await expect(whoami(user, become)).rejects.toMatchObject({ name: 'ModuleError', code });
    expect(await whoami(user)).toMatch(user);
  });

  test('the password is in no process list and no environment', async () => {
    const target = as(ASKED, { ...sudo, password: PASSWORD });
    const look =
      'for file in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do tr "\\0" "\\n" <"$file"; done 2>/dev/null';
    const { stdout } = await target.sh(look);
    expect(stdout.toString()).not.toContain(PASSWORD.reveal());
  });

  test('a request of another user is ended with all that it started', async () => {
    const target = as(TRUSTED, sudo);
    const marker = `5${process.pid}`;
    await expect(
      target.sh(`sleep ${marker} & sleep ${marker}`, { timeoutMs: 300 }),
    ).rejects.toMatchObject({ code: 'DROVER_TIMEOUT' });
    const { stdout } = await target.sh('ps -A -o stat=,args= | grep "[s]leep $1" | grep -v ^Z; :', {
      args: [marker],
    });
    expect(stdout.toString()).toBe('');
  });

  test('a unix socket that only the other user may open', async () => {
    const path = join(server.directory, 'private.sock');
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(path, resolve));
    execFileSync('chmod', ['600', path]);
    await expect(as(TRUSTED).connectUnix(path)).rejects.toMatchObject({
      code: 'DROVER_UNIX_SOCKET',
    });
    const stream = await as(TRUSTED, sudo).connectUnix(path);
    const content = Buffer.alloc(1_000_000, 'through the relay\0', 'latin1');
    stream.end(content);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    await expect(as(TRUSTED, sudo).connectUnix('/nowhere.sock')).rejects.toMatchObject({
      code: 'DROVER_UNIX_SOCKET',
      message: 'unix socket on web1: there is no /nowhere.sock',
    });
    echo.close();
  });
});
