/** `/register`: an agent that holds a registration token asks for keys of its own (rancher.md B5, step 6). */

import { renderCollection } from '../api/collection.ts';
import { createRow } from '../api/crud.ts';
import { methodNotAllowed, notFound, unauthorized } from '../api/errors.ts';
import { isGone } from '../api/references.ts';
import { renderResource } from '../api/render.ts';
import { type ApiRequest, header } from '../api/request.ts';
import { type ApiResponse, ok } from '../api/response.ts';
import { registerMachine } from '../lifecycle/machines.ts';
import { createOnly, readOnly } from '../model/field.ts';
import { asText, type Fields } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { tokenCredential } from './registrationToken.ts';
import { basicCredentials, publicValue, secretValue } from './secrets.ts';

export const register: ResourceType = {
  id: 'register',
  plural: 'register',
  table: 'register',
  prefix: 'r',
  methods: {},
  machine: registerMachine,
  fields: {
    key: createOnly('string', { required: true, isSecret: true }),
    accessKey: readOnly('string', { isSecret: true }),
    secretKey: readOnly('string', { isSecret: true }),
  },
  work: {
    activating: async () => ({
      to: 'active',
      change: { hidden: { accessKey: publicValue(), secretKey: secretValue() } },
    }),
  },
};

/** @throws ApiError 401 without a valid registration token */
export async function answerRegister(request: ApiRequest, world: World): Promise<ApiResponse> {
  const call = await tokenCall(request, world);
  const [, id] = request.segments;
  if (request.method === 'POST') return registered(call);
  if (request.method !== 'GET') throw methodNotAllowed();
  const rows = await ownRows(call);
  if (id === undefined) return ok(await listed(rows, call));
  const row = rows.find((one) => `1r${one.number}` === id);
  if (row === undefined) throw notFound();
  return ok(await shown(row, call));
}

async function tokenCall(request: ApiRequest, world: World): Promise<Call> {
  const basic = basicCredentials(header(request.headers, 'authorization'));
  const token = basic?.user === 'registrationToken' ? basic.password : '';
  const credential = await tokenCredential(token, world);
  if (credential?.accountId == null) throw unauthorized();
  return { request, world, scope: 'project', accountId: credential.accountId };
}

/** The same key always leads to the same registration. */
async function registered(call: Call): Promise<ApiResponse> {
  const key = asText(call.request.input()['key']) ?? '';
  const known = (await ownRows(call)).find((row) => row.fields['key'] === key);
  const row = known ?? (await createRow(register, { key }, call)).row;
  return { status: 201, body: await renderResource(row, call) };
}

async function ownRows(call: Call): Promise<readonly Row[]> {
  const rows = await call.world.store.list('register');
  return rows.filter((row) => row.accountId === call.accountId && !isGone(row));
}

async function listed(rows: readonly Row[], call: Call): Promise<Fields> {
  const key = call.request.query.get('key');
  const wanted = key === null ? rows : rows.filter((row) => row.fields['key'] === key);
  const resources = await Promise.all(wanted.map((row) => shown(row, call)));
  return renderCollection({ type: register, resources }, call);
}

/** The keys are shown only to who knows the key they were made for. */
async function shown(row: Row, call: Call): Promise<Fields> {
  const isKnown = call.request.query.get('key') === row.fields['key'];
  return renderResource(
    row,
    call,
    isKnown ? { ...row.hidden, key: row.fields['key'] ?? null } : {},
  );
}

/** The living registration these agent keys belong to. */
export async function agentRegistration(authorization: string | undefined, world: World) {
  const basic = basicCredentials(authorization);
  if (basic === undefined) return undefined;
  const rows = await world.store.list('register');
  return rows.find(
    ({ state, hidden }) =>
      state === 'active' &&
      hidden['accessKey'] === basic.user &&
      hidden['secretKey'] === basic.password,
  );
}
