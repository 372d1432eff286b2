/**
 * The modules of the user's project: executables in `library/` and TypeScript in `modules/`, of the role that holds the
 * task, of the roles that use it, beside the playbook, and of the roles met before, as playbooks rely on.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LoadError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import type { Module } from '../module.ts';
import type { Registry } from '../registry.ts';
import { executableModule } from './executable.ts';
import { type ModuleFile, ModuleFolders } from './folders.ts';
import { PythonLibrary } from './pythonLibrary.ts';
import { typescriptModule } from './typescript.ts';

/** Where a task stands; absolute paths. */
export interface ModulePlace {
  readonly roleDirs: readonly string[];
  readonly playbookDir: string;
  /** Where short names are looked for first, as `collections:` has them. */
  readonly collections?: readonly string[];
}

/** Names that stand for our own module, whatever the project has. */
const OWN = /^ansible\.builtin\./;
const LEGACY = /^ansible\.legacy\./;

export interface ProjectModulesOptions {
  /** What relative folders are relative to. */
  readonly cwd: string;
  /** Further folders of executables, as the setting `library` names them. */
  readonly libraryPath: readonly string[];
  /** Folders that hold `ansible_collections/`. */
  readonly collectionsPath: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export class ProjectModules {
  readonly #registry: Registry;
  readonly #options: ProjectModulesOptions;
  readonly #folders = new ModuleFolders();
  readonly #seen = new Set<string>();
  /** Those seen that have modules: few, so that each of many tasks in many roles is cheap to look up. */
  readonly #stocked = new Set<string>();
  readonly #modules = new Map<string, Module>();
  readonly #python: PythonLibrary;

  /** @param registry our own modules. */
  constructor(registry: Registry, options: ProjectModulesOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#python = new PythonLibrary(options.environment);
  }

  /**
   * The module that `name` means at `place`: a project's own wins over ours of the same short name.
   * @throws LoadError when a TypeScript module cannot be loaded.
   */
  find(name: string, { roleDirs, playbookDir, collections = [] }: ModulePlace): Module | undefined {
    const bases = [...roleDirs, playbookDir].map((dir) => resolve(this.#options.cwd, dir));
    for (const base of bases) this.#see(base);
    const fullNames = name.includes('.') ? [name] : collections.map((each) => `${each}.${name}`);
    for (const fullName of fullNames) {
      const found = this.#registry.find(fullName) ?? this.#ofCollection(fullName, bases);
      if (found !== undefined) return found;
    }
    return this.#own(name, bases) ?? this.#registry.find(name);
  }

  /** @throws LoadError as `Registry.get` does, or for one of the project that cannot be loaded. */
  get(name: string, place: ModulePlace, source: Source): Module {
    return this.find(name, place) ?? this.#registry.get(name, source);
  }

  /** Why a module that neither the project nor we have is no mistake, as `Registry.missing` says. */
  missing(name: string): LoadError | undefined {
    return this.#registry.missing(name);
  }

  /** The module that the project brings by that name, or whose full name has it in a collection of the project. */
  findOwn(name: string, { roleDirs, playbookDir }: ModulePlace): Module | undefined {
    const bases = [...roleDirs, playbookDir].map((dir) => resolve(this.#options.cwd, dir));
    for (const base of bases) this.#see(base);
    return this.#own(name, bases) ?? this.#ofCollection(name, bases);
  }

  /** Every name that some task may use. */
  names(): string[] {
    const own = [...this.#seen].flatMap((base) => this.#folders.names(base));
    return [...this.#registry.names(), ...own];
  }

  #see(base: string): void {
    if (this.#seen.has(base)) return;
    this.#seen.add(base);
    if (this.#folders.names(base).length > 0) this.#stocked.add(base);
  }

  #own(name: string, bases: readonly string[]): Module | undefined {
    const short = name.replace(LEGACY, '');
    if (OWN.test(name) || short.includes('.')) return undefined;
    const places = [
      ...[...bases, ...this.#stocked]
        .filter((base) => this.#stocked.has(base))
        .map((base) => ({ base, isLibrary: false })),
      ...this.#options.libraryPath.map((base) => ({ base, isLibrary: true })),
    ];
    for (const place of places) {
      const found = this.#folders.find(short, place);
      if (found !== undefined) return this.#load(short, found, bases);
    }
    return undefined;
  }

  /** A file of `plugins/modules` in a collection of the project, or of the configured folders. */
  #ofCollection(fullName: string, bases: readonly string[]): Module | undefined {
    const [, space, collection, short] = /^(\w+)\.(\w+)\.(\w+)$/.exec(fullName) ?? [];
    if (space === undefined || collection === undefined || short === undefined) return undefined;
    for (const root of this.#collectionRoots(bases)) {
      const base = join(root, 'ansible_collections', space, collection, 'plugins', 'modules');
      const found = this.#folders.find(short, { base, isLibrary: true });
      if (found !== undefined) return this.#load(fullName, found, bases);
    }
    return undefined;
  }

  #collectionRoots(bases: readonly string[]): string[] {
    const { cwd, collectionsPath } = this.#options;
    const ofProject = bases.slice(-1).map((base) => join(base, 'collections'));
    return [...ofProject, ...collectionsPath.map((root) => resolve(cwd, root))];
  }

  #load(name: string, { kind, file }: ModuleFile, bases: readonly string[]): Module {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const module =
      kind === 'executable'
        ? executableModule({
            name,
            file,
            content: readFileSync(file),
            pythonPlaces: () => this.#pythonPlaces(bases),
          })
        : typescriptModule(name, file);
    this.#modules.set(file, module);
    return module;
  }

  #pythonPlaces(bases: readonly string[]) {
    const library = this.#python.folder();
    if (library === undefined) return undefined;
    const ofProject = bases.map((base) => join(base, 'module_utils'));
    return {
      utilityFolders: [...ofProject, join(library, 'ansible', 'module_utils')],
      collectionRoots: [...this.#collectionRoots(bases), library],
    };
  }
}
