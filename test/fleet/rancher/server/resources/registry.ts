/** Image registries and the logins to them (rancher.md B9). */
import { ApiError } from '../api/errors.ts';
import { isGone } from '../api/references.ts';
import { defaultMachine } from '../lifecycle/machines.ts';
import { createOnly, readOnly, writable } from '../model/field.ts';
import type { Fields } from '../model/json.ts';
import type { Call, Creation, ResourceType, StepOutcome } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';

const changing = { collection: 'GET POST', resource: 'GET PUT DELETE' };
const methods = { admin: { ...changing, collection: 'GET' }, project: changing };

export const registry: ResourceType = {
  id: 'registry',
  plural: 'registries',
  table: 'storagePool',
  prefix: 'sp',
  methods,
  machine: defaultMachine,
  filters: ['serverAddress'],
  children: {
    credentials: {
      type: 'registryCredential',
      owns: (parent, child) => child.fields['registryId'] === `1sp${parent.number}`,
    },
  },
  fields: {
    name: writable('string'),
    description: writable('string'),
    serverAddress: createOnly('string', { required: true, minLength: 1 }),
    driverName: readOnly('string'),
  },
  prepare: checkAddress,
  work: { removing: removeCredentials },
};

export const registryCredential: ResourceType = {
  id: 'registryCredential',
  plural: 'registryCredentials',
  table: 'credential',
  prefix: 'c',
  methods,
  machine: defaultMachine,
  filters: ['registryId', 'publicValue'],
  fields: {
    name: writable('string'),
    description: writable('string'),
    registryId: createOnly('string', { required: true, reference: 'registry' }),
    publicValue: writable('string', { required: true }),
    secretValue: writable('string', { required: true, isSecret: true }),
    email: writable('string'),
  },
};

/** @throws ApiError 400 when the project has this address already */
async function checkAddress(input: Fields, call: Call): Promise<Creation> {
  const rows = await call.world.store.list('storagePool');
  const isUsed = rows.some(
    (row) =>
      !isGone(row) &&
      row.accountId === call.accountId &&
      row.fields['serverAddress'] === input['serverAddress'],
  );
  if (isUsed) throw new ApiError(400, 'ServerAddressUsed', { fieldName: 'serverAddress' });
  return {};
}

async function removeCredentials(row: Row, world: World): Promise<StepOutcome> {
  const credentials = (await world.store.list('credential')).filter(
    (one) => one.fields['registryId'] === `1sp${row.number}` && !isGone(one),
  );
  for (const one of credentials) await world.lifecycle.enter(one, 'removing');
  return { to: 'removed' };
}
