/** What a project can be made from: loaded from the catalog some time after the server is up (rancher.md B4). */
import { randomUUID } from 'node:crypto';
import { restingMachine } from '../lifecycle/machines.ts';
import { writable } from '../model/field.ts';
import { numberOf } from '../model/ids.ts';
import { asText } from '../model/json.ts';
import type { ResourceType } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';

const changing = { collection: 'GET POST', resource: 'GET PUT DELETE' };

export const projectTemplate: ResourceType = {
  id: 'projectTemplate',
  plural: 'projectTemplates',
  table: 'projectTemplate',
  prefix: 'pt',
  v1: null,
  methods: { admin: changing, user: changing, project: { collection: 'GET', resource: 'GET' } },
  machine: {
    ...restingMachine,
    actions: { remove: { active: 'removing' } },
    steps: { removing: 'removed' },
  },
  filters: ['name', 'externalId', 'isPublic'],
  fields: {
    name: writable('string', { required: true, unique: 'everywhere' }),
    description: writable('string'),
    isPublic: writable('boolean', { default: false }),
    externalId: writable('string'),
    stacks: writable('array'),
  },
};

const infrastructure = ['network-services', 'ipsec', 'scheduler', 'healthcheck'];
const orchestrators = ['Cattle', 'Kubernetes', 'Mesos', 'Swarm', 'Windows'];

/** Keeps the catalog's public templates, once per database. */
export async function loadProjectTemplates(world: World): Promise<void> {
  const kept = await world.store.list('projectTemplate');
  const names = new Set(kept.map((row) => row.fields['name']));
  for (const name of orchestrators.filter((one) => !names.has(one))) {
    await world.lifecycle.create(templateRow(name, world.clock.now()));
  }
  world.log('Loaded project templates from the catalog');
}

function templateRow(name: string, now: number) {
  const folder = name.toLowerCase();
  const stacks = name === 'Cattle' ? infrastructure : [...infrastructure, folder];
  return {
    table: 'projectTemplate',
    type: 'projectTemplate',
    uuid: randomUUID(),
    accountId: null,
    state: 'active',
    transitioning: 'no' as const,
    transitioningMessage: null,
    created: now,
    removed: null,
    fields: {
      name,
      description: `Default ${name} template`,
      isPublic: true,
      externalId: `catalog://library:project*${folder}:0`,
      stacks: stacks.map((stack) => ({ name: stack, templateId: `library:infra*${stack}` })),
    },
    hidden: {},
  };
}

/** `cattle` unless the template is another orchestrator's. */
export async function orchestrationOf(templateId: string | undefined, world: World) {
  const number = templateId === undefined ? undefined : numberOf(projectTemplate, templateId);
  if (number === undefined) return 'cattle';
  const template = await world.store.get({ table: 'projectTemplate', number });
  const folder = /project\*([a-z]+):/.exec(asText(template?.fields['externalId']) ?? '')?.[1];
  return folder ?? 'cattle';
}
