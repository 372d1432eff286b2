import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ResultData } from '../../../../src/core/results.ts';
import type { Controller } from '../../../../src/modules/controller.ts';
import type { ActionModule, AnyResource } from '../../../../src/modules/module.ts';
import { rancherHost } from '../../../../src/modules/rancher/rancherHost.ts';
import { rancherHostInfo } from '../../../../src/modules/rancher/rancherHostInfo.ts';
import { rancherProjectInfo } from '../../../../src/modules/rancher/rancherProjectInfo.ts';
import { rancherRegistrationToken } from '../../../../src/modules/rancher/rancherRegistrationToken.ts';
import { rancherServerInfo } from '../../../../src/modules/rancher/rancherServerInfo.ts';
import { rancherSetting } from '../../../../src/modules/rancher/rancherSetting.ts';
import { type ScratchTarget, scratchTarget } from '../../../support/fakeTarget.ts';
import { runAction, runResource } from '../driver.ts';
import { testController } from '../testController.ts';
import { rancherDouble } from './rancherDouble.ts';

let server: Awaited<ReturnType<typeof rancherDouble>>;
let scratch: ScratchTarget;

beforeEach(async () => {
  server = await rancherDouble();
  scratch = scratchTarget();
});
afterEach(async () => {
  await server.close();
  await scratch.close();
});

/** A clock that runs as fast as the double: what a module calls a second takes 20 ms. */
function controller(checkMode = false): Controller {
  const startMs = Date.now();
  return testController({
    checkMode,
    now: () => new Date(startMs + (Date.now() - startMs) * 50),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 50)),
  });
}

function resource(module: AnyResource, args: object = {}, checkMode = false) {
  const setting = { target: scratch.target, controller: controller(checkMode) };
  return runResource(module, { url: server.url, ...args }, setting);
}

async function action<P>(
  module: ActionModule<P>,
  args: object = {},
  checkMode = false,
): Promise<ResultData> {
  const setting = { target: scratch.target, controller: controller(checkMode) };
  return (await runAction(module, { url: server.url, ...args }, setting)).data ?? {};
}

describe('rancher_server_info', () => {
  test('waits until the server answers, and says what it is', async () => {
    setTimeout(() => void server.listen(), 100);
    expect(await action(rancherServerInfo)).toMatchObject({
      ready: true,
      version: 'v1.6.30',
      auth_enabled: false,
      api_host: '',
      cluster_members: [{ clustered: false, http_port: 8080 }],
    });
  });

  test('says what was seen last when time is up', async () => {
    await expect(action(rancherServerInfo, { wait_timeout: 3 })).rejects.toThrow(
      /^the Rancher server at http:.* was not ready within 3 s: no Rancher server answers at /,
    );
  });

  test('does not wait in check mode, and gives the same keys', async () => {
    expect(await action(rancherServerInfo, {}, true)).toMatchObject({
      ready: false,
      version: '',
      last_seen: expect.stringContaining('no Rancher server answers'),
    });
  });
});

describe('rancher_project_info', () => {
  test('finds a project by name and by id, and helps with one that is not there', async () => {
    await server.listen();
    expect(await action(rancherProjectInfo)).toMatchObject({
      project: { id: '1a5', state: 'active' },
    });
    expect(await action(rancherProjectInfo, { id: '1a5' })).toMatchObject({
      project: { name: 'Default' },
    });
    await expect(action(rancherProjectInfo, { name: 'Defualt' })).rejects.toMatchObject({
      message: 'Rancher has no project "Defualt"',
      hint: 'did you mean "Default"?',
    });
  });

  test('needs a server, but not in check mode', async () => {
    await expect(action(rancherProjectInfo)).rejects.toMatchObject({
      code: 'DROVER_RANCHER_UNREACHABLE',
    });
    expect(await action(rancherProjectInfo, {}, true)).toEqual({
      project: { id: '', type: 'project', name: 'Default', state: 'unknown' },
      projects: [],
    });
  });
});

