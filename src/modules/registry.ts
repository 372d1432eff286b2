/**
 * The modules of a run, by every name that playbooks give them. The composition root builds it from explicit lists;
 * the engine and the linter look modules up in it.
 */
import { LoadError } from '../core/errors.ts';
import { didYouMean, nearest } from '../core/nearest.ts';
import type { Source } from '../core/source.ts';
import { collectionOf, isListed } from './collections.ts';
import type { ListedModule } from './listed.ts';
import type { Module } from './module.ts';

export const BUILTIN_COLLECTION = 'ansible.builtin';

const RUNS_NOT = 'a task that runs it fails';
const ROUTED = /^ansible\.(?:builtin|legacy)\./;

export class Registry {
  readonly #byName = new Map<string, ListedModule>();
  readonly #modules: readonly ListedModule[];

  /** @throws Error when two modules claim one name: a mistake in the lists, not of the user. */
  constructor(modules: readonly ListedModule[]) {
    this.#modules = modules;
    for (const module of modules) this.#add(module);
  }

  /** The module that answers to a short or full name or to an alias. Ansible's own names lead to its collections' modules too. */
  find(name: string): ListedModule | undefined {
    return this.#byName.get(name) ?? this.#byName.get(name.replace(ROUTED, ''));
  }

  /**
   * @throws LoadError: DROVER_MISSING_MODULE for one of a collection, DROVER_UNKNOWN_MODULE, which names the nearest, for
   * one that nobody has.
   */
  get(name: string, source?: Source): ListedModule {
    const module = this.find(name);
    if (module !== undefined) return module;
    throw this.missing(name, source) ?? this.#unknown(name, source);
  }

  /** Why a module that a collection has cannot run here; undefined for ours and for misspelled ones. */
  missing(name: string, source?: Source): LoadError | undefined {
    const collection = this.find(name) === undefined ? collectionOf(name) : undefined;
    if (collection === undefined || this.#isMisspelled(name, collection)) return undefined;
    const origin = name.startsWith(`${collection}.`) ? '' : ` of ${collection}`;
    return new LoadError(`drover does not have the module "${name}"${origin}`, {
      code: 'DROVER_MISSING_MODULE',
      source,
      hint: name.includes('.')
        ? RUNS_NOT
        : `${RUNS_NOT}; one of that name in library/ or modules/ takes its place`,
    });
  }

  /** Whether a full name is nearly that of one of ours, and nothing else. */
  #isMisspelled(name: string, collection: string): boolean {
    if (!name.startsWith(`${collection}.`) || isListed(name)) return false;
    const ours = this.#modules.filter((module) => module.collection === collection);
    const short = name.slice(collection.length + 1);
    return (
      nearest(
        short,
        ours.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
      ) !== undefined
    );
  }

  #unknown(name: string, source: Source | undefined): LoadError {
    return new LoadError(`unknown module "${name}"`, {
      code: 'DROVER_UNKNOWN_MODULE',
      source,
      hint:
        didYouMean(name, this.#byName.keys()) ?? 'drover doc --list shows the modules there are',
    });
  }

  /** Every name that some module answers to. */
  names(): Iterable<string> {
    return this.#byName.keys();
  }

  /** All modules, once each, by name. */
  all(): readonly ListedModule[] {
    return [...this.#modules].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #add(module: ListedModule): void {
    for (const name of namesOf(module)) {
      const other = this.#byName.get(name);
      if (other !== undefined) {
        throw new Error(`modules ${other.name} and ${module.name} are both called ${name}`);
      }
      this.#byName.set(name, module);
    }
  }
}

/** Every name a playbook may use for it: short, full, and each alias (a short alias also with the collection). */
export function namesOf(
  module: Pick<Module, 'name' | 'collection' | 'aliases'>,
): ReadonlySet<string> {
  const collection = module.collection ?? BUILTIN_COLLECTION;
  const names = [module.name, ...(module.aliases ?? [])];
  return new Set(
    names.flatMap((name) => {
      if (name.includes('.')) return [name];
      const full = [name, `${collection}.${name}`];
      return collection === BUILTIN_COLLECTION ? [...full, `ansible.legacy.${name}`] : full;
    }),
  );
}

/** `ansible.builtin.copy`. */
export function fullName(module: Pick<Module, 'name' | 'collection'>): string {
  return `${module.collection ?? BUILTIN_COLLECTION}.${module.name}`;
}
