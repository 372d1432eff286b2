/**
 * Real sudo, su and doas, as users that exist for this test only. Needs root to make them, and says so when it is skipped.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connector } from '../../../src/connection/connect.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import { KnownHosts } from '../../../src/connection/ssh/knownHosts.ts';
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
/** Each may use sudo under a condition of its own. */
const LECTURED = `drover-lect-${process.pid}`;
const EXPIRED = `drover-exp-${process.pid}`;
const EXEMPT = `drover-exm-${process.pid}`;
const TERMINAL = `drover-tty-${process.pid}`;
const TERMINAL_ASKED = `drover-tya-${process.pid}`;
const USERS = [ASKED, TRUSTED, STRANGER, LECTURED, EXPIRED, EXEMPT, TERMINAL, TERMINAL_ASKED];

const SUDOERS_TEXT = `${ASKED} ALL=(ALL) ALL
${TRUSTED} ALL=(ALL) NOPASSWD: ALL
Defaults:${LECTURED} lecture=always
${LECTURED} ALL=(ALL) ALL
Defaults:${EXPIRED} timestamp_timeout=0
${EXPIRED} ALL=(ALL) ALL
Defaults:${EXEMPT} !authenticate
${EXEMPT} ALL=(ALL) ALL
Defaults:${TERMINAL} requiretty
${TERMINAL} ALL=(ALL) NOPASSWD: ALL
Defaults:${TERMINAL_ASKED} requiretty
${TERMINAL_ASKED} ALL=(ALL) ALL
`;

/** doas knows no other file. */
const DOAS_CONF = '/etc/doas.conf';
const hasDoas = existsSync('/usr/bin/doas') && !existsSync(DOAS_CONF);
const PASSWORD = new Secret("pass 'word' $1");
const SUDOERS = `/etc/sudoers.d/drover-test-${process.pid}`;

describe.skipIf(!canMakeUsers)('become (needs root, sshd and sudo)', () => {
  let server: SshServer;
  let pool: ConnectionPool;
  beforeAll(async () => {
    for (const user of USERS) {
      execFileSync('useradd', ['-m', '-s', '/bin/sh', user]);
      execFileSync('chpasswd', { input: `${user}:${PASSWORD.reveal()}\n` });
    }
    writeFileSync(SUDOERS, SUDOERS_TEXT, { mode: 0o440 });
    if (hasDoas) {
      writeFileSync(DOAS_CONF, `permit ${ASKED}\npermit nopass ${TRUSTED}\n`, { mode: 0o400 });
    }
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
    if (hasDoas) rmSync(DOAS_CONF, { force: true });
    // Forced: a session's last process may still be about to end.
    for (const user of USERS) execFileSync('userdel', ['-rf', user], { stdio: 'ignore' });
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
    ['sudo -i with a password', ASKED, { ...sudo, password: PASSWORD, flags: ['-i'] }, root],
    ['sudo that lectures', LECTURED, { ...sudo, password: PASSWORD }, root],
    ['sudo that forgets at once', EXPIRED, { ...sudo, password: PASSWORD }, root],
    ['sudo with !authenticate', EXEMPT, sudo, root],
    ['sudo that wants a terminal', TERMINAL, sudo, root],
    [
      'sudo that wants a terminal and a password',
      TERMINAL_ASKED,
      { ...sudo, password: PASSWORD },
      root,
    ],
    [
      'sudo from one user without rights to another',
      TRUSTED,
      { method: 'sudo', user: STRANGER },
      `${STRANGER} /home/${STRANGER}`,
    ],
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
      'a wrong password on a terminal',
      TERMINAL_ASKED,
      { ...sudo, password: new Secret('wrong') },
      'DROVER_BECOME_PASSWORD',
    ],
    ['no password on a terminal', TERMINAL_ASKED, sudo, 'DROVER_BECOME_PASSWORD_MISSING'],
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

  test.skipIf(!hasDoas).each<[string, string, BecomeSettings, string]>([
    ['without a password', TRUSTED, { method: 'doas', user: 'root' }, 'root'],
    ['with a password', ASKED, { method: 'doas', user: 'root', password: PASSWORD }, 'root'],
    ['to another user', TRUSTED, { method: 'doas', user: STRANGER }, STRANGER],
  ])('doas %s', async (_, user, become, expected) => {
    expect((await whoami(user, become)).split(' ')[0]).toBe(expected);
  });

  test.skipIf(!hasDoas).each<[string, string, Secret | undefined, string]>([
    ['a wrong password', ASKED, new Secret('wrong'), 'DROVER_BECOME_PASSWORD'],
    ['no password', ASKED, undefined, 'DROVER_BECOME_PASSWORD_MISSING'],
    ['no right', STRANGER, undefined, 'DROVER_BECOME_FAILED'],
  ])('doas with %s fails the task', async (_, user, password, code) => {
    const become = { method: 'doas', user: 'root', password } as const;
    await expect(whoami(user, become)).rejects.toMatchObject({ name: 'ModuleError', code });
  });

  test.each([
    ['pipes', TRUSTED, undefined],
    ['a terminal beside the pipes', TERMINAL_ASKED, PASSWORD],
  ])('any bytes pass to another user through %s', async (_, user, password) => {
    const target = as(user, { ...sudo, password });
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => index % 256));
    const script = 'cat; printf "\\003\\004\\r\\n" >&2; exit 9';
    expect(await target.sh(script, { stdin: bytes })).toEqual({
      rc: 9,
      stdout: bytes,
      stderr: Buffer.from('\x03\x04\r\n'),
    });
  });

  test('files go from one user without rights to another through no folder that both share', async () => {
    const target = as(TRUSTED, { method: 'sudo', user: STRANGER });
    // Other suites work in /tmp too, as root.
    const accounts = [TRUSTED, STRANGER].map(idOf);
    const shared: string[] = [];
    const watcher = watch('/tmp', (_, name) => {
      const owner = statSync(join('/tmp', String(name)), { throwIfNoEntry: false })?.uid;
      if (owner !== undefined && accounts.includes(owner)) shared.push(String(name));
    });
    await target.writeFile(`/home/${STRANGER}/secret`, 'for one pair of eyes', { mode: '0600' });
    expect((await target.readFile(`/home/${STRANGER}/secret`)).toString()).toBe(
      'for one pair of eyes',
    );
    watcher.close();
    expect(shared).toEqual([]);
    const listing =
      'ls -A "$HOME" | grep -v "^\\.\\(bash\\|profile\\|mksh\\)"; stat -c "%U %a" "$HOME/secret"';
    expect((await target.sh(listing)).stdout.toString()).toBe(`secret\n${STRANGER} 600\n`);
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

function idOf(user: string): number {
  return Number(execFileSync('id', ['-u', user], { encoding: 'utf8' }));
}
