/** Where a task's files are looked for: its role, the roles that use that one, its own folder, the playbook's. Pure. */
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Node } from '../source/node.ts';
import { textOfScalar } from '../source/shapes.ts';
import type { Block, Item, Play, RoleUse, Task } from './model.ts';

export type FileKind = 'files' | 'templates' | 'vars' | 'tasks';

/** What the search depends on; absolute paths. */
export interface SearchPlace {
  /** The role that holds the task, then the roles it was used by, outwards. */
  readonly roleDirs: readonly string[];
  /** The folder of the file that holds the task. */
  readonly taskDir: string;
  readonly playbookDir: string;
}

/** The blocks around an item, innermost first. */
export function* enclosingBlocks(item: Item): Iterable<Block> {
  for (let block = item.parent; block !== undefined; block = block.parent) yield block;
}

/** The use of a role that holds the item (a role block: its own). */
export function roleOf(item: Item): RoleUse | undefined {
  if (item.kind === 'block' && item.role !== undefined) return item.role;
  for (const block of enclosingBlocks(item)) if (block.role !== undefined) return block.role;
  return undefined;
}

/** The `collections:` that holds: of the nearest block or role that has one; undefined when only the play may have it. */
export function collectionsAt(parent: Block | undefined): readonly string[] | undefined {
  const blocks = parent === undefined ? [] : [parent, ...enclosingBlocks(parent)];
  for (const { keywords, role } of blocks) {
    if (keywords.collections !== undefined) return namesOf(keywords.collections);
    if (role !== undefined && role.role.collections.length > 0) return role.role.collections;
  }
  return undefined;
}

/** The collections that short names of modules mean, in a task of `play`. */
export function collectionsOf(task: Task, play: Pick<Play, 'keywords'>): readonly string[] {
  const own = task.keywords.collections;
  return own === undefined
    ? (collectionsAt(task.parent) ?? namesOf(play.keywords.collections ?? []))
    : namesOf(own);
}

function namesOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => (node.kind === 'scalar' ? [textOfScalar(node.value)] : []));
}

export function searchPlace(task: Task, playbookDir: string): SearchPlace {
  const roleDirs: string[] = [];
  for (const { role } of enclosingBlocks(task)) {
    if (role !== undefined && !roleDirs.includes(role.role.path)) roleDirs.push(role.role.path);
  }
  return { roleDirs, taskDir: dirname(task.source.file), playbookDir };
}

/**
 * The paths where `name` may be, first wins. An absolute name is its own only candidate; `~` is the caller's.
 * In each folder `<kind>/<name>` goes before `<name>`, unless the name itself begins with the kind.
 */
export function fileCandidates(kind: FileKind, name: string, place: SearchPlace): string[] {
  if (isAbsolute(name)) return [name];
  const { roleDirs, taskDir, playbookDir } = place;
  const folders = [...roleDirs, ...(roleDirs.includes(taskDir) ? [] : [taskDir]), playbookDir];
  return [...new Set(folders.flatMap((folder) => inFolder(folder, kind, name, place)))];
}

function inFolder(folder: string, kind: FileKind, name: string, place: SearchPlace): string[] {
  const isRoleTasks = basename(folder) === 'tasks' && place.roleDirs.includes(dirname(folder));
  if (isRoleTasks) return [join(dirname(folder), kind, name), join(folder, name)];
  if (name.split('/')[0] === kind) return [join(folder, name)];
  return [join(folder, kind, name), join(folder, name)];
}

/**
 * Where the file of `import_tasks`/`include_tasks` may be, first wins: beside the file that holds the task, in the
 * role's `tasks/` (of a handler `handlers/`), in the roles that use that one, beside the playbook.
 */
export function includeCandidates(name: string, task: Task, playbookDir: string): string[] {
  if (isAbsolute(name)) return [name];
  const { roleDirs, taskDir } = searchPlace(task, playbookDir);
  const kind = task.isHandler ? 'handlers' : 'tasks';
  const ofRoles = roleDirs.flatMap((dir) => [
    join(dir, kind, name),
    join(dir, 'tasks', name),
    join(dir, name),
  ]);
  return [...new Set([join(taskDir, name), ...ofRoles, join(playbookDir, name)])];
}
