import { createServer } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { connectDocker } from '../../../../src/connection/docker/docker.ts';
import type { ConnectionSettings } from '../../../../src/connection/transport.ts';

const settings: ConnectionSettings = {
  transport: 'docker',
  host: 'web1',
  address: 'web',
  hostKeyChecking: 'off',
  knownHostsFiles: [],
  connectTimeoutMs: 1_000,
  retries: 0,
  sshArgs: [],
  shell: '/bin/sh',
};

afterEach(() => vi.unstubAllEnvs());

it('an Engine that never starts what it is asked to is given up within the time to connect', async () => {
  const engine = createServer((request, response) => {
    if (request.method !== 'GET') return;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ State: { Running: true, StartedAt: 'now' } }));
  });
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
  const address = engine.address();
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${typeof address === 'object' && address?.port}`);
  const transport = await connectDocker(settings);
  await expect(transport.exec('true')).rejects.toMatchObject({
    name: 'UnreachableError',
    message: expect.stringContaining('no process starts within 1 s'),
  });
  await transport.close();
  engine.closeAllConnections();
  engine.close();
});
