/** A container as a host: the programs of this machine, read-only, in a container that shares its network and temporary directory. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { ConnectionSettings } from '../../src/connection/transport.ts';
import { notHere } from './onThisMachine.ts';

export const hasLocalEngine = answers();

export interface DockerHost {
  readonly container: string;
  settings(changes?: Partial<ConnectionSettings>): ConnectionSettings;
  /** The client's command line, e.g. `docker('stop', container)`. */
  readonly docker: typeof docker;
  remove(): void;
}

const IMAGE = 'drover-transport-host:1';
/** What programs need; the rest is the Engine's own. */
const FROM_ETC = ['alternatives', 'ld.so.cache'].map((name) => `/etc/${name}`);

/** @param more options of `docker run`, e.g. to hide a program of this machine */
export function startDockerHost(more: readonly string[] = []): DockerHost {
  const container = `drover-transport-${randomBytes(4).toString('hex')}`;
  importImage();
  docker(
    ...['run', '-d', '--name', container, '--network', 'host'],
    ...['/usr', ...FROM_ETC].flatMap((path) => ['-v', `${path}:${path}:ro`]),
    ...['-v', `${tmpdir()}:${tmpdir()}`],
    ...more,
    ...[IMAGE, 'sleep', '1000000'],
  );
  return {
    container,
    docker,
    settings: (changes = {}) => ({ ...baseSettings(container), ...changes }),
    remove: () => void docker('rm', '-f', container),
  };
}

/** Links into the `/usr` that is mounted, and the folders that programs expect. */
const PACK = `
root=$(mktemp -d) && cd "$root" && mkdir -p usr etc tmp root var/tmp && cp /etc/passwd /etc/group etc
for name in bin sbin lib lib64; do ln -s "usr/$name" "$name"; done
tar -c . && rm -r "$root"
`;

function importImage(): void {
  const archive = execFileSync('sh', ['-c', PACK]);
  execFileSync('docker', ['import', '-', IMAGE], {
    input: archive,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

function baseSettings(container: string): ConnectionSettings {
  return {
    transport: 'docker',
    host: 'web1',
    address: container,
    hostKeyChecking: 'strict',
    knownHostsFiles: [],
    connectTimeoutMs: 10_000,
    retries: 0,
    sshArgs: [],
    shell: '/bin/sh',
  };
}

function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Only an Engine of this very machine can mount its folders. */
function answers(): boolean {
  if (!(process.env['DOCKER_HOST'] ?? 'unix:').startsWith('unix:')) return false;
  try {
    return docker('version', '--format', '{{.Server.Version}}') !== '';
  } catch {
    return notHere('a Docker Engine');
  }
}
