/**
 * The modules of the user's project: executables in `library/` and TypeScript in `modules/`, of the role that holds the
 * task, of the roles that use it, beside the playbook, and of the roles met before, as playbooks rely on.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LoadError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import { LoadableModule } from '../listed.ts';
import type { Module } from '../module.ts';
import type { Registry } from '../registry.ts';
import { type ModuleFile, ModuleFolders } from './folders.ts';
import { PythonLibrary } from './pythonLibrary.ts';

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
  readonly #modules = new Map<string, LoadableModule>();
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
  async find(name: string, place: ModulePlace): Promise<Module | undefined> {
    return this.#locate(name, place)?.load();
  }

  /** Whether there is a module of that name at `place`. */
  has(name: string, place: ModulePlace): boolean {
    return this.#locate(name, place) !== undefined;
  }

  /** What `find` gives, when the check of this task or another one has loaded it already. */
  findLoaded(name: string, place: ModulePlace): Module | undefined {
    return this.#locate(name, place)?.loaded;
  }

  /** @throws LoadError as `Registry.get` does, or for one of the project that cannot be loaded. */
  async get(name: string, place: ModulePlace, source: Source): Promise<Module> {
    return (await this.find(name, place)) ?? this.#registry.get(name, source).load();
  }

  /** Why a module that neither the project nor we have is no mistake, as `Registry.missing` says. */
  missing(name: string): LoadError | undefined {
    return this.#registry.missing(name);
  }

  /**
   * The module that the project brings by that name, or whose full name has it in a collection of the project.
   * @throws LoadError when a TypeScript module cannot be loaded.
   */
  async findOwn(name: string, place: ModulePlace): Promise<Module | undefined> {
    const bases = this.#basesOf(place);
    return (this.#own(name, bases) ?? this.#ofCollection(name, bases))?.load();
  }

  /** Every name that some task may use. */
  names(): string[] {
    const own = [...this.#seen].flatMap((base) => this.#folders.names(base));
    return [...this.#registry.names(), ...own];
  }

  #locate(name: string, place: ModulePlace): LoadableModule | undefined {
    const { collections = [] } = place;
    const bases = this.#basesOf(place);
    const fullNames = name.includes('.') ? [name] : collections.map((each) => `${each}.${name}`);
    for (const fullName of fullNames) {
      const found = this.#registry.find(fullName) ?? this.#ofCollection(fullName, bases);
      if (found !== undefined) return found;
    }
    return this.#own(name, bases) ?? this.#registry.find(name);
  }

  /** The project's folders that `place` sees, nearest first. */
  #basesOf({ roleDirs, playbookDir }: ModulePlace): readonly string[] {
    const bases = [...roleDirs, playbookDir].map((dir) => resolve(this.#options.cwd, dir));
    for (const base of bases) this.#see(base);
    return bases;
  }

  #see(base: string): void {
    if (this.#seen.has(base)) return;
    this.#seen.add(base);
    if (this.#folders.names(base).length > 0) this.#stocked.add(base);
  }

  #own(name: string, bases: readonly string[]): LoadableModule | undefined {
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
      if (found !== undefined) return this.#moduleIn(found, short, bases);
    }
    return undefined;
  }

  /** A file of `plugins/modules` in a collection of the project, or of the configured folders. */
  #ofCollection(fullName: string, bases: readonly string[]): LoadableModule | undefined {
    const [, space, collection, short] = /^(\w+)\.(\w+)\.(\w+)$/.exec(fullName) ?? [];
    if (space === undefined || collection === undefined || short === undefined) return undefined;
    for (const root of this.#collectionRoots(bases)) {
      const base = join(root, 'ansible_collections', space, collection, 'plugins', 'modules');
      const found = this.#folders.find(short, { base, isLibrary: true });
      if (found !== undefined) return this.#moduleIn(found, fullName, bases);
    }
    return undefined;
  }

  #collectionRoots(bases: readonly string[]): string[] {
    const { cwd, collectionsPath } = this.#options;
    const ofProject = bases.slice(-1).map((base) => join(base, 'collections'));
    return [...ofProject, ...collectionsPath.map((root) => resolve(cwd, root))];
  }

  #moduleIn(file: ModuleFile, name: string, bases: readonly string[]): LoadableModule {
    const known = this.#modules.get(file.file);
    if (known !== undefined) return known;
    const module = new LoadableModule(() => this.#load(file, name, bases));
    this.#modules.set(file.file, module);
    return module;
  }

  async #load({ kind, file }: ModuleFile, name: string, bases: readonly string[]): Promise<Module> {
    if (kind === 'typescript') {
      return (await import('./typescript.ts')).typescriptModule(name, file);
    }
    const { executableModule } = await import('./executable.ts');
    const pythonPlaces = () => this.#pythonPlaces(bases);
    return executableModule({ name, file, content: readFileSync(file), pythonPlaces });
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