describe('rancher_registration_token', () => {
  const plan = {
    what: 'registration token of project Default',
    before: 'none active',
    after: 'active',
  };

  test('makes one token and uses it again', async () => {
    await server.listen();
    const predicted = await resource(rancherRegistrationToken, {}, true);
    const first = await resource(rancherRegistrationToken);
    const second = await resource(rancherRegistrationToken);
    expect(predicted.changes).toMatchObject([plan]);
    expect(first.changes).toEqual(predicted.changes);
    expect(second).toEqual({ changed: false, data: first.data, changes: [] });
    expect(first.data['registration_token']).toMatchObject({
      id: '1c1',
      state: 'active',
      image: 'rancher/agent:v1.2.11',
      registration_url: expect.stringContaining('/scripts/'),
      command: expect.stringContaining('docker run'),
    });
  });

  test('predicts a token while there is no server', async () => {
    const { changes, data } = await resource(rancherRegistrationToken, {}, true);
    expect(changes).toMatchObject([plan]);
    expect(data['registration_token']).toMatchObject({ id: '', image: '', state: 'unknown' });
  });
});

describe('rancher_setting', () => {
  test('changes a setting once', async () => {
    await server.listen();
    const args = { name: 'api.host', value: 'http://lb.example.org' };
    const changed = await resource(rancherSetting, args);
    expect(changed.changes).toMatchObject([
      { what: 'setting api.host', before: '', after: 'http://lb.example.org' },
    ]);
    expect((await resource(rancherSetting, args)).changes).toEqual([]);
    expect(changed.data['setting']).toMatchObject({ active_value: 'http://lb.example.org' });
  });
});

describe('rancher_host', () => {
  const node1 = { hostname: 'node1', agentIpAddress: '10.0.0.2', labels: { tier: 'web' } };

  beforeEach(async () => {
    await server.listen();
    await resource(rancherRegistrationToken);
  });

  test('waits for the agent, and finds the host by name and address', async () => {
    setTimeout(() => void server.registerHost(node1), 50);
    const waited = await resource(rancherHost, { hostname: 'node1', wait_timeout: 100 });
    expect(waited).toMatchObject({
      changed: false,
      data: { host: { id: '1h1', state: 'active' } },
    });
    const seen = await action(rancherHostInfo, { agent_ip: '10.0.0.2' });
    expect(seen).toMatchObject({
      exists: true,
      host: { hostname: 'node1', labels: { tier: 'web' } },
    });
    expect(await action(rancherHostInfo, { hostname: 'other' })).toMatchObject({
      exists: false,
      host: null,
    });
  });

  test('says that no agent came', async () => {
    await expect(resource(rancherHost, { hostname: 'node1', wait_timeout: 2 })).rejects.toThrow(
      'host "node1" was not active within 2 s: it is not registered',
    );
  });

  test('merges labels, or sets them exactly, but keeps those of Rancher', async () => {
    await server.registerHost({ ...node1, labels: { tier: 'web', 'io.rancher.host.x': '1' } });
    const host = { hostname: 'node1', wait_timeout: 100 };
    const merged = await resource(rancherHost, { ...host, labels: { zone: 'a' } });
    expect(merged.changes).toMatchObject([
      {
        what: 'host "node1": labels',
        before: { tier: 'web', 'io.rancher.host.x': '1' },
        after: { tier: 'web', 'io.rancher.host.x': '1', zone: 'a' },
      },
    ]);
    const exact = { ...host, labels: { zone: 'b' }, labels_mode: 'exact' };
    expect((await resource(rancherHost, exact)).data).toMatchObject({
      host: { labels: { 'io.rancher.host.x': '1', zone: 'b' } },
    });
    expect((await resource(rancherHost, exact)).changes).toEqual([]);
  });

  test('deactivates, activates and removes', async () => {
    const agent = await server.registerHost(node1);
    const host = { hostname: 'node1', wait_timeout: 200 };
    await resource(rancherHost, host);
    const states: unknown[] = [];
    for (const state of ['inactive', 'inactive', 'active', 'active', 'absent', 'absent']) {
      if (state === 'absent') agent.stop();
      const { changes, data } = await resource(rancherHost, { ...host, state });
      const { state: now = null } = (data['host'] ?? {}) as { readonly state?: string };
      states.push([changes.map(({ before, after }) => [before, after]), now]);
    }
    expect(states).toEqual([
      [[['active', 'inactive']], 'inactive'],
      [[], 'inactive'],
      [[['inactive', 'active']], 'active'],
      [[], 'active'],
      [[['active', 'absent']], null],
      [[], null],
    ]);
  });
});
