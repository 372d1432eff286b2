/** What is said of a file on the controller that a task or a play names and that is nowhere. */
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { nearest } from '../../core/nearest.ts';
import type { Source } from '../../core/source.ts';
import type { Task } from '../../playbook/model.ts';
import { entryOf } from '../../source/node.ts';

/** @param searched absolute paths, in the order they were tried. @param advice what else may help. */
export function missingFile(
  searched: readonly string[],
  source: Source | undefined,
  advice?: string,
): { readonly code: string; readonly source: Source | undefined; readonly hint: string } {
  const near = nearFile(searched);
  const help = near === undefined ? advice : `did you mean "${near}"?`;
  const places = `looked for ${searched.join(', ')}`;
  const hint = help === undefined ? places : `${help} (${places})`;
  return { code: 'DROVER_FILE_NOT_FOUND', source, hint };
}

/** Where a task names the file that it works with. */
export function namedFileSource({ arguments: { named, freeForm }, source }: Task): Source {
  const entry = named.entries.find(({ key }) => FILE_ARGUMENTS.has(String(key.value)));
  return entry?.value.source ?? freeForm?.source ?? source;
}

/** Where an `include_role` names its role. */
export function namedRoleSource({ arguments: { named, freeForm }, source }: Task): Source {
  const name = entryOf(named, 'name') ?? entryOf(named, 'role');
  return name?.source ?? freeForm?.source ?? source;
}

const FILE_ARGUMENTS: ReadonlySet<string> = new Set(['src', 'file', 'cmd', '_raw_params']);

/** A file of a similar name in one of the folders. */
function nearFile(searched: readonly string[]): string | undefined {
  for (const path of searched) {
    const near = nearest(basename(path), namesIn(dirname(path)));
    if (near !== undefined) return near;
  }
  return undefined;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that is not there, or may not be read, has no names to offer.
    return [];
  }
}
