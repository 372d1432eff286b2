/** The agent's two modes against a real server in this process and an Engine that only remembers. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { bootstrap } from '../../fleet/rancher/agent/bootstrap.ts';
import { engineAt } from '../../fleet/rancher/agent/engine.ts';
import { runAgent } from '../../fleet/rancher/agent/run.ts';
import { httpServer } from '../../fleet/rancher/server/api/httpServer.ts';
import { systemClock } from '../../fleet/rancher/server/model/clock.ts';
import { defaultPace } from '../../fleet/rancher/server/options.ts';
import { type Rancher, startRancher } from '../../fleet/rancher/server/rancher.ts';
import { MemoryStore } from '../../fleet/rancher/server/store/memoryStore.ts';
import { Resource } from './support/double.ts';
import { type FakeEngine, fakeEngine } from './support/fakeEngine.ts';
import { eventually, scratch } from './support/programs.ts';

vi.setConfig({ testTimeout: 30_000 });

const image = 'rancher/agent:v1.2.11';
/** Leads to this machine without being a name that agents refuse. */
const host = '0.0.0.0';
let directory: Awaited<ReturnType<typeof scratch>>;
let engine: FakeEngine;
let rancher: Rancher | undefined;
let store: MemoryStore;
let door: Server;
let port: number | undefined;
let log: string[];

beforeEach(async () => {
  directory = await scratch();
  engine = await fakeEngine(join(directory.path, 'docker.sock'));
  store = new MemoryStore();
  log = [];
  await startServer();
});
afterEach(async () => {
  await stopServer();
  await engine.close();
  await directory.remove();
});

async function startServer(): Promise<void> {
  rancher = await startRancher({
    store,
    clock: systemClock((error) => log.push(String(error))),
    pace: { ...defaultPace, stepMs: 5, pingMs: 20 },
    environment: {},
    version: 'v1.6.30',
    address: '10.0.0.1',
    catalogDirectory: undefined,
    log: (line) => log.push(line),
  });
  door = httpServer('v1.6.30', () => rancher?.answer);
  await new Promise<void>((resolve) => door.listen(port ?? 0, '127.0.0.1', resolve));
  const address = door.address();
  if (typeof address === 'object' && address !== null) port = address.port;
}

async function stopServer(): Promise<void> {
  rancher?.stop();
  await new Promise((resolve) => {
    door.close(resolve);
    door.closeAllConnections();
  });
}

const url = (path: string) => `http://${host}:${port}${path}`;

async function json(path: string, init?: RequestInit) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return Resource.parse(await response.json());
}

const stateDirectory = () => join(directory.path, 'state');

const bootstrapWith = (target: string, environment: Record<string, string> = {}) =>
  bootstrap(target, {
    environment: { RANCHER_AGENT_IMAGE: image, ...environment },
    engine: engineAt(engine.socketPath),
    directory: directory.path,
    sleep: () => new Promise((resolve) => setTimeout(resolve, 2)),
    log: (line) => log.push(line),
  });

async function tokenUrl(): Promise<string> {
  const { id } = await json('/v1/registrationtokens?projectId=1a5', { method: 'POST' });
  const token = await eventually(
    'token',
    async () => (await json(`/v1/registrationtokens/${id}`))['token'] ?? undefined,
  );
  return url(`/v1/scripts/${token}`);
}

/** `NAME=value` entries of the container that the bootstrap left. */
function finalEnvironment(): string[] {
  return z.array(z.string()).parse(engine.containers.get('rancher-agent')?.config['Env']);
}

/** Runs the container that the bootstrap left, with its environment. */
function runFinal(abort: AbortController): Promise<void> {
  const entries = finalEnvironment().map((entry) => entry.split(/=(.*)/s).slice(0, 2));
  return runAgent({
    environment: { RANCHER_AGENT_IMAGE: image, ...Object.fromEntries(entries) },
    engine: engineAt(engine.socketPath),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log: (line) => log.push(line),
    pingMs: 20,
    signal: abort.signal,
  });
}

const activeHost = () =>
  eventually('an active host', async () => {
    const { data } = await json('/v2-beta/hosts?state=active');
    return data[0];
  });

