/** The Rancher double of the test fleet in this process: in memory, with steps of a few milliseconds. */

import { httpServer } from '../../../fleet/rancher/server/api/httpServer.ts';
import { systemClock } from '../../../fleet/rancher/server/model/clock.ts';
import { defaultPace } from '../../../fleet/rancher/server/options.ts';
import { startRancher } from '../../../fleet/rancher/server/rancher.ts';
import { MemoryStore } from '../../../fleet/rancher/server/store/memoryStore.ts';
import { freePort } from '../../../support/sshServer.ts';

const VERSION = 'v1.6.30';
const PING_MS = 50;

export interface RancherDouble {
  readonly url: string;
  /** Registers a host as its agent would, and goes on pinging (which would register it again) until it is stopped. */
  registerHost(host: FakeHost): Promise<{ stop(): void }>;
  /** The API's own answer, for what a test wants to see for itself. */
  json(path: string, init?: { method: string; body: string }): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface FakeHost {
  readonly hostname: string;
  readonly agentIpAddress: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Does not listen before `listen()` is called, so that waiting can be tested. */
export async function rancherDouble(): Promise<RancherDouble & { listen(): Promise<void> }> {
  const rancher = await startRancher({
    store: new MemoryStore(),
    clock: systemClock(() => undefined),
    pace: { ...defaultPace, stepMs: 5, pingMs: PING_MS },
    environment: {},
    version: VERSION,
    address: '10.0.0.1',
    catalogDirectory: undefined,
    log: () => undefined,
  });
  const door = httpServer(VERSION, () => rancher.answer);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const timers: NodeJS.Timeout[] = [];
  const json: RancherDouble['json'] = async (path, init) => {
    const response = await fetch(`${url}${path}`, init);
    return (await response.json()) as Record<string, unknown>;
  };
  return {
    url,
    json,
    listen: () => new Promise<void>((resolve) => door.listen(port, '127.0.0.1', resolve)),
    async registerHost(host) {
      const timer = await register(url, json, host);
      timers.push(timer);
      return { stop: () => clearInterval(timer) };
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      rancher.stop();
      await new Promise((resolve) => {
        door.close(resolve);
        door.closeAllConnections();
      });
    },
  };
}

async function register(url: string, json: RancherDouble['json'], host: FakeHost) {
  const tokens = await json('/v2-beta/projects/1a5/registrationtokens?state=active');
  const [token] = tokens['data'] as readonly { readonly token: string }[];
  const basic = (user: string, password: string) =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const post = async (path: string, authorization: string, body: object) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await (await fetch(`${url}${path}`, init)).json()) as Record<string, unknown>;
  };
  const key = `key-of-${host.hostname}`;
  const asToken = basic('registrationToken', token?.token ?? '');
  await post('/v2-beta/register', asToken, { key });
  const keys = await eventually(async () => {
    const answer = await fetch(`${url}/v2-beta/register?key=${key}`, {
      headers: { authorization: asToken },
    });
    const { data } = (await answer.json()) as { data: readonly Record<string, string>[] };
    return data[0]?.['secretKey'] ? data[0] : undefined;
  });
  const asAgent = basic(String(keys['accessKey']), String(keys['secretKey']));
  const { labels, ...facts } = host;
  const uuid = `uuid-of-${host.hostname}`;
  const report = {
    ...facts,
    dockerUuid: uuid,
    physicalHostUuid: uuid,
    createLabels: labels ?? {},
    dockerVersion: '20.10',
  };
  await post('/v2-beta/agents/ping', asAgent, report);
  return setInterval(
    () => void post('/v2-beta/agents/ping', asAgent, report).catch(() => undefined),
    PING_MS,
  );
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const value = await look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not happen within 2 s');
}
