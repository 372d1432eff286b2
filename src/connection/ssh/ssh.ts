/**
 * SSH on ssh2, which nobody else sees. One connection per host; it carries the shell sessions and streams. Round trips
 * are what an exec costs, so Nagle's algorithm is off (with it an exec takes 45 ms instead of 4).
 */
import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuthenticationType, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';
import ssh2 from 'ssh2';
import type { UnreachableError } from '../../core/errors.ts';
import { inTime } from '../inTime.ts';
import { lastWords } from '../lastWords.ts';
import type { ConnectionSettings, Transport } from '../transport.ts';
import { withoutHostKeyProofs } from './hostKeyProofs.ts';
import type { KnownHosts } from './knownHosts.ts';
import { retried } from './retry.ts';
import { type AuthPlan, planAuthentication } from './sshAuth.ts';
import {
  authError,
  connectError,
  hostKeyError,
  jumpLoopError,
  jumpTimeoutError,
} from './sshErrors.ts';
import {
  type ControllerContext,
  jumpSettings,
  MAX_HOPS,
  resolveSshOptions,
  type SshOptions,
} from './sshOptions.ts';
import { connectSocket } from './sshSocket.ts';
import { sshTransport } from './sshTransport.ts';

/** What connections of one run share. */
export interface SshContext extends ControllerContext {
  readonly knownHosts: KnownHosts;
}

/** @throws UnreachableError with a code of its own for each cause (`DROVER_SSH_*`, `DROVER_HOST_KEY_*`). */
export async function connectSsh(
  settings: ConnectionSettings,
  context: SshContext,
  hops = 0,
): Promise<Transport> {
  const options = resolveSshOptions(settings, context);
  if (hops > MAX_HOPS) throw jumpLoopError(options);
  const plan = await planAuthentication(options);
  return retried(options.retries, () => connectOnce({ settings, options, plan, hops }, context));
}

interface Attempt {
  readonly settings: ConnectionSettings;
  readonly options: SshOptions;
  readonly plan: AuthPlan;
  /** How many hosts lie between this one and the one that was asked for. */
  readonly hops: number;
}

async function connectOnce(attempt: Attempt, context: SshContext): Promise<Transport> {
  const { options, plan } = attempt;
  const route = await openRoute(attempt, context);
  try {
    const { client, stream } = await login(options, plan, context.knownHosts, route);
    const transport = sshTransport(client, stream, options);
    void transport.closed.then(() => route?.close());
    return transport;
  } catch (error) {
    await route?.close();
    throw error;
  }
}

/** A stream to the server that is not a TCP connection of our own. */
interface Route {
  readonly stream: Duplex;
  /** What the program that makes it printed before it failed, for messages. */
  said(): Promise<string>;
  close(): Promise<void>;
}

async function openRoute(
  { settings, options, hops }: Attempt,
  context: SshContext,
): Promise<Route | undefined> {
  const { jumps, proxyCommand, hostName, port } = options;
  if (proxyCommand !== undefined) return commandRoute(proxyCommand);
  const last = jumps.at(-1);
  if (last === undefined) return undefined;
  const jump = await connectSsh(
    jumpSettings(settings, jumps.slice(0, -1), last),
    context,
    hops + 1,
  );
  try {
    const stream = await inTime(jump.openTcp(hostName, port), options.connectTimeoutMs, {
      late: () => jumpTimeoutError(options, last),
      drop: (late) => late.destroy(),
    });
    return { stream, said: async () => '', close: () => jump.close() };
  } catch (error) {
    await jump.close();
    throw error;
  }
}

/** How long a failed connection waits for what its program still prints. */
const LAST_WORDS_MS = 200;

function commandRoute(command: string): Route {
  // In a session of its own: a Ctrl-C is for this program, which still has to tidy up over the connection.
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    detached: true,
  });
  const words = lastWords(child.stderr);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const said = (): Promise<string> => Promise.race([ended, delay(LAST_WORDS_MS)]).then(words);
  const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
  child.once('error', (error) => stream.destroy(error));
  return { stream, said, close: async () => void child.kill() };
}

