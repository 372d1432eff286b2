/** Who asks, and for which project (rancher.md B3). */
import { accountNumber } from '../model/ids.ts';
import type { Scope } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import { accountOfCredentials } from '../resources/credentials.ts';
import { mayUseProject } from '../resources/project.ts';
import type { Row } from '../store/store.ts';
import { forbidden, unauthorized } from './errors.ts';
import { type ApiRequest, header } from './request.ts';

/** The administrator: who everybody is while access control is off. */
export const adminAccount = 1;

export interface Caller {
  readonly scope: Scope;
  /** The account in whose name things are read and made: the project in project scope. */
  readonly accountId: number;
  /** Who logged in. */
  readonly user: Row;
}

/** @throws ApiError 401 without valid credentials where they are needed, 403 for a project that is not the caller's */
export async function resolveCaller(request: ApiRequest, world: World): Promise<Caller> {
  const known = await accountOfCredentials(
    header(request.headers, 'authorization'),
    request,
    world,
  );
  if (known === undefined && (await isEnforced(request, world))) throw unauthorized();
  const user = known ?? (await account(world, adminAccount));
  if (user === undefined) throw unauthorized();
  return request.project === undefined ? unscoped(user) : scoped(user, request.project, world);
}

async function isEnforced(request: ApiRequest, world: World): Promise<boolean> {
  if (header(request.headers, 'x-enforce-authentication') === 'true') return true;
  return (await world.settings.value('api.security.enabled')) === 'true';
}

function unscoped(user: Row): Caller {
  if (user.type === 'project') return { scope: 'project', accountId: user.number, user };
  const isAdmin = user.fields['kind'] === 'admin';
  return { scope: isAdmin ? 'admin' : 'user', accountId: user.number, user };
}

async function scoped(user: Row, projectId: string, world: World): Promise<Caller> {
  const number = accountNumber(projectId);
  const project = number === undefined ? undefined : await account(world, number);
  if (project?.type !== 'project' || !mayUseProject(user, project)) throw forbidden();
  return { scope: 'project', accountId: project.number, user };
}

function account(world: World, number: number): Promise<Row | undefined> {
  return world.store.get({ table: 'account', number });
}
