/** Finds the folder of a role by its name. */
import { basename, join, resolve } from 'node:path';
import type { FileSystem } from '../source/files.ts';

/** Where roles are looked for; absolute paths. */
export interface RoleSearch {
  /** The folder of the playbook that uses the role. */
  readonly playbookDir: string;
  /** Configured folders of roles. */
  readonly rolesPath: readonly string[];
  /** Configured folders that hold `ansible_collections/`. */
  readonly collectionsPath: readonly string[];
  /** The role that asks: roles beside it are found. */
  readonly askingRoleDir?: string;
  /** Values of `collections:` that hold there. */
  readonly collections: readonly string[];
}

const COLLECTION_ROLE = /^(\w+)\.(\w+)\.([\w.-]+)$/;

/** The folders where the role may be, first wins. */
export function roleCandidates(name: string, search: RoleSearch): string[] {
  const { playbookDir, rolesPath, askingRoleDir } = search;
  const folders = [join(playbookDir, 'roles'), ...rolesPath];
  if (askingRoleDir !== undefined) folders.push(join(askingRoleDir, '..'));
  const besides = [...folders, playbookDir].map((folder) => within(folder, name));
  return [
    ...new Set([...collectionCandidates(name, search), ...besides, resolve(playbookDir, name)]),
  ];
}

/** The folder of the role, or undefined. */
export function findRole(files: FileSystem, name: string, search: RoleSearch): string | undefined {
  return roleCandidates(name, search).find((path) => files.kind(path) === 'directory');
}

/** Names of roles that could have been meant. */
export function rolesInSight(files: FileSystem, search: RoleSearch): readonly string[] {
  const { playbookDir, rolesPath, askingRoleDir } = search;
  const beside = askingRoleDir === undefined ? [] : [join(askingRoleDir, '..')];
  const folders = [join(playbookDir, 'roles'), ...rolesPath, ...beside];
  return folders.flatMap((folder) =>
    files.kind(folder) === 'directory' ? files.list(folder) : [],
  );
}

/** How a role is called: as it is named below a folder of roles, by its folder when its path was given. */
export function roleName(name: string): string {
  return /^(?:\/|\.{1,2}\/|~)/.test(name) ? basename(name) : name;
}

function within(folder: string, name: string): string {
  return name.startsWith('/') ? name : join(folder, name);
}

function collectionCandidates(name: string, search: RoleSearch): string[] {
  const [, namespace, collection, role] = COLLECTION_ROLE.exec(name) ?? [];
  const roots = [join(search.playbookDir, 'collections'), ...search.collectionsPath];
  const names =
    namespace === undefined
      ? search.collections.map((full) => [...full.split('.'), name])
      : [[namespace, collection ?? '', role ?? '']];
  return names.flatMap(([space = '', set = '', last = '']) =>
    roots.map((root) => join(root, 'ansible_collections', space, set, 'roles', ...last.split('.'))),
  );
}
