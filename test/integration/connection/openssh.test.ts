/** The system's ssh as the transport, and the configurations for which it is chosen, against a real sshd. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connector } from '../../../src/connection/connect.ts';
import { KnownHosts } from '../../../src/connection/ssh/knownHosts.ts';
import type { ConnectionSettings, Transport } from '../../../src/connection/transport.ts';
import { transportContract } from '../../contract/transport.ts';
import { runPlaybook } from '../../support/runPlaybook.ts';
import {
  freePort,
  hasSshd,
  makeKey,
  type SshServer,
  startSshServer,
} from '../../support/sshServer.ts';

const canRun = hasSshd && existsSync('/usr/bin/ssh');
const user = userInfo().username;

describe.skipIf(!canRun)("the system's ssh (needs ssh and sshd)", () => {
  let server: SshServer;
  let folder: string;
  let authority: string;
  let notices: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-openssh-'));
    mkdirSync(join(folder, '.ssh'));
    authority = makeKey(join(folder, 'authority'));
    // Another home: what the profile of who runs the tests prints would be in the output of commands.
    server = await startSshServer(`TrustedUserCAKeys ${authority}.pub\nSetEnv HOME=${folder}`);
  });
  beforeEach(() => {
    notices = [];
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function connect(changes: Partial<ConnectionSettings> = {}): Promise<Transport> {
    return connector({
      homeDirectory: folder,
      userName: user,
      knownHosts: new KnownHosts(),
      environment: process.env,
      notice: (host, text) => void notices.push(`${host}: ${text}`),
    })(server.settings(changes));
  }

  async function connectedBy(changes: Partial<ConnectionSettings> = {}): Promise<string> {
    const transport = await connect(changes);
    await transport.close();
    return transport.name;
  }

  transportContract('openssh', () => connect({ transport: 'openssh' }), {
    cut: () => server.cutConnections(),
    killedCode: 255,
  });

  test('leaves no folder and no process behind', async () => {
    const environment = { ...process.env, TMPDIR: folder };
    const open = connector({
      homeDirectory: folder,
      userName: user,
      knownHosts: new KnownHosts(),
      environment,
    });
    const transport = await open(server.settings({ transport: 'openssh' }));
    const listing = (): string => execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' });
    expect(listing()).toMatch(new RegExp(`ssh -M .*-p ${server.port}`));
    const control = listing().match(new RegExp(`ssh -M -S (\\S+).*-p ${server.port}`))?.[1] ?? '';
    expect(existsSync(control)).toBe(true);
    await transport.close();
    await expect.poll(() => existsSync(join(control, '..'))).toBe(false);
    expect(listing()).not.toMatch(new RegExp(`ssh -M .*-p ${server.port}`));
  });

  test('is not chosen where ssh2 will do', async () => {
    expect(await connectedBy()).toBe('ssh');
    expect(notices).toEqual([]);
  });

  /** A key that the server knows by its certificate only. */
  function certifiedKey(name: string): string {
    const key = makeKey(join(folder, name));
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'test', '-n', user, `${key}.pub`], {
      stdio: 'ignore',
    });
    return key;
  }

  test('logs in with a certificate beside the key, and says so', async () => {
    const privateKeyFile = certifiedKey('beside');
    expect(await connectedBy({ privateKeyFile })).toBe('openssh');
    expect(notices).toEqual([
      `web1: connected by the system's ssh: the certificate ${privateKeyFile}-cert.pub`,
    ]);
  });

  test('a run says with -v what it connects by', async () => {
    const variables = {
      ansible_connection: 'ssh',
      ansible_host: '127.0.0.1',
      ansible_port: server.port,
      ansible_user: user,
      ansible_private_key_file: certifiedKey('for-a-run'),
      ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${server.knownHostsFile}`,
    };
    const files = {
      'hosts.yml': JSON.stringify({ all: { hosts: { web1: variables } } }),
      'site.yml': JSON.stringify([
        { hosts: 'all', gather_facts: false, tasks: [{ command: 'true' }] },
      ]),
    };
    const messages = async (args: string[]): Promise<string[]> => {
      const { events, lines } = await runPlaybook(files, { args });
      expect(lines).toEqual(['web1: command changed']);
      return events.flatMap((event) => (event.type === 'message' ? [event.text] : []));
    };
    expect(await messages(['-v'])).toEqual([
      expect.stringContaining("connected by the system's ssh: the certificate"),
    ]);
    expect(await messages([])).toEqual([]);
  });

  test('logs in with a certificate that the configuration names', async () => {
    const key = certifiedKey('named');
    const certificate = join(folder, 'elsewhere');
    execFileSync('mv', [`${key}-cert.pub`, certificate]);
    const config = join(folder, 'config');
    writeFileSync(config, `Host 127.0.0.*\n  CertificateFile ${certificate}\n`);
    const sshArgs = ['-F', config];
    expect(await connectedBy({ privateKeyFile: key, sshArgs })).toBe('openssh');
    await expect(connectedBy({ privateKeyFile: key })).rejects.toMatchObject({
      code: 'DROVER_SSH_AUTH',
    });
  });

  test('believes the host key that an authority of known_hosts signed, and no other', async () => {
    const hostKey = join(server.directory, 'host');
    const sign = ['-q', '-s', authority, '-I', 'host', '-h', '-n', '127.0.0.1', `${hostKey}.pub`];
    execFileSync('ssh-keygen', sign, { stdio: 'ignore' });
    const certified = await startSshServer(
      `HostKey ${hostKey}\nHostCertificate ${hostKey}-cert.pub`,
    );
    const file = join(folder, 'authorities');
    const key = readFileSync(`${authority}.pub`, 'utf8');
    writeFileSync(file, `@cert-authority 127.0.0.1,[127.0.0.1]:* ${key}`);
    try {
      const changes = { ...certified.settings(), knownHostsFiles: [file] };
      expect(await connectedBy(changes)).toBe('openssh');
      expect(notices).toEqual([
        `web1: connected by the system's ssh: @cert-authority in ${file}:1`,
      ]);
      await expect(connectedBy({ knownHostsFiles: [file] })).rejects.toMatchObject({
        code: 'DROVER_HOST_KEY_UNKNOWN',
      });
    } finally {
      await certified.stop();
    }
  });

  test.each<[string, (changes: ConnectionSettings) => object | Promise<object>, string]>([
    [
      'a stranger',
      () => ({ privateKeyFile: makeKey(join(folder, 'stranger')) }),
      'DROVER_SSH_AUTH',
    ],
    [
      'an unknown host key',
      () => ({ knownHostsFiles: [join(folder, 'empty')] }),
      'DROVER_HOST_KEY_UNKNOWN',
    ],
    ['a changed host key', () => ({ knownHostsFiles: [changedKey()] }), 'DROVER_HOST_KEY_CHANGED'],
    ['nobody listens', async () => ({ port: await freePort() }), 'DROVER_SSH_REFUSED'],
    ['no such name', () => ({ address: 'no-such-host.invalid' }), 'DROVER_SSH_DNS'],
  ])('%s is refused with a code of its own', async (_, changes, code) => {
    const settings = server.settings({ transport: 'openssh' });
    const refused = connect({ ...settings, ...(await changes(settings)) });
    await expect(refused).rejects.toMatchObject({ name: 'UnreachableError', code });
  });

  function changedKey(): string {
    const file = join(folder, 'changed');
    const other = readFileSync(`${makeKey(join(folder, 'other'))}.pub`, 'utf8');
    writeFileSync(file, `[127.0.0.1]:${server.port} ${other}`);
    return file;
  }

  test('an accepted host key is recorded', async () => {
    const file = join(folder, 'accepted');
    const changes = { transport: 'openssh', knownHostsFiles: [file] } as const;
    expect(await connectedBy({ ...changes, hostKeyChecking: 'accept-new' })).toBe('openssh');
    expect(readFileSync(file, 'utf8')).toContain(`[127.0.0.1]:${server.port} ssh-ed25519`);
    expect(await connectedBy(changes)).toBe('openssh');
  });
});
