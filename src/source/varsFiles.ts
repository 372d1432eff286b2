/** Files of variables: `vars/main.yml` of a role, `group_vars/web`, `host_vars/db1/…`, and what they hold. */
import { extname, join } from 'node:path';
import type { Documents } from './documents.ts';
import type { FileSystem } from './files.ts';
import type { Node } from './node.ts';
import type { Problems } from './problems.ts';
import { isNull, Shapes, variablesOf } from './shapes.ts';

/** Endings tried for `group_vars/NAME`, first wins; a folder `NAME/` goes before `NAME.yml`. */
export const VARS_ENDINGS: readonly string[] = ['', '.yml', '.yaml', '.json'];

/**
 * The files that hold the variables of `path` (without ending): the first of `path + ending` that exists. A folder
 * stands for all files in it and its subfolders, in the order of their names.
 */
export function findVarsFiles(
  files: FileSystem,
  path: string,
  endings: readonly string[] = VARS_ENDINGS,
  allowFolder = true,
): readonly string[] {
  for (const ending of endings) {
    const kind = files.kind(path + ending);
    if (kind === 'file') return [path + ending];
    if (kind === 'directory' && allowFolder) return filesIn(files, path + ending, endings);
  }
  return [];
}

function filesIn(files: FileSystem, folder: string, endings: readonly string[]): string[] {
  const names = files.list(folder).filter((name) => !name.startsWith('.') && !name.endsWith('~'));
  return names.flatMap((name) => {
    const path = join(folder, name);
    const ending = extname(name);
    if (files.kind(path) === 'directory') return ending === '' ? filesIn(files, path, endings) : [];
    return ending === '' || endings.includes(ending) ? [path] : [];
  });
}

/** The variables of several files, later ones winning. What cannot be read is noted in `problems`. */
export function readVarsFiles(
  documents: Documents,
  paths: readonly string[],
  problems: Problems,
): ReadonlyMap<string, Node> {
  const variables = new Map<string, Node>();
  for (const path of paths) {
    const node = problems.attempt(() => documents.read(path, problems));
    if (node === undefined || isNull(node)) continue;
    const mapping = new Shapes(problems).mapping(node, 'a file of variables');
    if (mapping === undefined) continue;
    for (const [name, value] of variablesOf(mapping)) variables.set(name, value);
  }
  return variables;
}
