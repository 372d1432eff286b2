/** What `~/.ssh/config` says, seen in what a connection to a real sshd does. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connector } from '../../../src/connection/connect.ts';
import { KnownHosts } from '../../../src/connection/ssh/knownHosts.ts';
import type { ConnectionSettings, Transport } from '../../../src/connection/transport.ts';
import {
  addKey,
  hasSshd,
  makeKey,
  type SshServer,
  startSshServer,
} from '../../support/sshServer.ts';

const user = userInfo().username;

describe.skipIf(!hasSshd)('~/.ssh/config (needs sshd)', () => {
  let server: SshServer;
  let gate: SshServer;
  let closedGate: SshServer;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'drover-config-'));
    mkdirSync(join(home, '.ssh', 'config.d'), { recursive: true });
    server = await startSshServer();
    gate = await startSshServer();
    closedGate = await startSshServer('DisableForwarding yes');
  });
  afterAll(async () => {
    for (const one of [server, gate, closedGate]) await one?.stop();
    rmSync(home, { recursive: true, force: true });
  });
  beforeEach(() => rmSync(join(home, '.ssh', 'config'), { force: true }));

  function configure(...sections: readonly string[]): void {
    writeFileSync(join(home, '.ssh', 'config'), sections.join('\n'));
  }

  /** As for an inventory that says nothing but a name. */
  function connect(
    name: string,
    changes: Partial<ConnectionSettings> = {},
    agentSocket?: string,
  ): Promise<Transport> {
    return connector({
      homeDirectory: home,
      userName: 'nobody-of-that-name',
      agentSocket,
      knownHosts: new KnownHosts(),
      environment: process.env,
    })({
      transport: 'ssh',
      host: name,
      address: name,
      hostKeyChecking: 'strict',
      knownHostsFiles: [server.knownHostsFile],
      connectTimeoutMs: 10_000,
      retries: 0,
      sshArgs: [],
      shell: '/bin/sh',
      ...changes,
    });
  }

  async function output(transport: Transport, command: string): Promise<string> {
    const process = await transport.exec(command);
    process.stderr.resume();
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdout) chunks.push(chunk);
    await transport.close();
    return Buffer.concat(chunks).toString().trim();
  }

  const logsIn = async (name: string, changes: Partial<ConnectionSettings> = {}): Promise<void> =>
    expect(await output(await connect(name, changes), 'id -un')).toBe(user);

  /** All that it takes to reach `to`. */
  const reach = (to: SshServer = server): string =>
    `  HostName 127.0.0.1\n  Port ${to.port}\n  User ${user}\n  IdentityFile ${to.keyFile}\n  UserKnownHostsFile ${to.knownHostsFile}`;

  test('HostName, Port, User, IdentityFile and UserKnownHostsFile of a Host', async () => {
    configure('Host w?b* !web9', reach());
    await logsIn('web1');
    await expect(connect('web9')).rejects.toMatchObject({ name: 'UnreachableError' });
  });

  test('Include by pattern, and Match by host and user', async () => {
    const included = join(home, '.ssh', 'config.d', '10-web.conf');
    writeFileSync(included, `Match originalhost web1 user ${user}\n${reach()}\n`);
    configure('Include config.d/*.conf', 'Match all', '  ConnectTimeout 5');
    await logsIn('web1', { user });
    const other = connect('web1', { user: 'somebody-else' });
    await expect(other).rejects.toMatchObject({ code: 'DROVER_SSH_DNS' });
  });

  test('a condition of Match that only OpenSSH can tell is left to it', async () => {
    configure('Host web1', reach(), 'Match exec "true"', '  ConnectTimeout 5');
    const file = join(home, '.ssh', 'config');
    const transport = await connect('web1', { sshArgs: ['-F', file] });
    expect(transport.name).toBe('openssh');
    expect(await output(transport, 'id -un')).toBe(user);
  });

  test('IdentitiesOnly offers the named key alone, even when only the agent has it', async () => {
    const socket = join(home, 'agent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      const strangers = ['a', 'b', 'c'].map((name) => makeKey(join(home, name)));
      const copy = join(home, 'in-agent');
      for (const end of ['', '.pub'])
        execFileSync('cp', ['-p', `${server.keyFile}${end}`, `${copy}${end}`]);
      await expect.poll(() => addKey(socket, copy)).toBe(true);
      for (const stranger of strangers) addKey(socket, stranger);
      rmSync(copy);
      const section = reach().replace(server.keyFile, copy);
      configure('Host web1', section, '  IdentitiesOnly yes');
      expect(await output(await connect('web1', {}, socket), 'id -un')).toBe(user);
      configure('Host web1', section.replace(copy, join(home, 'a')), '  IdentitiesOnly yes');
      await expect(connect('web1', {}, socket)).rejects.toMatchObject({
        code: 'DROVER_SSH_AUTH',
        message: expect.not.stringContaining('agent'),
      });
    } finally {
      agent.kill();
    }
  });

  test('ForwardAgent lends the agent to the host, and only when it says so', async () => {
    const socket = join(home, 'lent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await expect.poll(() => addKey(socket, server.keyFile)).toBe(true);
      const look = 'ssh-add -l 2>&1 | cut -d" " -f3';
      configure('Host web1', reach(), '  ForwardAgent yes');
      expect(await output(await connect('web1', {}, socket), look)).toBe('test');
      configure('Host web1', reach());
      expect(await output(await connect('web1', {}, socket), look)).not.toBe('test');
      const asked = await connect('web1', { sshArgs: ['-o', 'ForwardAgent=yes'] }, socket);
      expect(await output(asked, look)).toBe('test');
    } finally {
      agent.kill();
    }
  });

  test('ProxyJump through hosts that have sections of their own', async () => {
    const gates = ['Host gate', reach(gate), 'Host shut', reach(closedGate)];
    configure('Host web1', reach(), '  ProxyJump gate', ...gates);
    await logsIn('web1');
    configure('Host web1', reach(), '  ProxyJump gate,again', ...gates, 'Host again', reach(gate));
    await logsIn('web1');
    configure('Host web1', reach(), '  ProxyJump shut', ...gates);
    await expect(connect('web1')).rejects.toMatchObject({
      name: 'UnreachableError',
      message: expect.stringContaining(`shut (${user}@127.0.0.1:${closedGate.port}) does not open`),
    });
  });

  test('ProxyJump that leads back to itself is told, not followed for ever', async () => {
    configure('Host *', reach(), '  ProxyJump gate');
    await expect(connect('web1')).rejects.toMatchObject({ code: 'DROVER_SSH_JUMP_LOOP' });
  });

  test('ProxyCommand with its tokens', async () => {
    const log = join(home, 'proxied');
    const command = `sh -c 'echo "%n %h %p %r" >${log}; exec nc %h %p'`;
    configure('Host web1', reach(), `  ProxyCommand ${command}`);
    await logsIn('web1');
    expect(readFileSync(log, 'utf8')).toBe(`web1 127.0.0.1 ${server.port} ${user}\n`);
  });

  test('a ProxyCommand that fails says what it said', async () => {
    configure('Host web1', reach(), '  ProxyCommand echo no way >&2; exit 3');
    await expect(connect('web1')).rejects.toMatchObject({
      name: 'UnreachableError',
      message: expect.stringContaining('no way'),
    });
  });

  test('StrictHostKeyChecking and several files of UserKnownHostsFile', async () => {
    const [first, second] = [join(home, 'known 1'), join(home, 'known2')];
    const section = reach().replace(server.knownHostsFile, `"${first}" ${second}`);
    configure('Host web1', section);
    await expect(connect('web1')).rejects.toMatchObject({ code: 'DROVER_HOST_KEY_UNKNOWN' });
    configure('Host web1', section, '  StrictHostKeyChecking accept-new');
    await logsIn('web1');
    expect(readFileSync(first, 'utf8')).toBe(server.knownHostsLine);
    rmSync(first);
    writeFileSync(second, server.knownHostsLine);
    configure('Host web1', section, '  StrictHostKeyChecking yes');
    await logsIn('web1');
    rmSync(second);
    configure('Host web1', section, '  StrictHostKeyChecking no');
    await logsIn('web1');
    expect(existsSync(first)).toBe(false);
  });

  test('HostKeyAlias is the name under which the key is known', async () => {
    const file = join(home, 'by alias');
    writeFileSync(file, server.knownHostsLine.replace(/^\S+/, `[db.example]:${server.port}`));
    const section = reach().replace(server.knownHostsFile, `"${file}"`);
    configure('Host web1', section, '  HostKeyAlias db.example');
    await logsIn('web1');
    configure('Host web1', section);
    await expect(connect('web1')).rejects.toMatchObject({ code: 'DROVER_HOST_KEY_UNKNOWN' });
  });

  test('ConnectTimeout, and ServerAliveInterval with its count', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    configure('Host web1', `  HostName 127.0.0.1\n  Port ${port}\n  ConnectTimeout 1`);
    await expect(connect('web1')).rejects.toMatchObject({
      code: 'DROVER_SSH_TIMEOUT',
      message: expect.stringContaining('no answer within 1 s'),
    });
    mute.close();
    const alive = '  ServerAliveInterval 1\n  ServerAliveCountMax 1';
    configure('Host web1', reach(), alive);
    const transport = await connect('web1');
    server.freezeConnections();
    const started = performance.now();
    expect(await transport.closed).toMatchObject({ code: 'DROVER_CONNECTION_LOST' });
    expect(performance.now() - started).toBeLessThan(8_000);
    server.cutConnections();
    await transport.close();
  });
});
