/** What a new database holds before anybody asks (rancher.md B4): the server's accounts and the Default project. */
import type { Fields } from './model/json.ts';
import type { NewRow, Store } from './store/store.ts';

/** Writes the first rows, in the order that gives them their well-known ids. Does nothing on a database that has any. */
export async function seed(store: Store, now: number): Promise<void> {
  if ((await store.list('account')).length > 0) return;
  for (const kind of ['admin', 'system', 'superadmin', 'token']) {
    await store.insert(accountRow('account', kind, { kind, name: kind }, now));
  }
  await store.insert(accountRow('project', 'adminProject', defaultProject, now));
}

const defaultProject: Fields = {
  name: 'Default',
  kind: 'project',
  members: [],
  orchestration: 'cattle',
  healthState: 'healthy',
  allowSystemRole: false,
  virtualMachine: false,
  servicesPortRange: { startPort: 49153, endPort: 65535 },
  version: '2',
};

function accountRow(type: string, uuid: string, fields: Fields, now: number): NewRow {
  return {
    table: 'account',
    type,
    uuid,
    accountId: null,
    state: 'active',
    transitioning: 'no',
    transitioningMessage: null,
    created: now,
    removed: null,
    fields,
    hidden: {},
  };
}
