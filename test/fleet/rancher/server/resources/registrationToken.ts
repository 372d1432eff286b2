/** Registration tokens: made asynchronously, reusable for many hosts (rancher.md B5). */
import { createHmac, randomBytes } from 'node:crypto';
import type { ApiRequest } from '../api/request.ts';
import { apiRoot } from '../api/urls.ts';
import { defaultMachine } from '../lifecycle/machines.ts';
import { readOnly, writable } from '../model/field.ts';
import { asText, type Fields } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { isSame } from './secrets.ts';

const reading = { collection: 'GET', resource: 'GET PUT DELETE' };

export const registrationToken: ResourceType = {
  id: 'registrationToken',
  plural: 'registrationTokens',
  table: 'credential',
  prefix: 'c',
  methods: {
    admin: reading,
    user: { collection: 'GET', resource: 'GET' },
    project: { collection: 'GET POST', resource: 'GET PUT DELETE' },
  },
  machine: defaultMachine,
  fields: {
    name: writable('string'),
    description: writable('string'),
    command: readOnly('string'),
    windowsCommand: readOnly('string'),
    image: readOnly('string'),
    token: readOnly('string'),
    registrationUrl: readOnly('string'),
  },
  work: {
    activating: async () => ({ to: 'active', change: { hidden: newKeys() } }),
  },
  view: tokenFields,
  links: async (row, call) => {
    const url = asText((await tokenFields(row, call))['registrationUrl']);
    return url === undefined ? {} : { registrationUrl: url };
  },
};

function newKeys(): Fields {
  return {
    publicValue: randomBytes(10).toString('hex').toUpperCase(),
    secretValue: randomBytes(32).toString('hex'),
  };
}

async function tokenFields(row: Row, call: Call): Promise<Fields> {
  const token = tokenOf(row, call.world.clock.now());
  if (token === undefined) return {};
  const image = (await call.world.settings.value('bootstrap.required.image')) ?? '';
  const registrationUrl = await scriptUrl(token, call);
  return {
    token,
    image,
    registrationUrl,
    command: command(image, registrationUrl),
    windowsCommand: `docker run -d --restart=always ${image} ${registrationUrl}`,
  };
}

function command(image: string, registrationUrl: string): string {
  return [
    'sudo docker run --rm --privileged',
    '-v /var/run/docker.sock:/var/run/docker.sock',
    '-v /var/lib/rancher:/var/lib/rancher',
    image,
    registrationUrl,
  ].join(' ');
}

/** `<api.host>/v1/scripts/<token>` where that setting has a value, else below the request's own root. */
async function scriptUrl(token: string, call: Call): Promise<string> {
  const apiHost = await call.world.settings.value('api.host');
  const root = apiHost ? `${trimSlash(apiHost)}/v1` : apiRoot(call.request);
  return `${root}/scripts/${token}`;
}

/** Where an agent finds the API. */
export async function agentUrl(request: ApiRequest, world: World): Promise<string> {
  const apiHost = await world.settings.value('api.host');
  return `${apiHost ? trimSlash(apiHost) : request.baseUrl}/v1`;
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** `<publicValue>:<start of the year in ms>:<signature>`: the same all year. */
function tokenOf(row: Row, now: number): string | undefined {
  const key = asText(row.hidden['publicValue']);
  if (key === undefined || row.state !== 'active') return undefined;
  const yearStart = Date.UTC(new Date(now).getUTCFullYear(), 0, 1);
  return `${key}:${yearStart}:${signature(row, yearStart)}`;
}

function signature(row: Row, yearStart: number): string {
  const text = `${String(row.hidden['publicValue'])}:${yearStart}`;
  const mac = createHmac('sha1', String(row.hidden['secretValue'])).update(text).digest('base64');
  return mac.replaceAll(/[/+=]/g, '');
}

/** The active credential behind a token that is neither forged nor expired. */
export async function tokenCredential(token: string, world: World): Promise<Row | undefined> {
  const [key, time = '', mac = ''] = token.split(':');
  const rows = await world.store.list('credential');
  const row = rows.find(
    (one) => one.type === 'registrationToken' && one.hidden['publicValue'] === key,
  );
  if (row?.state !== 'active' || !isSame(mac, signature(row, Number(time)))) return undefined;
  const period = Number(await world.settings.value('registration.token.period.millis'));
  return world.clock.now() - Number(time) < period ? row : undefined;
}
