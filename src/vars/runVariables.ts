/** Puts together what each task sees: the run's own facts, the inventory, what hosts told, and where the task stands. */
import type { Value } from '../core/values.ts';
import type { Play, RoleUse, Task, Variables } from '../playbook/model.ts';
import type { Node } from '../source/node.ts';
import type { SearchPath } from '../template/scope.ts';
import type { FactCache } from './factCache.ts';
import { HostStore } from './hostStore.ts';
import { LazyDict } from './lazyDict.ts';
import {
  hostMagic,
  type PlayHosts,
  playMagic,
  type RunFacts,
  runMagic,
  taskMagic,
} from './magic.ts';
import {
  layersInOrder,
  type PlayLayers,
  type RoleLayers,
  type TaskLayers,
  taskLayers,
} from './precedence.ts';
import { type EvaluateNode, type Layer, lazyLayer, nodeLayer, VariableScope } from './scope.ts';

/** What variables need of the inventory. */
export interface VariableInventory {
  readonly hostNames: readonly string[];
  /** Merged variables of a host: levels 3 to 10. */
  variablesOf(host: string): Variables;
  /** All groups a host is in, parents included, `all` too; sorted by name. */
  groupsOf(host: string): readonly string[];
  /** Every group with its hosts, `all` and `ungrouped` too. */
  groupHosts(): ReadonlyMap<string, readonly string[]>;
  /** The inventory file that names a host. */
  sourceOf(host: string): string | undefined;
}

export interface RunVariablesOptions {
  readonly inventory: VariableInventory;
  readonly evaluate: EvaluateNode;
  readonly extraVars: Variables;
  readonly facts: RunFacts;
  /** `hash_behaviour = merge`. */
  readonly mergesDicts?: boolean;
  /** Keeps facts for later runs; without it they end with this one. */
  readonly factCache?: FactCache | undefined;
  /** Where the templates of a task, or of no task, search for files. */
  readonly searchPath: (task: Task | undefined) => SearchPath;
}

export class RunVariables {
  readonly #options: RunVariablesOptions;
  readonly #stores = new Map<string, HostStore>();
  readonly #taskLayers = new WeakMap<Task, TaskLayers>();
  readonly #extra: Layer;

  constructor(options: RunVariablesOptions) {
    this.#options = options;
    this.#extra = nodeLayer(options.extraVars);
  }

  store(host: string): HostStore {
    const store = this.#stores.get(host) ?? new HostStore(this.#options.factCache?.ofHost(host));
    this.#stores.set(host, store);
    return store;
  }

  /** Variables of one play; alive until the play ends. */
  forPlay(play: Play, name: string, hosts: PlayHosts): PlayVariables {
    return new PlayVariables(this, play, name, hosts);
  }

