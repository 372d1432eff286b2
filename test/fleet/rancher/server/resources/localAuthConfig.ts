/** Turning access control on and off with local users (rancher.md B3). */
import { randomUUID } from 'node:crypto';
import { adminAccount } from '../api/access.ts';
import { renderCollection } from '../api/collection.ts';
import { invalid, methodNotAllowed, notFound } from '../api/errors.ts';
import { type ApiResponse, ok } from '../api/response.ts';
import { collectionUrl } from '../api/urls.ts';
import { restingMachine } from '../lifecycle/machines.ts';
import { writable } from '../model/field.ts';
import { asText, type Fields } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import { digest } from './secrets.ts';

export const localAuthConfig: ResourceType = {
  id: 'localAuthConfig',
  plural: 'localAuthConfigs',
  table: 'localAuthConfig',
  prefix: 'lac',
  methods: { admin: { collection: 'GET POST', resource: 'GET' } },
  machine: restingMachine,
  fields: {
    enabled: writable('boolean'),
    accessMode: writable('string', { options: ['unrestricted', 'restricted', 'required'] }),
    name: writable('string'),
    username: writable('string'),
    password: writable('string', { isSecret: true }),
  },
};

export async function answerLocalAuthConfig(call: Call): Promise<ApiResponse> {
  if (call.scope !== 'admin') throw notFound();
  switch (call.request.method) {
    case 'GET':
      return ok(
        renderCollection({ type: localAuthConfig, resources: [await document(call)] }, call),
      );
    case 'POST':
      await configure(call.request.input(), call);
      return { status: 201, body: await document(call) };
    default:
      throw methodNotAllowed();
  }
}

async function configure(input: Fields, call: Call): Promise<void> {
  const { settings, clock } = call.world;
  const isEnabled = input['enabled'] === true;
  if (isEnabled) await setAdminLogin(input, call);
  const accessMode = asText(input['accessMode']) ?? 'unrestricted';
  const provider = input['enabled'] === null ? 'none' : 'localauthconfig';
  await settings.set('api.auth.local.access.mode', accessMode, clock.now());
  await settings.set('api.auth.provider.configured', provider, clock.now());
  await settings.set('api.security.enabled', String(isEnabled), clock.now());
}

/** The administrator's user name and password, replacing earlier ones. */
async function setAdminLogin(input: Fields, call: Call): Promise<void> {
  const username = asText(input['username']);
  const secret = asText(input['password']);
  if (username === undefined) throw invalid('MissingRequired', 'username');
  if (secret === undefined) throw invalid('MissingRequired', 'password');
  const { store, lifecycle, clock } = call.world;
  const name = asText(input['name']) ?? username;
  await store.update({ table: 'account', number: adminAccount }, (row) => ({
    ...row,
    fields: { ...row.fields, name },
  }));
  const kept = (await store.list('credential')).filter((row) => row.type === 'password');
  for (const row of kept.filter((one) => one.accountId === adminAccount)) await store.delete(row);
  await lifecycle.create({
    table: 'credential',
    type: 'password',
    uuid: randomUUID(),
    accountId: adminAccount,
    state: 'active',
    transitioning: 'no',
    transitioningMessage: null,
    created: clock.now(),
    removed: null,
    fields: { publicValue: username, accountId: `1a${adminAccount}` },
    hidden: { secretHash: digest(secret) },
  });
}

async function document(call: Call): Promise<Fields> {
  const { settings } = call.world;
  return {
    id: null,
    type: 'localAuthConfig',
    links: { self: collectionUrl(call.request, localAuthConfig) },
    actions: {},
    baseType: 'localAuthConfig',
    enabled: (await settings.value('api.security.enabled')) === 'true',
    accessMode: (await settings.value('api.auth.local.access.mode')) ?? 'unrestricted',
    name: null,
    username: null,
    password: null,
  };
}
