/** `/settings` and `/activesettings`: not rows with a life, but names with a value (rancher.md B9). */

import { renderCollection } from '../api/collection.ts';
import { invalid, methodNotAllowed, notFound } from '../api/errors.ts';
import { type ApiResponse, ok } from '../api/response.ts';
import { apiRoot } from '../api/urls.ts';
import { restingMachine } from '../lifecycle/machines.ts';
import { readOnly, writable } from '../model/field.ts';
import { asText, type Fields } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import { signingKeySetting } from './session.ts';
import type { Setting } from './settings.ts';

/** Kept as settings, but nobody's to read or set. */
const secretNames: ReadonlySet<string> = new Set([signingKeySetting]);

const reading = { collection: 'GET', resource: 'GET' };

/** Only its schema is generic; the route below answers. */
export const setting: ResourceType = {
  id: 'setting',
  plural: 'settings',
  table: 'setting',
  prefix: 'as',
  methods: {
    admin: { collection: 'GET POST', resource: 'GET PUT DELETE' },
    user: reading,
    project: reading,
  },
  fields: {
    name: writable('string', { required: true }),
    value: writable('string'),
    activeValue: readOnly('string'),
    source: readOnly('string'),
    inDb: readOnly('boolean'),
  },
  filters: ['name', 'value'],
  machine: restingMachine,
};

export async function answerSettings(call: Call): Promise<ApiResponse> {
  const [, id] = call.request.segments;
  const { method } = call.request;
  if (method !== 'GET' && call.scope !== 'admin') throw methodNotAllowed();
  if (id === undefined) return method === 'POST' ? created(call) : listed(call);
  const name = id.replace(/^1as!/, '');
  if (secretNames.has(name)) throw notFound();
  if (method === 'GET') return ok(render(await call.world.settings.get(name), call));
  if (method === 'PUT') return ok(render(await changed(name, call), call));
  throw methodNotAllowed();
}

async function listed(call: Call): Promise<ApiResponse> {
  if (call.request.method !== 'GET') throw methodNotAllowed();
  const resources = (await call.world.settings.all())
    .filter(({ name }) => !secretNames.has(name))
    .map((one) => render(one, call));
  return ok(renderCollection({ type: setting, resources }, call));
}

async function created(call: Call): Promise<ApiResponse> {
  const name = asText(call.request.input()['name']);
  if (name === undefined || name === '') throw invalid('MissingRequired', 'name');
  return { status: 201, body: render(await changed(name, call), call) };
}

function changed(name: string, call: Call): Promise<Setting> {
  const { value } = call.request.input();
  const text = value === undefined || value === null ? null : String(value);
  return call.world.settings.set(name, text, call.world.clock.now());
}

function render(one: Setting, call: Call): Fields {
  const id = `1as!${one.name}`;
  return {
    id,
    type: 'activeSetting',
    links: { self: `${apiRoot(call.request)}/settings/${id}`.toLowerCase() },
    actions: {},
    baseType: 'setting',
    ...one,
  };
}
