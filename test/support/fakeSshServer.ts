/** An SSH server in this process that runs commands with `sh` and can be made to fail: wrong logins, cut and silent connections. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import type { AuthContext, AuthenticationType, Connection, ServerChannel } from 'ssh2';
import ssh2 from 'ssh2';
import type { ConnectionSettings } from '../../src/connection/transport.ts';

export interface FakeSshServer {
  readonly port: number;
  /** Authentication methods that the server takes from now on; with `publickey` any key. */
  methods: readonly AuthenticationType[];
  /** When false, channels that are asked for are neither opened nor refused. */
  opensChannels: boolean;
  /** How often a client sent something after it had been answered, in all channels so far. */
  readonly roundTrips: number;
  settings(changes?: Partial<ConnectionSettings>): ConnectionSettings;
  /** Ends all connections as a router would. */
  cutConnections(): void;
  /** Leaves all connections open and silent. */
  freezeConnections(): void;
  stop(): Promise<void>;
}

/** As a command: it has ended with code 4 in the segment that says that it was started. */
export const ENDS_AT_ONCE = 'ends at once';

export interface FakeLogin {
  readonly user: string;
  readonly password: string;
}

export async function startFakeSshServer(login: FakeLogin): Promise<FakeSshServer> {
  const sockets = new Set<Socket>();
  let roundTrips = 0;
  const onTurn = (): void => {
    roundTrips += 1;
  };
  const inOneSegment = (send: () => void): void => {
    for (const socket of sockets) socket.cork();
    send();
    for (const socket of sockets) socket.uncork();
  };
  const ssh = new ssh2.Server({ hostKeys: [hostKey()] }, (client) =>
    serve(client, login, fake, { onTurn, inOneSegment }),
  );
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const fake: FakeSshServer = {
    port,
    methods: ['password'],
    opensChannels: true,
    get roundTrips() {
      return roundTrips;
    },
    settings: (changes = {}) => ({ ...baseSettings(port, login.user), ...changes }),
    cutConnections() {
      for (const socket of sockets) socket.destroy();
    },
    freezeConnections() {
      for (const socket of sockets) socket.pause();
    },
    async stop() {
      fake.cutConnections();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
  return fake;
}

function baseSettings(port: number, user: string): ConnectionSettings {
  return {
    transport: 'ssh',
    host: 'web1',
    address: '127.0.0.1',
    port,
    user,
    hostKeyChecking: 'off',
    knownHostsFiles: [],
    connectTimeoutMs: 5_000,
    retries: 0,
    sshArgs: ['-F', 'none'],
    shell: '/bin/sh',
  };
}

function hostKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
}

interface Wire {
  readonly onTurn: () => void;
  readonly inOneSegment: (send: () => void) => void;
}

function endAtOnce(channel: ServerChannel): void {
  channel.exit(4);
  channel.close();
}

function serve(
  client: Connection,
  login: FakeLogin,
  fake: FakeSshServer,
  { onTurn, inOneSegment }: Wire,
): void {
  client.on('error', () => undefined);
  client.on('authentication', (context) => authenticate(context, login, fake.methods));
  client.on('tcpip', (_accept, reject) => {
    if (fake.opensChannels) reject();
  });
  client.on('session', (accept) => {
    if (!fake.opensChannels) return;
    accept().on('exec', (acceptExec, _reject, { command }) => {
      if (command === ENDS_AT_ONCE) return inOneSegment(() => endAtOnce(acceptExec()));
      const channel = acceptExec();
      runCommand(channel, command);
      countTurns(channel, onTurn);
    });
  });
}

function authenticate(
  context: AuthContext,
  login: FakeLogin,
  methods: readonly AuthenticationType[],
): void {
  const refuse = (): void => context.reject([...methods]);
  if (context.username !== login.user || !methods.includes(context.method)) refuse();
  else if (context.method === 'publickey') context.accept();
  else if (context.method === 'password' && context.password === login.password) context.accept();
  else if (context.method === 'keyboard-interactive') {
    context.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) => {
      if (answer === login.password) context.accept();
      else refuse();
    });
  } else refuse();
}

function runCommand(channel: ServerChannel, command: string): void {
  const child = spawn('/bin/sh', ['-c', command], { detached: true });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.once('close', () => child.stdin.end());
  child.once('close', (code) => {
    channel.exit(code ?? 255);
    channel.end();
  });
}

function countTurns(channel: ServerChannel, onTurn: () => void): void {
  let isAnswered = true;
  channel.on('data', () => {
    if (isAnswered) onTurn();
    isAnswered = false;
  });
  const { write } = channel;
  channel.write = (...args: unknown[]) => {
    isAnswered = true;
    return Reflect.apply(write, channel, args);
  };
}
