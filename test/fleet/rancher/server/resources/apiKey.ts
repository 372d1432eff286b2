/** API keys and passwords: secrets the server keeps only as digests (rancher.md B3). */
import { forbidden, invalid } from '../api/errors.ts';
import { isGone } from '../api/references.ts';
import { defaultMachine } from '../lifecycle/machines.ts';
import { createOnly, writable } from '../model/field.ts';
import { accountNumber } from '../model/ids.ts';
import { asText, type Fields } from '../model/json.ts';
import type { Call, Creation, ResourceType } from '../model/resourceType.ts';
import { digest, publicValue, secretValue } from './secrets.ts';

const changing = { collection: 'GET POST', resource: 'GET PUT DELETE' };
const everywhere = { admin: changing, user: changing, project: changing };

const fields = {
  name: writable('string'),
  description: writable('string'),
  publicValue: createOnly('string', { unique: 'everywhere' }),
  secretValue: createOnly('string', { isSecret: true }),
  accountId: createOnly('string'),
} as const;

export const apiKey: ResourceType = {
  id: 'apiKey',
  plural: 'apiKeys',
  table: 'credential',
  prefix: 'c',
  methods: everywhere,
  machine: defaultMachine,
  filters: ['publicValue'],
  fields,
  prepare: (input, call) => prepareSecret(input, call),
};

/** A user's login: `publicValue` is the user name. */
export const password: ResourceType = {
  ...apiKey,
  id: 'password',
  plural: 'passwords',
  fields: {
    ...fields,
    publicValue: createOnly('string', { required: true, unique: 'everywhere' }),
    secretValue: createOnly('string', { required: true, isSecret: true, minLength: 1 }),
  },
};

/** The secret is shown in this one answer, and only its digest is kept. */
async function prepareSecret(input: Fields, call: Call): Promise<Creation> {
  const owner = await ownerNumber(asText(input['accountId']), call);
  const secret = asText(input['secretValue']) ?? secretValue();
  return {
    accountId: owner,
    fields: {
      accountId: `1a${owner}`,
      publicValue: asText(input['publicValue']) ?? publicValue(),
      secretValue: null,
    },
    hidden: { secretHash: digest(secret) },
    shownOnce: { secretValue: secret },
  };
}

/** An administrator may make keys for any account; the others for themselves. */
async function ownerNumber(id: string | undefined, call: Call): Promise<number> {
  if (id === undefined) return call.accountId;
  const number = accountNumber(id);
  const row =
    number === undefined ? undefined : await call.world.store.get({ table: 'account', number });
  if (row === undefined || isGone(row)) throw invalid('InvalidReference', 'accountId');
  if (call.scope !== 'admin' && row.number !== call.accountId) throw forbidden();
  return row.number;
}
