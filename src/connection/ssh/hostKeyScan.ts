/** Host keys that nobody knows yet, fetched before a run so that all of them can be shown at once. Nobody logs in for that. */
import ssh2 from 'ssh2';
import type { ConnectionSettings } from '../transport.ts';
import { fingerprint, type KnownHosts, keyTypeOf } from './knownHosts.ts';
import { hostKeyAlgorithms } from './ssh.ts';
import {
  type ControllerContext,
  jumpSettings,
  resolveSshOptions,
  type SshOptions,
} from './sshOptions.ts';

export interface UnknownHostKey {
  /** Inventory name of the host, or the jump host's own. */
  readonly host: string;
  /** Host and port as known_hosts looks them up. */
  readonly name: string;
  readonly port: number;
  /** The file that would record it. */
  readonly file: string;
  readonly key: Buffer;
  /** `ssh-ed25519 SHA256:…` */
  readonly shown: string;
}

type ScanContext = ControllerContext & { readonly knownHosts: KnownHosts };

const AT_ONCE = 50;

/**
 * Asks only hosts of which known_hosts holds nothing and whose settings want keys to be known. Those that do not answer
 * are left out, as are those behind a jump host: the run itself says what is wrong with them.
 */
export async function unknownHostKeys(
  settings: readonly ConnectionSettings[],
  context: ScanContext,
): Promise<readonly UnknownHostKey[]> {
  const places = unknownPlaces(settings, context);
  const found: UnknownHostKey[] = [];
  for (let from = 0; from < places.length; from += AT_ONCE) {
    const keys = places.slice(from, from + AT_ONCE).map((place) => scan(place, context));
    found.push(...(await Promise.all(keys)).flatMap((key) => key ?? []));
  }
  return found;
}

/** Each host and port once. */
function unknownPlaces(
  settings: readonly ConnectionSettings[],
  context: ScanContext,
): SshOptions[] {
  const places = new Map<string, SshOptions>();
  for (const one of settings) {
    const options = entrance(one, context);
    const key = placeKey(options);
    if (!places.has(key) && isUnknown(options, context.knownHosts)) places.set(key, options);
  }
  return [...places.values()];
}

/** The host itself, or the first of those that lie before it. */
function entrance(settings: ConnectionSettings, context: ScanContext): SshOptions {
  const options = resolveSshOptions(settings, context);
  const [first] = options.jumps;
  return first === undefined
    ? options
    : resolveSshOptions(jumpSettings(settings, [], first), context);
}

function isUnknown(options: SshOptions, knownHosts: KnownHosts): boolean {
  const { hostKeyChecking, knownHostsFiles, port, proxyCommand, jumps } = options;
  if (hostKeyChecking !== 'strict' || proxyCommand !== undefined || jumps.length > 0) return false;
  return !knownHosts.knows(knownHostsFiles, lookedUp(options), port);
}

function lookedUp({ hostKeyAlias, hostName }: SshOptions): string {
  return hostKeyAlias ?? hostName;
}

function placeKey(options: SshOptions): string {
  return `${lookedUp(options)}\0${options.port}`;
}

async function scan(
  options: SshOptions,
  { knownHosts }: ScanContext,
): Promise<UnknownHostKey | undefined> {
  const { host, port, knownHostsFiles } = options;
  const [file] = knownHostsFiles;
  const key = await shownKey(options, knownHosts);
  if (key === undefined || file === undefined) return undefined;
  const shown = `${keyTypeOf(key)} ${fingerprint(key)}`;
  return { host, name: lookedUp(options), port, file, key, shown };
}

/** Connects as far as the server's key, and no further. */
function shownKey(options: SshOptions, knownHosts: KnownHosts): Promise<Buffer | undefined> {
  const client = new ssh2.Client();
  return new Promise((resolve) => {
    let key: Buffer | undefined;
    client.on('error', () => resolve(key)).once('close', () => resolve(key));
    client.connect({
      host: options.hostName,
      port: options.port,
      username: options.user,
      readyTimeout: options.connectTimeoutMs,
      algorithms: { serverHostKey: hostKeyAlgorithms(options, knownHosts) },
      hostVerifier: (shown: Buffer) => {
        key = shown;
        return false;
      },
    });
  });
}