  /**
   * What a play's own keywords see (`hosts`, `serial`, `strategy`): no host, so no host's variables.
   * @param prompted answers of its `vars_prompt`, once they are there.
   */
  playScope(play: Play, ...prompted: readonly Layer[]): VariableScope {
    const magic = lazyLayer({
      ...runMagic(this.#options.facts),
      hostvars: () => this.#hostvars(),
      groups: () => this.#groups(),
    });
    const vars = nodeLayer(play.keywords.vars ?? new Map());
    return new VariableScope([magic, this.#extra, ...prompted, vars], this.#options.evaluate);
  }

  /** What `hostvars[host]` shows: everything known of a host outside of any play. */
  hostScope(host: string): VariableScope {
    return this.scope(host, undefined, { extra: this.#extra, play: [], roles: [] }, [], {});
  }

  /** @internal */
  get evaluate(): EvaluateNode {
    return this.#options.evaluate;
  }

  /** @internal */
  get extra(): Layer {
    return this.#extra;
  }

  /** @internal `more` are magic variables of the play. */
  scope(
    host: string,
    task: Task | undefined,
    play: PlayLayers,
    frames: readonly Layer[],
    more: Record<string, () => Value | undefined>,
  ): VariableScope {
    const { inventory, evaluate, facts, searchPath, mergesDicts } = this.#options;
    const places = searchPath(task);
    const own = task === undefined ? {} : taskMagic(task, () => places('files'));
    const vars: () => Value = () =>
      new LazyDict(
        () => scope.names(),
        (name) => scope.lookup(name),
      );
    const magic = lazyLayer({
      ...runMagic(facts),
      ...more,
      ...hostMagic(host, inventory),
      ...own,
      hostvars: () => this.#hostvars(),
      groups: () => this.#groups(),
      vars,
    });
    const hostLayers = {
      magic,
      store: this.store(host),
      inventory: nodeLayer(inventory.variablesOf(host)),
    };
    const scope = new VariableScope(
      layersInOrder(hostLayers, play, this.#layersOf(task), frames),
      evaluate,
      places,
      mergesDicts,
    );
    return scope;
  }

  #layersOf(task: Task | undefined): TaskLayers {
    if (task === undefined) return taskLayers(undefined);
    const layers = this.#taskLayers.get(task) ?? taskLayers(task);
    this.#taskLayers.set(task, layers);
    return layers;
  }

  #hostvars(): Value {
    return new LazyDict(
      () => this.#options.inventory.hostNames,
      (host) => this.#hostVariables(host),
    );
  }

  #hostVariables(host: string): Value | undefined {
    const isKnown = this.#options.inventory.hostNames.includes(host) || this.#stores.has(host);
    if (!isKnown) return undefined;
    const scope = this.hostScope(host);
    return new LazyDict(
      () => withoutSelf(scope.names()),
      (name) => scope.lookup(name),
    );
  }

  #groups(): Value {
    const groups = this.#options.inventory.groupHosts();
    return new Map([...groups].map(([name, hosts]) => [name, [...hosts]]));
  }
}

/** `hostvars` and `vars` would make a dict of all variables endless. */
function* withoutSelf(names: Iterable<string>): Iterable<string> {
  for (const name of names) if (name !== 'hostvars' && name !== 'vars') yield name;
}

export class PlayVariables {
  readonly #run: RunVariables;
  readonly #play: Play;
  readonly #name: string;
  readonly #hosts: PlayHosts;
  readonly #roles: RoleUse[] = [];
  #roleLayers: readonly RoleLayers[] = [];
  #vars: readonly Layer[];
  readonly #files = new Map<string, readonly Layer[]>();

  constructor(run: RunVariables, play: Play, name: string, hosts: PlayHosts) {
    this.#run = run;
    this.#play = play;
    this.#name = name;
    this.#hosts = hosts;
    this.#vars = [nodeLayer(play.keywords.vars ?? new Map())];
  }

  /** Makes the variables of a role seen by the whole play: all static uses, and includes with `public`. */
  addRole(use: RoleUse): void {
    this.#roles.push(use);
    const vars = use.exported.size === 0 ? use.vars : new Map([...use.exported, ...use.vars]);
    const layers = { vars: nodeLayer(vars), defaults: nodeLayer(use.defaults) };
    this.#roleLayers = [layers, ...this.#roleLayers];
  }

  /** Answers of `vars_prompt`: level 13. */
  addPrompted(layer: Layer): void {
    this.#vars = [layer, ...this.#vars];
  }

  /** Variables of the play's `vars_files` for one host, the last file first: level 14. */
  setFiles(host: string, layers: readonly Layer[]): void {
    this.#files.set(host, layers);
  }

  /**
   * @param frames variables of the dynamic includes around the task, innermost first.
   * @param fallback answers where nothing else does.
   */
  scope(host: string, task?: Task, frames: readonly Layer[] = [], fallback?: Layer): VariableScope {
    const layers: PlayLayers = {
      extra: this.#run.extra,
      play: [...(this.#files.get(host) ?? []), ...this.#vars],
      roles: this.#roleLayers,
      fallback,
    };
    const magic = playMagic(this.#play, this.#name, this.#hosts, this.#roles);
    return this.#run.scope(host, task, layers, frames, magic);
  }

  /** One node evaluated as a task sees it. */
  evaluate(node: Node, host: string, task?: Task, frames: readonly Layer[] = []): Value {
    return this.#run.evaluate(node, this.scope(host, task, frames));
  }

  store(host: string): HostStore {
    return this.#run.store(host);
  }
}
