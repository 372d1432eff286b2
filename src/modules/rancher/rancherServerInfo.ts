/** `rancher_server_info`: whether a server is ready, which release it is, and who its peers are; waits for it. */
import * as z from 'zod';
import { defineAction } from '../module.ts';
import { boolean, seconds } from '../params.ts';
import { apiParams } from './apiParams.ts';
import { API_VERSION, ApiRefusal, isUnreachable, RancherApi, type Resource } from './client.ts';
import { type Look, waitFor } from './waiting.ts';

const PAUSE_MS = 2000;

export interface ServerInfo {
  readonly ready: boolean;
  readonly version: string;
  readonly auth_enabled: boolean;
  readonly api_host: string;
  readonly cluster_members: readonly ClusterMember[];
}

export interface ClusterMember {
  readonly uuid: string;
  readonly address: string;
  readonly http_port: number;
  readonly clustered: boolean;
  readonly heartbeat: number;
}

const NOT_READY: ServerInfo = {
  ready: false,
  version: '',
  auth_enabled: false,
  api_host: '',
  cluster_members: [],
};

export const rancherServerInfo = defineAction({
  name: 'rancher_server_info',
  collection: 'drover.rancher',
  summary: 'Wait for a Rancher server and look at it',
  params: z.strictObject({
    ...apiParams,
    wait: boolean().default(true).describe('Wait until the server is ready.'),
    wait_timeout: seconds()
      .default(600_000)
      .describe('Seconds to wait; a first start with an external database takes minutes.'),
  }),
  examples: ['- rancher_server_info: { url: "http://rancher:8080", wait_timeout: 300 }\n'],
  returns: {
    ready: 'Whether `/ping` says pong and the API answers.',
    version: 'Release of the server, e.g. v1.6.30.',
    auth_enabled: 'Whether access control is on.',
    api_host: 'Setting `api.host`: the address that agents are given.',
    cluster_members: 'Servers of the cluster: uuid, address, http_port, clustered, heartbeat.',
    last_seen: 'What was seen last of a server that is not ready.',
  },
  checkMode: 'run',

  async run({ target, controller, signal, checkMode }, params) {
    const api = new RancherApi(target, params, signal);
    const isWaiting = params.wait && !checkMode;
    if (!isWaiting) return { changed: false, data: onceSeen(await look(api)) };
    const patience = {
      limitMs: params.wait_timeout,
      pauseMs: PAUSE_MS,
      subject: `the Rancher server at ${api.base}`,
      goal: 'ready',
    };
    const info = await waitFor({ controller, signal }, patience, () => look(api));
    return { changed: false, data: { ...info } };
  },
});

function onceSeen(seen: Look<ServerInfo>) {
  return seen.isDone ? { ...seen.value } : { ...NOT_READY, last_seen: seen.seen };
}

/** Ready is: `/ping` says pong, and the API answers, if only that it wants credentials. */
async function look(api: RancherApi): Promise<Look<ServerInfo>> {
  try {
    const ping = await api.ask('GET', '/ping');
    if (ping.status !== 200 || ping.text.trim() !== 'pong') {
      return { isDone: false, seen: `/ping answered ${ping.status} ${ping.text.slice(0, 80)}` };
    }
    const root = await api.ask('GET', `/${API_VERSION}`);
    if (root.status !== 200 && root.status !== 401) {
      return { isDone: false, seen: `/${API_VERSION} answered ${root.status}` };
    }
    return { isDone: true, value: await infoOf(api, root.headers['x-rancher-version'] ?? '') };
  } catch (error) {
    if (isUnreachable(error) && error instanceof Error)
      return { isDone: false, seen: error.message };
    throw error;
  }
}

async function infoOf(api: RancherApi, versionHeader: string): Promise<ServerInfo> {
  const [version, auth, apiHost] = await Promise.all([
    setting(api, 'rancher.server.version'),
    setting(api, 'api.security.enabled'),
    setting(api, 'api.host'),
  ]);
  const isHidden = version === undefined;
  return {
    ready: true,
    version: version || versionHeader,
    auth_enabled: isHidden || auth === 'true',
    api_host: apiHost ?? '',
    cluster_members: isHidden ? [] : await members(api),
  };
}

/** Undefined when we may not see it: access control is on and we have no key. */
async function setting(api: RancherApi, name: string): Promise<string | undefined> {
  const found = await unlessForbidden(api.get(`/settings/${name}`, `read the setting ${name}`));
  return found === undefined ? undefined : String(found['activeValue'] ?? found['value'] ?? '');
}

async function members(api: RancherApi): Promise<readonly ClusterMember[]> {
  const listed = api.list('/clustermemberships', 'list the members of the cluster');
  return ((await unlessForbidden(listed)) ?? []).map(memberOf);
}

async function unlessForbidden<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiRefusal && [401, 403, 404].includes(error.status)) return undefined;
    throw error;
  }
}

const MemberConfig = z.looseObject({
  advertiseAddress: z.string().nullish(),
  httpPort: z.number().nullish(),
});

/** `config` is JSON in a text: `{"advertiseAddress":"10.0.0.1:9345","httpPort":8080}`. */
export function memberOf(resource: Resource): ClusterMember {
  const { uuid, heartbeat, clustered, config } = resource;
  const parsed = MemberConfig.safeParse(typeof config === 'string' ? JSON.parse(config) : config);
  return {
    uuid: String(uuid ?? ''),
    address: (parsed.success && parsed.data.advertiseAddress) || '',
    http_port: (parsed.success && parsed.data.httpPort) || 0,
    clustered: clustered === true,
    heartbeat: Number(heartbeat ?? 0),
  };
}
