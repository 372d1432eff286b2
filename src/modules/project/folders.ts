/** Files of a project that are modules: `library/NAME` or `library/NAME.EXT`, and `modules/NAME.ts`. */
import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

/** What lies beside modules without being one. */
const NO_MODULES = new Set(
  [
    'pyc',
    'pyo',
    'md',
    'txt',
    'rst',
    'yml',
    'yaml',
    'json',
    'ini',
    'cfg',
    'bak',
    'orig',
    'swp',
    'ps1',
  ].map((extension) => `.${extension}`),
);
const TYPESCRIPT = new Set(['.ts', '.mts', '.js', '.mjs']);

export interface ModuleFile {
  readonly kind: 'executable' | 'typescript';
  /** Absolute. */
  readonly file: string;
}

/** Reads each folder once: a run asks for every task. */
export class ModuleFolders {
  readonly #known = new Map<string, ReadonlyMap<string, ModuleFile>>();

  /** The module `name` of a project, role or plain module folder. */
  find(
    name: string,
    { base, isLibrary }: { base: string; isLibrary: boolean },
  ): ModuleFile | undefined {
    if (isLibrary) return this.#files(base, 'executable').get(name);
    return (
      this.#files(join(base, 'library'), 'executable').get(name) ??
      this.#files(join(base, 'modules'), 'typescript').get(name)
    );
  }

  /** Names of the modules of a project or role. */
  names(base: string): string[] {
    return [
      ...this.#files(join(base, 'library'), 'executable').keys(),
      ...this.#files(join(base, 'modules'), 'typescript').keys(),
    ];
  }

  #files(folder: string, kind: ModuleFile['kind']): ReadonlyMap<string, ModuleFile> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const files = moduleFiles(folder, kind);
    this.#known.set(folder, files);
    return files;
  }
}

/** By name; a file further up wins over one of the same name in a folder below, a name without extension over one with. */
function moduleFiles(folder: string, kind: ModuleFile['kind']): ReadonlyMap<string, ModuleFile> {
  const files = new Map<string, ModuleFile>();
  const entries = entriesOf(folder);
  const plain = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  for (const file of plain.filter((name) => isModule(name, kind)).sort()) {
    const name = basename(file, extname(file));
    if (!files.has(name)) files.set(name, { kind, file: join(folder, file) });
  }
  if (kind === 'typescript') return files;
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
    for (const [module, file] of moduleFiles(join(folder, name), kind)) {
      if (!files.has(module)) files.set(module, file);
    }
  }
  return files;
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function isModule(file: string, kind: ModuleFile['kind']): boolean {
  if (file.startsWith('.') || file.startsWith('_') || file.endsWith('~')) return false;
  if (kind === 'executable') return !NO_MODULES.has(extname(file));
  return TYPESCRIPT.has(extname(file)) && !/\.(?:d|test|spec)\.\w+$/.test(file);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
