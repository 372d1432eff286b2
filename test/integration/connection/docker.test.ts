/** A container as the host, by the Engine of this machine. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDocker } from '../../../src/connection/docker/docker.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import type { ConnectionSettings } from '../../../src/connection/transport.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import { transportContract } from '../../contract/transport.ts';
import { type DockerHost, hasLocalEngine, startDockerHost } from '../../support/dockerHost.ts';

if (!hasLocalEngine)
  console.warn('SKIPPED: no Docker Engine answers here, the docker transport is not tested');

describe.skipIf(!hasLocalEngine)('a container as the host', () => {
  let host: DockerHost;
  let pool: ConnectionPool;
  beforeAll(() => {
    host = startDockerHost();
    pool = new ConnectionPool(connectDocker);
  });
  afterAll(async () => {
    await pool?.close();
    host?.remove();
  });

  transportContract('docker', () => connectDocker(host.settings()), {
    cut: () => void host.docker('kill', host.container),
  });

  /** The suite ends with a stopped container. */
  function started(changes: Partial<ConnectionSettings> = {}): RemoteTarget {
    host.docker('start', host.container);
    return new RemoteTarget({ connection: pool.connection(host.settings(changes)) });
  }

  test('a target writes and reads files there, as the user that is asked for', async () => {
    const target = started();
    await target.writeFile('/root/file', 'content\n', { mode: '0640' });
    expect((await target.readFile('/root/file')).toString()).toBe('content\n');
    expect(host.docker('exec', host.container, 'stat', '-c', '%a', '/root/file')).toBe('640\n');
    const nobody = started({ user: 'nobody' });
    expect((await nobody.sh('id -un')).stdout.toString()).toBe('nobody\n');
    await expect(nobody.readFile('/root/file')).rejects.toThrow('Permission denied');
  });

  test('a container that restarts is connected to anew', async () => {
    const target = started();
    const pending = target.sh('sleep 30');
    setTimeout(() => host.docker('restart', '-t', '0', host.container), 300);
    await expect(pending).rejects.toMatchObject({ name: 'UnreachableError' });
    expect((await target.sh('echo again')).stdout.toString()).toBe('again\n');
  });

  test('nothing keeps a program that has closed its connection', () => {
    host.docker('start', host.container);
    const program = `
      const { connectDocker } = await import('./src/connection/docker/docker.ts');
      const transport = await connectDocker(${JSON.stringify(host.settings())});
      await transport.exec('cat');
      await transport.close();`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', program];
    execFileSync(process.execPath, args, { timeout: 30_000 });
  });

  test.each<[string, Partial<ConnectionSettings>, string]>([
    ['no such container', { address: 'drover-nowhere' }, 'DROVER_DOCKER_NO_CONTAINER'],
    ['no such shell', { shell: '/bin/nope' }, 'DROVER_NO_SHELL'],
    ['no such user', { user: 'nobody-of-that-name' }, 'DROVER_NO_SHELL'],
  ])('%s', async (_, changes, code) => {
    await expect(started(changes).sh('true')).rejects.toMatchObject({
      name: 'UnreachableError',
      code,
    });
  });

  test('a container that does not run', async () => {
    host.docker('kill', host.container);
    await expect(connectDocker(host.settings())).rejects.toMatchObject({
      code: 'DROVER_DOCKER_NOT_RUNNING',
      message: `web1: container ${host.container} is exited`,
      hint: `docker start ${host.container}`,
    });
  });
});
