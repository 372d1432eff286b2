/** A real target for module tests: this machine through the local transport, with a scratch directory as its home. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { localTransport } from '../../../src/connection/local.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import type { Target } from '../../../src/target/target.ts';

export interface Scratch {
  /** An empty directory, new for each test. */
  readonly directory: string;
  readonly target: Target;
  /** `name` inside the directory. */
  path(name: string): string;
}

/** Call in a `describe` (or at the top of a file); the result is valid inside tests. */
export function useScratch(): Scratch {
  let directory = '';
  const pool = new ConnectionPool(async ({ shell }) => localTransport({ shell }));
  const target = targetOf(pool);
  beforeAll(async () => void (await target.sh('umask 022')));
  beforeEach(async () => {
    directory = await realpath(await mkdtemp(path.join(tmpdir(), 'drover-module-')));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  afterAll(() => pool.close());
  return {
    get directory() {
      return directory;
    },
    target,
    path: (name) => path.join(directory, name),
  };
}

function targetOf(pool: ConnectionPool): Target {
  const connection = pool.connection({
    transport: 'local',
    host: 'scratch',
    address: 'localhost',
    hostKeyChecking: 'off',
    knownHostsFiles: [],
    connectTimeoutMs: 10_000,
    retries: 0,
    sshArgs: [],
    shell: '/bin/sh',
  });
  return new RemoteTarget({ connection });
}
