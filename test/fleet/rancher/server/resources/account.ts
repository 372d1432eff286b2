/** Accounts of people and of the server itself (rancher.md B3). */
import { defaultMachine } from '../lifecycle/machines.ts';
import { createOnly, writable } from '../model/field.ts';
import type { ResourceType } from '../model/resourceType.ts';

export const account: ResourceType = {
  id: 'account',
  plural: 'accounts',
  table: 'account',
  prefix: 'a',
  methods: {
    admin: { collection: 'GET POST', resource: 'GET PUT DELETE' },
    user: { collection: 'GET', resource: 'GET' },
    project: { collection: 'GET', resource: 'GET' },
  },
  machine: defaultMachine,
  filters: ['kind', 'externalId', 'externalIdType'],
  fields: {
    name: writable('string'),
    description: writable('string'),
    kind: createOnly('string', {
      default: 'user',
      options: [
        'user',
        'admin',
        'service',
        'readonly',
        'readAdmin',
        'agent',
        'system',
        'superadmin',
        'token',
      ],
    }),
    externalId: createOnly('string'),
    externalIdType: createOnly('string'),
  },
  isVisible: (row, call) => call.scope === 'admin' || row.number === call.accountId,
  prepare: async () => ({ accountId: null }),
};
