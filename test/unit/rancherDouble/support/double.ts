/** A Rancher double in this process, with a clock of its own, asked without a socket. */
import * as z from 'zod';
import { TextBody } from '../../../fleet/rancher/server/api/response.ts';
import { defaultPace, type Pace } from '../../../fleet/rancher/server/options.ts';
import { startRancher } from '../../../fleet/rancher/server/rancher.ts';
import { MemoryStore } from '../../../fleet/rancher/server/store/memoryStore.ts';
import type { Store } from '../../../fleet/rancher/server/store/store.ts';
import { ManualClock } from './manualClock.ts';

/** The parts of a resource that tests look at; everything else is kept too. */
export const Resource = z.looseObject({
  id: z.string().nullable().default(null),
  type: z.string().default(''),
  state: z.string().default(''),
  links: z.record(z.string(), z.string()).default({}),
  actions: z.record(z.string(), z.string()).default({}),
  data: z
    .array(z.looseObject({ id: z.string().nullable(), state: z.string().optional() }))
    .default([]),
});
export type Resource = z.output<typeof Resource>;

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Resource;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `key:secret` */
  readonly auth?: string;
}

export interface Double {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly log: readonly string[];
  ask(method: string, url: string, options?: AskOptions): Promise<Answered>;
  get(url: string): Promise<Resource>;
  /** The answer to a POST, whatever its status. */
  post(url: string, body?: unknown): Promise<Resource>;
  stop(): void;
}

export interface DoubleOptions {
  readonly store?: Store;
  readonly clock?: ManualClock;
  readonly pace?: Partial<Pace>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly catalogDirectory?: string;
}

export async function startDouble(options: DoubleOptions = {}): Promise<Double> {
  const { store = new MemoryStore(), clock = new ManualClock(), environment = {} } = options;
  const log: string[] = [];
  const rancher = await startRancher({
    store,
    clock,
    environment,
    pace: { ...defaultPace, ...options.pace },
    version: 'v1.6.30',
    address: '10.0.0.1',
    catalogDirectory: options.catalogDirectory,
    log: (line) => log.push(line),
  });
  const ask: Double['ask'] = async (method, url, { body, headers = {}, auth } = {}) => {
    const response = await rancher.answer({
      method,
      url,
      headers: { host: 'rancher:8080', ...authorization(auth), ...headers },
      body: body === undefined ? '' : JSON.stringify(body),
      peer: '::ffff:192.0.2.7',
    });
    return answered(response);
  };
  const get = async (url: string) => (await ask('GET', url)).body;
  const post = async (url: string, body?: unknown) => (await ask('POST', url, { body })).body;
  return { clock, store, log, ask, get, post, stop: rancher.stop };
}

function authorization(auth: string | undefined): Record<string, string> {
  if (auth === undefined) return {};
  return { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
}

function answered(response: { status: number; headers?: object; body: unknown }): Answered {
  const { status, headers, body } = response;
  const shared = { status, headers: Object.fromEntries(Object.entries(headers ?? {})) };
  if (body instanceof TextBody) return { ...shared, text: body.text, body: Resource.parse({}) };
  return { ...shared, text: JSON.stringify(body), body: Resource.parse(body) };
}

/** Lets every host's agent ping a server once. */
export type PingAll = (double: Double) => Promise<void>;

/** Registers hosts as agents do, and waits until they are active. */
export async function addHosts(double: Double, ...names: string[]): Promise<PingAll> {
  const made = await double.post('/v1/projects/1a5/registrationtokens');
  await double.clock.advance(1000);
  const token = String(
    (await double.get(`/v1/projects/1a5/registrationtokens/${made.id}`))['token'],
  );
  const keys = new Map<string, string>();
  for (const name of names) keys.set(name, await agentKeys(double, token, name));
  const pingAll: PingAll = async (server) => {
    for (const [name, key] of keys) await pingHost(server, key, name);
    await server.clock.advance(1000);
  };
  await pingAll(double);
  return pingAll;
}

/** The keys an agent gets for registering under `key`. */
export async function agentKeys(double: Double, token: string, key: string): Promise<string> {
  const auth = `registrationToken:${token}`;
  await double.ask('POST', '/v1/register', { auth, body: { key } });
  await double.clock.advance(300);
  const { body } = await double.ask('GET', `/v1/register?key=${key}`, { auth });
  return `${String(body.data[0]?.['accessKey'])}:${String(body.data[0]?.['secretKey'])}`;
}

export function pingHost(double: Double, keys: string, name: string, more: object = {}) {
  const report = {
    dockerUuid: `docker-${name}`,
    physicalHostUuid: `physical-${name}`,
    hostname: name,
    agentIpAddress: '10.0.0.9',
    dockerVersion: '20.10.24',
    labels: { 'io.rancher.host.docker_version': '20.10' },
    ...more,
  };
  return double.ask('POST', '/v1/agents/ping', { auth: keys, body: report });
}
