/**
 * How families list their modules: names, which are known at once, and definitions, which are loaded when a playbook names
 * them. Loading all would be a third of the work of a short run.
 */
import type { Module } from './module.ts';

/** A definition that is loaded when somebody asks for it. */
export class LoadableModule {
  readonly #load: () => Promise<Module>;
  #loading: Promise<Module> | undefined;
  #loaded: Module | undefined;

  constructor(load: () => Promise<Module>) {
    this.#load = load;
  }

  /** The definition, once `load` has brought it. */
  get loaded(): Module | undefined {
    return this.#loaded;
  }

  /** The definition; the same object each time. */
  async load(): Promise<Module> {
    this.#loading ??= this.#load();
    this.#loaded = await this.#loading;
    return this.#loaded;
  }
}

/** One that drover brings. */
export class ListedModule extends LoadableModule {
  readonly name: string;
  readonly collection: string;
  readonly aliases: readonly string[];

  constructor(fullName: string, load: () => Promise<Module>, aliases: readonly string[]) {
    super(load);
    const dot = fullName.lastIndexOf('.');
    this.collection = fullName.slice(0, dot);
    this.name = fullName.slice(dot + 1);
    this.aliases = aliases;
  }
}

/**
 * @param fullName as `ansible.posix.acl`; @param load imports the file that exports the definition; @param aliases all that the
 * definition has (a test compares them).
 */
export function listed(
  fullName: string,
  load: () => Promise<Module>,
  aliases: readonly string[] = [],
): ListedModule {
  return new ListedModule(fullName, load, aliases);
}

/** The definitions of all, in their order. */
export function loadAll(modules: readonly ListedModule[]): Promise<Module[]> {
  return Promise.all(modules.map((module) => module.load()));
}
