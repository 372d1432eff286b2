/** The machine behind a host: what stays when the host is removed and registered again. */
import { restingMachine } from '../lifecycle/machines.ts';
import { readOnly } from '../model/field.ts';
import type { ResourceType } from '../model/resourceType.ts';

const reading = { collection: 'GET', resource: 'GET' };

export const physicalHost: ResourceType = {
  id: 'physicalHost',
  plural: 'physicalHosts',
  table: 'physicalHost',
  prefix: 'ph',
  methods: { admin: reading, project: reading },
  machine: restingMachine,
  fields: { name: readOnly('string'), agentId: readOnly('string') },
};