describe('the bootstrap', () => {
  it('leaves a running rancher-agent as the real one describes it', async () => {
    await bootstrapWith(await tokenUrl(), {
      CATTLE_AGENT_IP: '10.0.0.9',
      CATTLE_HOST_LABELS: 'role=db',
    });
    const final = engine.containers.get('rancher-agent');
    expect({ ...final, config: { ...final?.config, Env: [] } }).toEqual({
      name: 'rancher-agent',
      isRunning: true,
      config: {
        Image: image,
        Cmd: ['run'],
        Env: [],
        Labels: { 'io.rancher.container.system': 'rancher-agent' },
        HostConfig: {
          Binds: [
            '/var/run/docker.sock:/var/run/docker.sock',
            '/var/run/rancher/storage:/var/run/rancher/storage',
            '/lib/modules:/lib/modules:ro',
            '/proc:/host/proc',
            '/dev:/host/dev',
            'rancher-cni:/.r',
            'rancher-agent-state:/var/lib/cattle',
            '/var/lib/rancher:/var/lib/rancher',
          ],
          NetworkMode: 'host',
          PidMode: 'host',
          Privileged: true,
          OomScoreAdj: -500,
          RestartPolicy: { Name: 'always' },
        },
      },
    });
    const names = finalEnvironment().map((entry) => entry.split('=')[0]);
    expect(names.sort()).toEqual([
      'CATTLE_ACCESS_KEY',
      'CATTLE_AGENT_IP',
      'CATTLE_DOCKER_UUID',
      'CATTLE_HOST_LABELS',
      'CATTLE_PHYSICAL_HOST_UUID',
      'CATTLE_SECRET_KEY',
      'CATTLE_URL',
    ]);
    expect((await readdir(stateDirectory())).sort()).toEqual([
      '.docker_uuid',
      '.physical_host_uuid',
      '.registration_token',
    ]);
  });

  it('replaces the rancher-agent of an earlier run', async () => {
    const target = await tokenUrl();
    await bootstrapWith(target);
    await bootstrapWith(target);
    expect(engine.requests.filter((one) => one.startsWith('DELETE'))).toHaveLength(2);
    expect([...engine.containers.keys()]).toEqual(['rancher-agent']);
  });

  it('named rancher-agent itself is removed in the last step: no agent stays', async () => {
    engine.containers.set('rancher-agent', { name: 'rancher-agent', config: {}, isRunning: true });
    engine.onRemoved = (name) => {
      if (name === 'rancher-agent') void engine.close();
    };
    await expect(bootstrapWith(await tokenUrl())).rejects.toThrow();
    expect([...engine.containers.keys()]).toEqual([]);
  });

  it.each(['http://1.2.3.4', '127.0.0.1', '0.0.0.0', '255.255.255.255', 'host1', '1.2.3.444'])(
    'refuses CATTLE_AGENT_IP=%s',
    async (ip) => {
      await expect(bootstrapWith(url('/v1'), { CATTLE_AGENT_IP: ip })).rejects.toThrow(
        `Invalid CATTLE_AGENT_IP (${ip})`,
      );
    },
  );

  it.each(['http://localhost:8080/v1', 'http://127.0.0.1:8080/v1/scripts/a'])(
    'refuses %s',
    async (target) => {
      await expect(bootstrapWith(target)).rejects.toThrow(
        'CATTLE_URL cannot contain localhost or 127.0.0.1',
      );
    },
  );

  it('with a bad token shows what the server said', async () => {
    await expect(bootstrapWith(url('/v1/scripts/bad'))).rejects.toThrow('"code":"Not Found"');
    expect(engine.requests).toEqual([]);
  });

  it('gives up on a server that is not there, after 300 attempts', async () => {
    await stopServer();
    await expect(bootstrapWith(url('/v1/scripts/a'))).rejects.toThrow(
      `Could not reach ${url('/v1/scripts/a')}. Giving up.`,
    );
    expect(log.filter((line) => line.includes('is not accessible'))).toHaveLength(300);
    await startServer();
  });

  it('waits for a server that comes up late', async () => {
    const target = await tokenUrl();
    await stopServer();
    const done = bootstrapWith(target);
    await eventually(
      'an attempt',
      () => log.some((line) => line.includes('is not accessible')) || undefined,
    );
    await startServer();
    await done;
    expect(engine.containers.get('rancher-agent')?.isRunning).toBe(true);
  });

  it('needs a Docker socket', async () => {
    const target = await tokenUrl();
    await engine.close();
    await expect(bootstrapWith(target)).rejects.toThrow('Please ensure Host Docker is running');
  });

  it('without a token in the URL finds or makes one, where access control is off', async () => {
    await bootstrapWith(url(''));
    await bootstrapWith(url('/v1'));
    expect((await json('/v1/registrationtokens')).data).toHaveLength(1);
  });

  it('takes the address the server saw when CATTLE_AGENT_IP is not given', async () => {
    await bootstrapWith(await tokenUrl());
    expect(finalEnvironment()).toContain('CATTLE_AGENT_IP=127.0.0.1');
  });

  it('reads agent.conf of the host', async () => {
    await mkdir(join(directory.path, 'etc'));
    await writeFile(join(directory.path, 'etc/agent.conf'), 'export CATTLE_HOST_LABELS="a=b"\n');
    await bootstrapWith(await tokenUrl());
    expect(finalEnvironment()).toContain('CATTLE_HOST_LABELS=a=b');
  });
});

