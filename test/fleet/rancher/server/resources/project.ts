/** Projects, which the UI calls environments (rancher.md B4). */
import { invalid } from '../api/errors.ts';
import { isGone } from '../api/references.ts';
import { projectMachine } from '../lifecycle/machines.ts';
import { createOnly, readOnly, writable } from '../model/field.ts';
import { asFields, asList, asText, type Fields } from '../model/json.ts';
import type { Call, Creation, ResourceType } from '../model/resourceType.ts';
import type { Row } from '../store/store.ts';
import { orchestrationOf } from './projectTemplate.ts';

const owned = { collection: 'GET POST', resource: 'GET PUT DELETE' };

export const project: ResourceType = {
  id: 'project',
  plural: 'projects',
  table: 'account',
  prefix: 'a',
  methods: {
    admin: owned,
    user: owned,
    project: { collection: 'GET', resource: 'GET PUT DELETE' },
  },
  isUnpaged: true,
  filters: ['id', 'uuid', 'name'],
  machine: projectMachine,
  fields: {
    name: writable('string', { maxLength: 255 }),
    description: writable('string'),
    projectTemplateId: createOnly('string', { reference: 'projectTemplate' }),
    members: createOnly('array'),
    allowSystemRole: createOnly('boolean', { default: false }),
    virtualMachine: writable('boolean', { default: false }),
    hostRemoveDelaySeconds: writable('int', { min: 0 }),
    servicesPortRange: writable('map', { default: { startPort: 49153, endPort: 65535 } }),
    projectLinks: writable('array'),
    orchestration: readOnly('string'),
    healthState: readOnly('string'),
    defaultNetworkId: readOnly('string'),
    version: readOnly('string'),
  },
  isVisible: (row, call) => mayUse(row, call),
  prepare: prepareProject,
  actions: {
    /** Answers 200 where others answer 202: the real server handles it in a class of its own. */
    deactivate: {
      states: ['active'],
      handle: async (row, _input, call) => {
        await call.world.lifecycle.enter(row, 'deactivating');
        return undefined;
      },
    },
    setmembers: {
      states: ['active'],
      handle: async (row, input, call) => {
        await call.world.lifecycle.patch(row, { fields: { members: asList(input['members']) } });
        return undefined;
      },
    },
  },
};

async function prepareProject(input: Fields, call: Call): Promise<Creation> {
  const isEnforced = (await call.world.settings.value('api.security.enabled')) === 'true';
  const members = asList(input['members']);
  const creator = {
    externalId: `1a${call.accountId}`,
    externalIdType: 'rancher_id',
    role: 'owner',
  };
  if (members.some((member) => asText(asFields(member)?.['externalId']) === undefined)) {
    throw invalid('MissingRequired', 'externalId');
  }
  return {
    accountId: null,
    fields: {
      kind: 'project',
      members: members.length === 0 && isEnforced ? [creator] : members,
      orchestration: await orchestrationOf(asText(input['projectTemplateId']), call.world),
      healthState: 'healthy',
      version: '2',
    },
  };
}

function mayUse(row: Row, call: Call): boolean {
  if (call.scope === 'project') return row.number === call.accountId;
  return call.scope === 'admin' || isMember(row, call.accountId);
}

/** Whether an account, or a project's own key, may work in a project. */
export function mayUseProject(user: Row, target: Row): boolean {
  if (isGone(target)) return false;
  if (user.type === 'project') return user.number === target.number;
  return user.fields['kind'] === 'admin' || isMember(target, user.number);
}

function isMember(target: Row, accountId: number): boolean {
  return asList(target.fields['members']).some((member) => {
    const { externalId, externalIdType } = asFields(member) ?? {};
    return externalIdType === 'rancher_id' && externalId === `1a${accountId}`;
  });
}
