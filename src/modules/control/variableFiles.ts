/** The files of a directory that `include_vars` reads. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ModuleError } from '../../core/errors.ts';
import { pythonRegex } from '../../core/pythonRegex.ts';

export interface FileChoice {
  /** Levels of directories; 0 for all. */
  readonly depth: number;
  readonly files_matching?: string | undefined;
  readonly ignore_files: readonly string[];
  readonly extensions: readonly string[];
  readonly ignore_unknown_extensions: boolean;
}

/** Depth first: a directory's own files by name, then those of its directories. @throws ModuleError for an unknown extension. */
export async function variableFiles(
  directory: string,
  choice: FileChoice,
  level = 1,
): Promise<string[]> {
  const entries = (await entriesOf(directory)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const files = names.filter((name) => isChosen(name, directory, choice));
  const found = files.map((name) => path.join(directory, name));
  if (choice.depth !== 0 && level >= choice.depth) return found;
  for (const entry of entries.filter((each) => each.isDirectory())) {
    found.push(...(await variableFiles(path.join(directory, entry.name), choice, level + 1)));
  }
  return found;
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const isFile = error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
    throw isFile ? new ModuleError(`${directory} is not a directory`, { cause: error }) : error;
  }
}

function isChosen(name: string, directory: string, choice: FileChoice): boolean {
  const { files_matching: pattern, ignore_files: ignored, extensions } = choice;
  if (name.startsWith('.')) return false;
  if (ignored.some((expression) => pythonRegex(`(?:${expression})$`, {}, true).test(name)))
    return false;
  if (pattern !== undefined && !pythonRegex(pattern).test(name)) return false;
  if (extensions.some((extension) => name.endsWith(`.${extension}`))) return true;
  if (choice.ignore_unknown_extensions) return false;
  throw new ModuleError(
    `${path.join(directory, name)} does not have a valid extension: ${extensions.join(', ')}`,
    { hint: 'ignore_unknown_extensions leaves such files out' },
  );
}