function login(
  options: SshOptions,
  plan: AuthPlan,
  knownHosts: KnownHosts,
  route: Route | undefined,
): Promise<{ readonly client: ssh2.Client; readonly stream: Duplex }> {
  const client = new ssh2.Client();
  const authentication = new Authentication(plan);
  let keyError: UnreachableError | undefined;
  const verify = (key: Buffer): boolean => {
    keyError = checkHostKey(options, knownHosts, key);
    return keyError === undefined;
  };
  return new Promise((resolve, reject) => {
    const onError = (error: Error & { level?: string }): void => {
      client.end();
      if (keyError) reject(keyError);
      else if (error.level === 'client-authentication') reject(authentication.error(options));
      else if (!route) reject(connectError(options, error));
      else void route.said().then((said) => reject(connectError(options, error, said)));
    };
    client.on('error', onError);
    client.once('close', () => onError(new Error('the server closed the connection')));
    client.once('ready', () => {
      client.removeAllListeners('close').off('error', onError).setNoDelay(true);
      resolve({ client, stream });
    });
    const stream = route?.stream ?? connectSocket(options.hostName, options.port);
    client.connect(connectConfig(options, authentication, verify, knownHosts, stream));
    withoutHostKeyProofs(client);
  });
}

function connectConfig(
  options: SshOptions,
  authentication: Authentication,
  hostVerifier: (key: Buffer) => boolean,
  knownHosts: KnownHosts,
  sock: Duplex,
): ConnectConfig {
  return {
    sock,
    username: options.user,
    readyTimeout: options.connectTimeoutMs,
    keepaliveInterval: options.keepaliveIntervalMs,
    keepaliveCountMax: options.keepaliveMaxMissed,
    authHandler: (accepted) => authentication.next(accepted),
    algorithms: { serverHostKey: hostKeyAlgorithms(options, knownHosts) },
    hostVerifier,
    ...(options.forwardedAgent !== undefined && {
      agent: options.forwardedAgent,
      agentForward: true,
    }),
  };
}

/** Hands out the planned attempts one by one, those that the server says it takes. */
class Authentication {
  readonly #plan: AuthPlan;
  readonly #tried: string[] = [];
  #accepted: readonly string[] = [];
  #next = 0;

  constructor(plan: AuthPlan) {
    this.#plan = plan;
  }

  /** `accepted` is null before the server has said what it takes; false ends the login. */
  next(accepted: readonly AuthenticationType[] | null): ssh2.AnyAuthMethod | false {
    if (accepted) this.#accepted = accepted;
    for (
      let attempt = this.#plan.attempts[this.#next++];
      attempt;
      attempt = this.#plan.attempts[this.#next++]
    ) {
      const { label, method } = attempt;
      if (accepted && !accepted.includes(method.type === 'agent' ? 'publickey' : method.type))
        continue;
      if (label !== undefined) this.#tried.push(label);
      return method;
    }
    return false;
  }

  error(options: SshOptions): UnreachableError {
    return authError(options, this.#tried, this.#plan.unusable, this.#accepted);
  }
}

function checkHostKey(
  options: SshOptions,
  knownHosts: KnownHosts,
  key: Buffer,
): UnreachableError | undefined {
  const { hostKeyChecking, knownHostsFiles, hostKeyAlias, hostName, port } = options;
  if (hostKeyChecking === 'off') return undefined;
  const name = hostKeyAlias ?? hostName;
  const verdict = knownHosts.verdict(knownHostsFiles, name, port, key);
  if (verdict.status === 'known') return undefined;
  const [file] = knownHostsFiles;
  if (verdict.status !== 'unknown' || hostKeyChecking === 'strict' || file === undefined) {
    return hostKeyError(options, key, verdict);
  }
  knownHosts.add(file, name, port, key);
  return undefined;
}

const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

/** Those whose keys known_hosts holds come first, so that the server shows a key that can be compared. */
export function hostKeyAlgorithms(
  options: SshOptions,
  knownHosts: KnownHosts,
): ServerHostKeyAlgorithm[] {
  const name = options.hostKeyAlias ?? options.hostName;
  const types = knownHosts.keyTypes(options.knownHostsFiles, name, options.port);
  const isKnown = (algorithm: string): boolean =>
    types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [...HOST_KEY_ALGORITHMS].sort((a, b) => Number(isKnown(b)) - Number(isKnown(a)));
}
