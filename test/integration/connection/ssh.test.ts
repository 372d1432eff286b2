/** ssh2 against a real sshd on 127.0.0.1, and against an ssh2 server that misbehaves. */
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connector } from '../../../src/connection/connect.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import { KnownHosts } from '../../../src/connection/ssh/knownHosts.ts';
import type { ConnectionSettings, Transport } from '../../../src/connection/transport.ts';
import { UnreachableError } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import type { WriteOptions } from '../../../src/target/target.ts';
import { transportContract } from '../../contract/transport.ts';
import {
  ENDS_AT_ONCE,
  type FakeSshServer,
  startFakeSshServer,
} from '../../support/fakeSshServer.ts';
import {
  addKey,
  freePort,
  hasSshd,
  makeKey,
  type SshServer,
  startSshServer,
} from '../../support/sshServer.ts';

const home = mkdtempSync(join(tmpdir(), 'drover-ssh-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function connect(settings: ConnectionSettings, agentSocket?: string): Promise<Transport> {
  const context = { homeDirectory: home, userName: userInfo().username, agentSocket };
  return connector({ ...context, knownHosts: new KnownHosts(), environment: process.env })(
    settings,
  );
}

/** The error of a connect that must not succeed. */
async function refusal(settings: ConnectionSettings, agentSocket?: string): Promise<unknown> {
  const transport = await connect(settings, agentSocket).catch((error: unknown) => error);
  if (transport instanceof Error) {
    const { name, message } = transport;
    const { code, hint } = transport instanceof UnreachableError ? transport : {};
    return { name, code, message, hint };
  }
  throw new Error('the connection was not refused');
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

describe.skipIf(!hasSshd)('ssh to a real sshd', () => {
  let server: SshServer;
  let pool: ConnectionPool;
  let place: string;
  beforeAll(async () => {
    // Another home: what the profile of who runs the tests prints would be in the output of commands.
    server = await startSshServer('SetEnv HOME=/nonexistent');
    place = `web1 (${userInfo().username}@127.0.0.1:${server.port})`;
    pool = new ConnectionPool((settings) => connect(settings));
  });
  afterAll(async () => {
    await pool.close();
    await server.stop();
  });

  test('no other host keys are proved, and the connection works', async () => {
    const talkative = await startSshServer('LogLevel DEBUG1');
    const transport = await connect(talkative.settings());
    const said = await transport.exec('echo hello');
    said.stdin.end();
    expect((await said.stdout.toArray()).join('')).toBe('hello\n');
    await transport.close();
    expect(talkative.log()).toMatch(/Accepted publickey for/);
    expect(talkative.log()).not.toContain('hostkeys-prove');
    await talkative.stop();
  });

  transportContract('ssh', () => connect(server.settings()), {
    cut: () => server.cutConnections(),
  });

  async function logsIn(changes: Partial<ConnectionSettings>, agentSocket?: string): Promise<void> {
    const transport = await connect(server.settings(changes), agentSocket);
    await transport.close();
  }

  test('a key with a passphrase, and what is said without it', async () => {
    const privateKeyFile = join(server.directory, 'locked');
    execFileSync('cp', ['-p', server.keyFile, privateKeyFile]);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', privateKeyFile], {
      stdio: 'ignore',
    });
    await logsIn({ privateKeyFile, privateKeyPassphrase: new Secret('open sesame') });
    expect(await refusal(server.settings({ privateKeyFile }))).toMatchObject({
      code: 'DROVER_SSH_AUTH',
      message: expect.stringContaining(
        `not usable: key ${privateKeyFile} (encrypted, and no passphrase was given)`,
      ),
    });
  });

  function authorizedKey(name: string, type: string): string {
    const key = makeKey(join(server.directory, name), '', type);
    const file = join(server.directory, 'authorized_keys');
    writeFileSync(file, readFileSync(`${key}.pub`), { flag: 'a' });
    return key;
  }

  test.each(['rsa', 'ecdsa', 'ed25519'])('%s keys', async (type) => {
    await logsIn({ privateKeyFile: authorizedKey(`key-${type}`, type) });
  });

  test.each([
    ['rsa', 'PEM', 'RSA PRIVATE KEY', 'RSA PRIVATE KEY'],
    ['ecdsa', 'PEM', 'EC PRIVATE KEY', 'EC PRIVATE KEY'],
    ['rsa', 'PKCS8', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'],
    ['ecdsa', 'PKCS8', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'],
  ])('%s keys in %s, with a passphrase and without', async (type, format, plain, locked) => {
    const privateKeyFile = authorizedKey(`key-${type}-${format}`, type);
    const change = (from: string, to: string): void => {
      const args = ['-q', '-p', '-P', from, '-N', to, '-m', format, '-f', privateKeyFile];
      execFileSync('ssh-keygen', args, { stdio: 'ignore' });
    };
    change('', '');
    expect(readFileSync(privateKeyFile, 'utf8')).toMatch(`-----BEGIN ${plain}-----`);
    await logsIn({ privateKeyFile });
    change('', 'open sesame');
    expect(readFileSync(privateKeyFile, 'utf8')).toMatch(`-----BEGIN ${locked}-----`);
    await logsIn({ privateKeyFile, privateKeyPassphrase: new Secret('open sesame') });
    for (const [passphrase, why] of [
      [undefined, 'encrypted, and no passphrase was given'],
      [new Secret('wrong'), 'the passphrase is wrong'],
    ] as const) {
      const settings = server.settings({ privateKeyFile, privateKeyPassphrase: passphrase });
      expect(await refusal(settings)).toMatchObject({
        code: 'DROVER_SSH_AUTH',
        message: expect.stringContaining(`not usable: key ${privateKeyFile} (${why})`),
      });
    }
  });

  test('a key of the agent', async () => {
    const socket = join(server.directory, 'agent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await expect.poll(() => addKey(socket, server.keyFile)).toBe(true);
      await logsIn({ privateKeyFile: undefined }, socket);
      const other = await refusal(
        server.settings({
          privateKeyFile: undefined,
          sshArgs: ['-F', 'none', '-o', 'IdentitiesOnly=yes'],
        }),
        socket,
      );
      expect(other).toMatchObject({ code: 'DROVER_SSH_AUTH' });
    } finally {
      agent.kill();
    }
  });

  test('says which keys were tried', async () => {
    const privateKeyFile = makeKey(join(server.directory, 'stranger'));
    expect(await refusal(server.settings({ privateKeyFile }))).toEqual({
      name: 'UnreachableError',
      code: 'DROVER_SSH_AUTH',
      message: `${place}: permission denied for user ${userInfo().username}: tried key ${privateKeyFile}; the server takes publickey`,
      hint: 'give a key (--private-key), a password (-k) or another user (-u)',
    });
  });

  test('an unknown host key is refused with its fingerprint, and recorded only when that was asked', async () => {
    const file = join(home, 'new_known_hosts');
    const print = execFileSync('ssh-keygen', ['-l', '-f', join(server.directory, 'host.pub')], {
      encoding: 'utf8',
    }).split(' ')[1];
    expect(await refusal(server.settings({ knownHostsFiles: [file] }))).toEqual({
      name: 'UnreachableError',
      code: 'DROVER_HOST_KEY_UNKNOWN',
      message: `${place}: the host key is not known: ssh-ed25519 ${print}`,
      hint: `compare the fingerprint, then run with --accept-new-host-keys, or: ssh-keyscan -p ${server.port} 127.0.0.1 >> ${file}`,
    });
    await logsIn({ knownHostsFiles: [file], hostKeyChecking: 'accept-new' });
    expect(readFileSync(file, 'utf8')).toBe(server.knownHostsLine);
    await logsIn({ knownHostsFiles: [file] });
  });

  test.each(['strict', 'accept-new'] as const)(
    'a changed host key is refused under %s, with the line that it contradicts',
    async (hostKeyChecking) => {
      const file = join(home, `changed-${hostKeyChecking}`);
      const other = readFileSync(`${makeKey(join(home, `other-${hostKeyChecking}`))}.pub`, 'utf8');
      writeFileSync(file, `# mine\n[127.0.0.1]:${server.port} ${other}`);
      expect(
        await refusal(server.settings({ knownHostsFiles: [file], hostKeyChecking })),
      ).toMatchObject({
        code: 'DROVER_HOST_KEY_CHANGED',
        message: expect.stringContaining(`the host key is not the one that ${file}:2 records`),
      });
      await logsIn({ knownHostsFiles: [file], hostKeyChecking: 'off' });
      await logsIn({
        knownHostsFiles: [file],
        sshArgs: ['-F', 'none', '-o', 'StrictHostKeyChecking=no'],
      });
    },
  );

  test('through a jump host, and through a proxy command', async () => {
    const jump = `${userInfo().username}@127.0.0.1:${server.port}`;
    await logsIn({ sshArgs: ['-F', 'none', '-J', jump] });
    await logsIn({ sshArgs: ['-F', 'none', '-J', `${jump},${jump}`] });
    await logsIn({ sshArgs: ['-F', 'none', '-o', `ProxyCommand=nc %h %p`] });
  });

  test('nobody listens', async () => {
    const port = await freePort();
    expect(await refusal(server.settings({ port }))).toMatchObject({
      code: 'DROVER_SSH_REFUSED',
      message: `web1 (${userInfo().username}@127.0.0.1:${port}): connection refused`,
    });
  });

  test('a name that does not resolve', async () => {
    expect(await refusal(server.settings({ address: 'no-such-host.invalid' }))).toMatchObject({
      code: 'DROVER_SSH_DNS',
      hint: 'set ansible_host to an address or a name that resolves',
    });
  });

  test('a server that accepts and never speaks', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await refusal(server.settings({ port, connectTimeoutMs: 300 }))).toMatchObject({
      code: 'DROVER_SSH_TIMEOUT',
      message: expect.stringContaining('no answer within 0.3 s'),
    });
    mute.close();
  });

  test('a refused connect is tried again as often as asked', async () => {
    const port = await freePort();
    const settings = server.settings({ port, retries: 1 });
    const started = performance.now();
    await refusal(settings);
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  test('first uses at once share one connection', async () => {
    let connects = 0;
    const counting = new ConnectionPool((settings) => {
      connects++;
      return connect(settings);
    });
    const connection = counting.connection(server.settings());
    const target = new RemoteTarget({ connection });
    await Promise.all([target.sh('true'), target.sh('true'), target.readFile('/etc/hostname')]);
    expect(connects).toBe(1);
    await counting.close();
  });

  test('a cut connection makes the pending request unreachable, not failed; the next one connects again', async () => {
    const target = new RemoteTarget({ connection: pool.connection(server.settings()) });
    // The process of the connection is the first sshd above the script.
    const pending = target.sh(`pid=$$
while [ "$pid" -gt 1 ]; do
  case $(ps -o comm= -p "$pid") in sshd*) kill -9 "$pid"; sleep 5;; esac
  pid=$(($(ps -o ppid= -p "$pid")))
done`);
    await expect(pending).rejects.toMatchObject({ name: 'UnreachableError' });
    expect((await target.sh('echo again')).stdout.toString()).toBe('again\n');
  });

  test('a slow connection in small pieces changes nothing but the time', async () => {
    const slow = createServer((near) => {
      const far = createConnection(server.port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        void trickle(from, to).catch(() => from.destroy());
      }
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const address = slow.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const settings = server.settings({ port, hostKeyChecking: 'off' });
    const slowPool = new ConnectionPool((one) => connect(one));
    const target = new RemoteTarget({ connection: slowPool.connection(settings) });
    const content = Buffer.from(Array.from({ length: 60_000 }, (_, index) => index % 251));
    const { stdout, rc } = await target.sh('cat; exit 5', { stdin: content });
    expect({ rc, isWhole: stdout.equals(content) }).toEqual({ rc: 5, isWhole: true });
    await slowPool.close();
    slow.close();
  });

  test('after a reset everything is opened anew', async () => {
    const target = new RemoteTarget({ connection: pool.connection(server.settings()) });
    await target.sh('true');
    await target.reset();
    expect((await target.sh('echo again')).stdout.toString()).toBe('again\n');
  });
});

/** Passes on at most 1,111 bytes every few milliseconds. */
async function trickle(from: Socket, to: Socket): Promise<void> {
  for await (const chunk of from) {
    for (let at = 0; at < chunk.length; at += 1_111) {
      await delay(5);
      to.write(chunk.subarray(at, at + 1_111));
    }
  }
  to.end();
}

describe('ssh to a server that tests can bend', () => {
  let server: FakeSshServer;
  beforeAll(async () => {
    server = await startFakeSshServer({ user: 'deploy', password: 'let me in' });
  });
  afterAll(() => server.stop());

  test('a password, and keyboard-interactive', async () => {
    for (const methods of [['password'], ['keyboard-interactive']] as const) {
      server.methods = methods;
      const transport = await connect(server.settings({ password: new Secret('let me in') }));
      await transport.close();
    }
  });

  test('a wrong password, without the password in the message', async () => {
    server.methods = ['password'];
    expect(
      await refusal(server.settings({ password: new Secret('hunter2hunter2') })),
    ).toMatchObject({
      code: 'DROVER_SSH_AUTH',
      message: `web1 (deploy@127.0.0.1:${server.port}): permission denied for user deploy: tried password; the server takes password`,
    });
  });

  test('a command whose end comes with its beginning', async () => {
    const transport = await connect(server.settings({ password: new Secret('let me in') }));
    const { exit, stdout, stderr } = await transport.exec(ENDS_AT_ONCE);
    stdout.resume();
    stderr.resume();
    expect(await exit).toEqual({ code: 4 });
    await transport.close();
  });

  test('a connection that dies in the middle of a request', async () => {
    server.methods = ['password'];
    const pool = new ConnectionPool((settings) => connect(settings));
    const connection = pool.connection(server.settings({ password: new Secret('let me in') }));
    const target = new RemoteTarget({ connection });
    expect((await target.sh('echo one')).stdout.toString()).toBe('one\n');
    const pending = target.sh('sleep 5');
    setTimeout(() => server.cutConnections(), 200);
    await expect(pending).rejects.toMatchObject({
      name: 'UnreachableError',
      code: 'DROVER_CONNECTION_LOST',
    });
    expect((await target.sh('echo two')).stdout.toString()).toBe('two\n');
    await pool.close();
  });

  test('questions are asked again over a new connection; what may have changed the host is not', async () => {
    server.methods = ['password'];
    const log = join(home, 'asked');
    const pool = new ConnectionPool((settings) => connect(settings));
    const settings = server.settings({ password: new Secret('let me in') });
    const target = new RemoteTarget({ connection: pool.connection(settings) });
    await target.sh('true');
    const slowly = 'echo "$2" >>"$1"; sleep 1; echo answer';
    const question = {
      script: slowly,
      args: [log, 'asked'],
      parse: ({ stdout }: { stdout: Buffer }) => stdout.toString(),
    };
    const cutAfter = async (lines: readonly string[]): Promise<void> => {
      const text = lines.map((line) => `${line}\n`).join('');
      await expect.poll(() => readIfThere(log), { interval: 10 }).toBe(text);
      server.cutConnections();
    };
    const answer = target.observe({ question });
    await cutAfter(['asked']);
    expect(await answer).toEqual({ question: 'answer\n' });
    const change = target.sh(slowly, { args: [log, 'changed'] });
    const lost = expect(change).rejects.toMatchObject({ code: 'DROVER_CONNECTION_LOST' });
    await cutAfter(['asked', 'asked', 'changed']);
    await lost;
    const harmless = target.sh(slowly, { args: [log, 'harmless'], mayRepeat: true });
    await cutAfter(['asked', 'asked', 'changed', 'harmless']);
    expect((await harmless).stdout.toString()).toBe('answer\n');
    expect(readFileSync(log, 'utf8')).toBe('asked\nasked\nchanged\nharmless\nharmless\n');
    await pool.close();
  });

  test('a host that stays away is given up', async () => {
    const leaving = await startFakeSshServer({ user: 'deploy', password: 'let me in' });
    const pool = new ConnectionPool((settings) => connect(settings));
    const settings = leaving.settings({ password: new Secret('let me in') });
    const target = new RemoteTarget({ connection: pool.connection(settings) });
    await target.sh('true');
    const pipe = join(home, 'pipe that nobody writes to');
    execFileSync('mkfifo', [pipe]);
    const writer = openSync(pipe, constants.O_RDWR);
    const file = target.readFile(pipe);
    setTimeout(() => void leaving.stop(), 100);
    await expect(file).rejects.toMatchObject({ code: 'DROVER_SSH_REFUSED' });
    await pool.close();
    closeSync(writer); // and the reader that was left on the host comes to an end
  });

  /** Cuts the connection in the middle of an upload over an old file. */
  async function cutUpload(options: WriteOptions) {
    server.methods = ['password'];
    const where = mkdtempSync(join(home, 'upload-'));
    const [source, path] = [join(home, 'large'), join(where, 'file')];
    writeFileSync(source, Buffer.alloc(60_000_000));
    writeFileSync(path, 'old');
    const pool = new ConnectionPool((settings) => connect(settings));
    const settings = server.settings({ password: new Secret('let me in') });
    const target = new RemoteTarget({ connection: pool.connection(settings) });
    await target.sh('true');
    const upload = target.upload(source, path, options).then(
      () => 'through',
      (error: unknown) => error,
    );
    await expect.poll(() => readdirSync(where).length, { interval: 5 }).toBe(2);
    server.cutConnections();
    const end = await upload;
    await expect.poll(() => readdirSync(where)).toEqual(['file']);
    await pool.close();
    return { end, sizeBytes: readFileSync(path).length };
  }

  test('an upload whose connection dies begins anew, and leaves nothing else', async () => {
    expect(await cutUpload({})).toEqual({ end: 'through', sizeBytes: 60_000_000 });
  });

  test('where that does not come to the same, it fails, and the old file stays', async () => {
    const { end, sizeBytes } = await cutUpload({ backup: true });
    expect(end).toMatchObject({ name: 'UnreachableError' });
    expect(sizeBytes).toBe('old'.length);
  });

  describe('a server that lets in and opens no channel', () => {
    const key = { privateKeyFile: join(home, 'any-key'), connectTimeoutMs: 500 };
    beforeAll(() => {
      makeKey(key.privateKeyFile);
      server.methods = ['publickey'];
      server.opensChannels = false;
    });
    afterAll(() => {
      server.opensChannels = true;
    });

    test('is given up within the time to connect', async () => {
      const transport = await connect(server.settings(key));
      await expect(transport.exec('true')).rejects.toMatchObject({
        code: 'DROVER_SSH_CHANNEL',
        message: expect.stringMatching(/does not open a session: no answer within 0\.5 s$/),
      });
      await transport.close();
    });

    test('is given up as a jump host, too', async () => {
      const here = `deploy@127.0.0.1:${server.port}`;
      const settings = server.settings({ ...key, sshArgs: ['-F', 'none', '-J', here] });
      expect(await refusal({ ...settings, address: '127.0.0.9' })).toMatchObject({
        code: 'DROVER_SSH_TIMEOUT',
        message: expect.stringContaining(`within 0.5 s through the jump host ${here}`),
      });
    });
  });

  test('a connection that goes silent is given up by keepalives', async () => {
    server.methods = ['password'];
    const sshArgs = ['-F', 'none', '-o', 'ServerAliveInterval=0.1', '-o', 'ServerAliveCountMax=2'];
    const pool = new ConnectionPool((settings) => connect(settings));
    const settings = server.settings({ password: new Secret('let me in'), sshArgs });
    const target = new RemoteTarget({ connection: pool.connection(settings) });
    await target.sh('true');
    server.freezeConnections();
    await expect(target.sh('echo never')).rejects.toMatchObject({ code: 'DROVER_CONNECTION_LOST' });
    server.cutConnections();
    await pool.close();
  });
});