describe('the agent', () => {
  it('brings its host up, with address, labels and versions', async () => {
    await bootstrapWith(await tokenUrl(), {
      CATTLE_AGENT_IP: '10.0.0.9',
      CATTLE_HOST_LABELS: 'role=db&zone= a &role=web&novalue&two+words=x%26y',
      CATTLE_SCHEDULER_IPS: '10.0.0.9',
    });
    const abort = new AbortController();
    const done = runFinal(abort);
    expect(await activeHost()).toMatchObject({
      hostname: 'node1',
      agentIpAddress: '10.0.0.9',
      dockerVersion: '20.10.24+dfsg1',
      uuid: (await readFile(join(stateDirectory(), '.docker_uuid'), 'utf8')).trim(),
      labels: {
        role: 'db',
        zone: 'a',
        novalue: '',
        'two words': 'x&y',
        'io.rancher.host.linux_kernel_version': '6.1',
        'io.rancher.host.docker_version': '20.10',
        'io.rancher.host.agent_image': image,
        'io.rancher.scheduler.ips': '10.0.0.9',
      },
    });
    abort.abort();
    await done;
  });

  it('is the same host after a second bootstrap, and another when the state was wiped', async () => {
    const target = await tokenUrl();
    const upOnce = async () => {
      await bootstrapWith(target);
      const abort = new AbortController();
      const done = runFinal(abort);
      await eventually(
        'connected',
        () => log.some((line) => line.includes('Connected')) || undefined,
      );
      abort.abort();
      await done;
      log.length = 0;
    };
    await upOnce();
    await upOnce();
    expect((await json('/v1/hosts')).data).toHaveLength(1);
    await rm(stateDirectory(), { recursive: true });
    await upOnce();
    expect((await json('/v1/hosts')).data).toHaveLength(2);
  });

  it('outlives the server and comes back to it by itself', async () => {
    await bootstrapWith(await tokenUrl());
    const abort = new AbortController();
    const done = runFinal(abort);
    await activeHost();
    await stopServer();
    await eventually(
      'a failed ping',
      () => log.some((line) => line.startsWith('ERROR')) || undefined,
    );
    await startServer();
    expect(await activeHost()).toMatchObject({ hostname: 'node1', agentState: 'active' });
    abort.abort();
    await done;
  });

  it('ends when its host was removed', async () => {
    await bootstrapWith(await tokenUrl());
    const done = runFinal(new AbortController());
    const ended = expect(done).rejects.toThrow(
      'Credentials are no longer valid, please re-register this agent',
    );
    const { id } = await activeHost();
    await json(`/v1/projects/1a5/hosts/${id}?action=deactivate`, { method: 'POST' });
    await eventually(
      'inactive',
      async () => (await json(`/v1/hosts/${id}`)).state === 'inactive' || undefined,
    );
    await json(`/v1/projects/1a5/hosts/${id}`, { method: 'DELETE' });
    await ended;
  });
});
