/** `docker_container_exec`, `docker_prune` and `docker_login` with the Engine of this machine. */
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerContainer } from '../../../src/modules/docker/dockerContainer.ts';
import { dockerContainerExec } from '../../../src/modules/docker/dockerContainerExec.ts';
import { dockerLogin } from '../../../src/modules/docker/dockerLogin.ts';
import { dockerPrune } from '../../../src/modules/docker/dockerPrune.ts';
import { runAction } from '../../unit/modules/driver.ts';
import { dockerHost, type EngineTest, engineTest, hasEngine, IMAGE } from './engine.ts';

if (!hasEngine) console.warn('SKIPPED: no Docker Engine answers');

describe.skipIf(!hasEngine)('programs in a container', () => {
  const container = 'dmod-exec';
  let engine: EngineTest;

  beforeAll(async () => {
    engine = engineTest();
    const args = { name: container, image: IMAGE, command: 'sleep 1000', force_kill: true };
    await engine.run(dockerContainer, args);
  });
  afterAll(() => engine?.close());

  const exec = (args: object) =>
    runAction(
      dockerContainerExec,
      { container, docker_host: dockerHost, ...args },
      { target: engine.scratch.target },
    );

  test('gives both outputs and the exit code', async () => {
    const command = `sh -c 'echo out; echo err >&2; exit 3'`;
    expect(await exec({ command })).toEqual({
      changed: true,
      data: { stdout: 'out', stderr: 'err', rc: 3 },
    });
  });

  test('takes directory, environment, user and input', async () => {
    const argv = ['sh', '-c', 'busybox pwd; echo "$A"; busybox id -u; cat'];
    const { data } = await exec({ argv, chdir: '/tmp', env: { A: 'a b' }, user: '7', stdin: 'in' });
    expect(data).toMatchObject({ stdout: '/tmp\na b\n7\nin', rc: 0 });
  });

  test('carries megabytes and keeps the ends of lines', async () => {
    const stdin = 'x'.repeat(3_000_000);
    const { data } = await exec({ command: 'cat', stdin, strip_empty_ends: false });
    expect(data?.['stdout']).toBe(`${stdin}\n`);
    const { data: bare } = await exec({ command: 'cat', stdin: 'a', stdin_add_newline: false });
    expect(bare?.['stdout']).toBe('a');
  });

  test('has one output with a terminal', async () => {
    const { data } = await exec({ command: `sh -c 'echo out; echo err >&2'`, tty: true });
    expect(data).toEqual({ stdout: 'out\r\nerr', stderr: '', rc: 0 });
  });

  test('starts a program and leaves it', async () => {
    const { data } = await exec({ command: 'sleep 1', detach: true });
    expect(data).toEqual({ exec_id: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('says when there is no such container', async () => {
    await expect(exec({ container: 'dmod-none', command: 'true' })).rejects.toThrow(
      'Could not find container "dmod-none"',
    );
  });

  test('prunes what a filter selects, and nothing the second time', async () => {
    engine.docker('create', '--name', 'dmod-old', '--label', 'dmod=old', IMAGE, 'true');
    engine.docker('volume', 'create', '--label', 'dmod=old', 'dmod-old');
    engine.docker('network', 'create', '--label', 'dmod=old', 'dmod-old');
    const label = { label: 'dmod=old' };
    const args = {
      docker_host: dockerHost,
      ...{ containers: true, containers_filters: label },
      ...{ networks: true, networks_filters: label },
      ...{ volumes: true, volumes_filters: { ...label } },
    };
    const prune = () => runAction(dockerPrune, args, { target: engine.scratch.target });
    expect(await prune()).toMatchObject({
      changed: true,
      data: { containers: [expect.any(String)], networks: ['dmod-old'] },
    });
    expect(await prune()).toMatchObject({ changed: false, data: { containers: [], networks: [] } });
    execFileSync('docker', ['-H', dockerHost, 'volume', 'rm', '-f', 'dmod-old']);
  });
});

describe.skipIf(!hasEngine)('docker_login', () => {
  let engine: EngineTest;
  let registry: Server;
  let registry_url: string;

  beforeAll(async () => {
    engine = engineTest();
    registry = registryOf({ deploy: 'open sesame' });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    registry_url = `localhost:${(registry.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    registry?.close();
    await engine?.close();
  });

  const config = () =>
    JSON.parse(
      execFileSync('cat', [join(engine.scratch.directory, '.docker/config.json')], {
        encoding: 'utf8',
      }),
    );
  const login = (args: object, check = false) =>
    engine.run(dockerLogin, { registry_url, ...args }, { check });
  const DEPLOY = { username: 'deploy', password: 'open sesame' };

  test('logs in once, changes the password, and logs out', async () => {
    const predicted = await login(DEPLOY, true);
    const real = await login(DEPLOY);
    expect(real.changes.map(({ what, before, after }) => ({ what, before, after }))).toEqual([
      { what: `login at ${registry_url}`, before: 'absent', after: 'deploy' },
    ]);
    expect(predicted.changed).toBe(true);
    expect(real.data['login_result']).toMatchObject({ username: 'deploy' });
    const auth = Buffer.from('deploy:open sesame').toString('base64');
    expect(config()).toEqual({ auths: { [registry_url]: { auth } } });
    expect((await login(DEPLOY)).changed).toBe(false);
    expect((await login({ ...DEPLOY, reauthorize: true })).changed).toBe(true);
    await expect(login({ ...DEPLOY, password: 'wrong' })).rejects.toThrow('log in to');
    expect((await login({ state: 'absent' })).changed).toBe(true);
    expect(config()).toEqual({ auths: {} });
    expect((await login({ state: 'absent' })).changed).toBe(false);
  });
});

/** A registry that asks for a password, which is all that a login sees of one. */
function registryOf(users: Readonly<Record<string, string>>): Server {
  const known = Object.entries(users).map(
    ([name, password]) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
  );
  return createServer(({ headers }, response) => {
    const isKnown = known.includes(headers.authorization ?? '');
    response.writeHead(isKnown ? 200 : 401, {
      'Docker-Distribution-Api-Version': 'registry/2.0',
      'WWW-Authenticate': 'Basic realm="test"',
    });
    response.end('{}');
  });
}
