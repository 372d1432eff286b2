/** Finding the one project that a name or id means. */
import { ModuleError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { RancherApi, Resource } from './client.ts';

/** @throws ModuleError when none or several projects are called so. */
export async function findProject(api: RancherApi, nameOrId: string): Promise<Resource> {
  return oneProject(await listProjects(api), nameOrId);
}

export function listProjects(api: RancherApi): Promise<readonly Resource[]> {
  return api.list('/projects', 'list the projects');
}

export function oneProject(projects: readonly Resource[], nameOrId: string): Resource {
  const byId = projects.find(({ id }) => id === nameOrId);
  const named = projects.filter(({ name }) => name === nameOrId);
  const [only, another] = byId === undefined ? named : [byId];
  if (only === undefined) throw unknownProject(projects, nameOrId);
  if (another === undefined) return only;
  throw new ModuleError(`${named.length} projects are called "${nameOrId}"`, {
    hint: `give an id: ${named.map(({ id }) => id).join(', ')}`,
  });
}

function unknownProject(projects: readonly Resource[], nameOrId: string): ModuleError {
  const names = projects.map(({ name, id }) => name ?? id);
  const known = names.length === 0 ? 'there are none' : `there are: ${names.join(', ')}`;
  return new ModuleError(`Rancher has no project "${nameOrId}"`, {
    code: 'DROVER_RANCHER_NO_PROJECT',
    hint: didYouMean(nameOrId, names) ?? known,
  });
}

export function inProject({ id }: Resource, path: string): string {
  return `/projects/${id}${path}`;
}
