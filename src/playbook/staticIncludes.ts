/** What dynamic includes bring when they name it without a template: looked at before the run like all the rest. */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { LoadError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { FileSystem } from '../source/files.ts';
import { entryOf, type Node, type ScalarNode } from '../source/node.ts';
import { isTemplate, textOfScalar } from '../source/shapes.ts';
import { shortName } from './actions.ts';
import { fileArgument } from './itemReader.ts';
import type { Play, Task } from './model.ts';
import { fileCandidates, includeCandidates, searchPlace } from './searchPath.ts';

/** The file of an `include_tasks`; undefined when it is known only at run time. @throws LoadError when there is none. */
export function includedFile(files: FileSystem, task: Task, play: Play): string | undefined {
  if (!['include_tasks', 'include'].includes(shortName(task.module))) return undefined;
  const node = fileArgument(task);
  if (node === undefined || isTemplate(node)) return undefined;
  const name = textOfScalar(node.value);
  const candidates = includeCandidates(name, task, dirname(play.file));
  const found = candidates.find((path) => files.kind(path) === 'file');
  if (found !== undefined) return found;
  throw missing(files, `no file "${name}" to include`, node, candidates);
}

/** The `src` of a `template` task; undefined when it is known only at run time. */
export function templateName({ module, arguments: { named } }: Task): string | undefined {
  if (shortName(module) !== 'template') return undefined;
  const node = entryOf(named, 'src');
  return node?.kind === 'scalar' && !isTemplate(node) ? textOfScalar(node.value) : undefined;
}

/** The file of a template; undefined when it is not there yet. */
export function templateFile(
  files: FileSystem,
  name: string,
  task: Task,
  play: Play,
): string | undefined {
  const place = searchPlace(task, dirname(play.file));
  const candidates = fileCandidates('templates', name, place);
  return candidates.find((path) => files.kind(path) === 'file');
}

/** Whether a `template` task chooses delimiters of its own. */
export function hasOwnSyntax({ arguments: { named } }: Task): boolean {
  return named.entries.some(({ key }) => /_(?:start|end)_string$/.test(String(key.value)));
}

/** Entries of `vars_files` of which no alternative exists. */
export function missingVarsFiles(files: FileSystem, play: Play): LoadError[] {
  return play.varsFiles.flatMap((entry) => {
    const names = scalarsOf(entry);
    if (names.length === 0 || names.some(isTemplate)) return [];
    const candidates = names.flatMap((node) =>
      varsFileCandidates(textOfScalar(node.value), dirname(play.file)),
    );
    const [first] = names;
    if (first === undefined || candidates.some((path) => files.kind(path) === 'file')) return [];
    const what =
      names.length === 1 ? `no file "${textOfScalar(first.value)}"` : 'none of the files exists';
    return [missing(files, what, first, candidates)];
  });
}

/** The files that `vars_files` takes; undefined for those that are known only at run time. */
export function literalVarsFiles(files: FileSystem, play: Play): (string | undefined)[] {
  return play.varsFiles.map((entry) => {
    const names = scalarsOf(entry);
    if (names.some(isTemplate)) return undefined;
    const candidates = names.flatMap((node) =>
      varsFileCandidates(textOfScalar(node.value), dirname(play.file)),
    );
    return candidates.find((path) => files.kind(path) === 'file');
  });
}

/** Where a file of `vars_files` may be, first wins: in `vars/`, unless the name says so itself, then beside the playbook. */
export function varsFileCandidates(name: string, folder: string): string[] {
  if (isAbsolute(name)) return [name];
  const beside = join(folder, name);
  return name.split('/').includes('vars') ? [beside] : [join(folder, 'vars', name), beside];
}

/** The name of the role of an `include_role`; undefined when it is known only at run time, or chosen with more than a name. */
export function includedRole({ module, arguments: args }: Task): ScalarNode | undefined {
  if (shortName(module) !== 'include_role' || args.template !== undefined) return undefined;
  const { named, freeForm } = args;
  const options = named.entries.filter(({ key }) => key.value !== 'apply');
  if (options.some(({ value }) => value.kind !== 'scalar' || isTemplate(value))) return undefined;
  const node = entryOf(named, 'name') ?? entryOf(named, 'role') ?? freeForm;
  return node?.kind === 'scalar' ? node : undefined;
}

function scalarsOf(node: Node): ScalarNode[] {
  if (node.kind === 'scalar') return [node];
  return node.kind === 'sequence' ? node.items.flatMap(scalarsOf) : [];
}

function missing(
  files: FileSystem,
  message: string,
  { source }: ScalarNode,
  candidates: readonly string[],
): LoadError {
  const places = `looked for ${candidates.join(', ')}`;
  const near = candidates.map((path) => nearFile(files, path)).find((name) => name !== undefined);
  const hint = near === undefined ? places : `did you mean "${near}"? (${places})`;
  return new LoadError(message, { code: 'DROVER_FILE_NOT_FOUND', source, hint });
}

/** A file of a similar name in the same folder. */
function nearFile(files: FileSystem, path: string): string | undefined {
  const folder = dirname(path);
  if (files.kind(folder) !== 'directory') return undefined;
  return nearest(basename(path), files.list(folder));
}
