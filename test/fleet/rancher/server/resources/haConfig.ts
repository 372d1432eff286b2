/** `/haconfigs`: one read-only document about the database (rancher.md A7). */
import { renderCollection } from '../api/collection.ts';
import { methodNotAllowed, notFound } from '../api/errors.ts';
import { type ApiResponse, ok } from '../api/response.ts';
import { resourceUrl } from '../api/urls.ts';
import { restingMachine } from '../lifecycle/machines.ts';
import { readOnly } from '../model/field.ts';
import type { Fields } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';

export const haConfig: ResourceType = {
  id: 'haConfig',
  plural: 'haConfigs',
  table: 'haConfig',
  prefix: 'hc',
  methods: { admin: { collection: 'GET', resource: 'GET' } },
  machine: restingMachine,
  fields: {
    dbHost: readOnly('string'),
    dbSize: readOnly('int'),
    enabled: readOnly('boolean'),
    clusterSize: readOnly('int'),
  },
};

const onlyId = '1hc1';

export async function answerHaConfigs(call: Call): Promise<ApiResponse> {
  if (call.scope !== 'admin') throw notFound();
  if (call.request.method !== 'GET') throw methodNotAllowed();
  const document = await haDocument(call);
  const [, id] = call.request.segments;
  if (id === undefined) {
    return ok(renderCollection({ type: haConfig, resources: [document] }, call));
  }
  if (id !== onlyId) throw notFound();
  return ok(document);
}

async function haDocument(call: Call): Promise<Fields> {
  const self = resourceUrl(call.request, haConfig, onlyId);
  const members = await call.world.store.list('clusterMembership');
  return {
    id: onlyId,
    type: 'haConfig',
    links: { self, dbdump: `${self}/dbdump` },
    actions: { createscript: `${self}/?action=createscript` },
    baseType: 'haConfig',
    dbHost: 'localhost',
    dbSize: JSON.stringify(members).length,
    enabled: false,
    clusterSize: members.length,
  };
}
