/** What a run learns about one host: facts, `set_fact`, `include_vars` and registered results. */
import type { Value } from '../core/values.ts';
import { mergeNodes } from '../source/mergeNodes.ts';
import type { Node } from '../source/node.ts';
import { dataLayer, type Layer, nodeLayer } from './scope.ts';

const PREFIX = 'ansible_';

/** One host's place in a facts cache. */
export interface HostFactCache {
  read(): ReadonlyMap<string, Value>;
  write(facts: ReadonlyMap<string, Value>): void;
  forget(): void;
}

/** `ansible_local` alone keeps its prefix: what `facts.d` holds are names of the user's. */
function factName(name: string): string {
  const isPrefixed = name.startsWith(PREFIX) && name !== 'ansible_local';
  return isPrefixed ? name.slice(PREFIX.length) : name;
}

export class HostStore {
  /** Facts by their names as variables (`ansible_distribution`, `services`). Precedence 11. */
  readonly #facts = new Map<string, Value>();
  /** The same as `ansible_facts` shows them, without the prefix. */
  readonly #factsDict = new Map<Value, Value>();
  readonly #includedVars = new Map<string, Node>();
  /** `set_fact` and `register`, precedence 19; the later of the two wins. */
  readonly #setVars = new Map<string, Value>();
  readonly layers = {
    facts: dataLayer(this.#facts),
    factsDict: dataLayer(new Map([['ansible_facts', this.#factsDict as Value]])),
    includedVars: nodeLayer(this.#includedVars),
    setVars: dataLayer(this.#setVars),
  } satisfies Record<string, Layer>;

  readonly #cache: HostFactCache | undefined;

  /** @param cache where facts outlive the run; what it holds is known from the start. */
  constructor(cache?: HostFactCache) {
    this.#cache = cache;
    this.#learn(cache?.read() ?? new Map());
  }

  /** @param facts names as modules return them, with or without `ansible_`. */
  addFacts(facts: ReadonlyMap<string, Value>): void {
    this.#learn(facts);
    this.#cache?.write(this.#facts);
  }

  clearFacts(): void {
    this.#facts.clear();
    this.#factsDict.clear();
    this.#cache?.forget();
  }

  #learn(facts: ReadonlyMap<string, Value>): void {
    for (const [name, value] of facts) {
      this.#facts.set(name, value);
      this.#factsDict.set(factName(name), value);
    }
  }

  setFacts(values: ReadonlyMap<string, Value>): void {
    for (const [name, value] of values) this.#setVars.set(name, value);
  }

  register(name: string, result: Value): void {
    this.#setVars.set(name, result);
  }

  /** @param merge whether dicts join those of an earlier include by the same name instead of replacing them. */
  includeVars(variables: ReadonlyMap<string, Node>, merge = false): void {
    for (const [name, node] of variables) {
      const known = merge ? this.#includedVars.get(name) : undefined;
      this.#includedVars.set(name, known === undefined ? node : mergeNodes(known, node));
    }
  }

  /** Facts without their prefix, as modules take them. */
  get facts(): ReadonlyMap<string, Value> {
    return this.#factsDict as ReadonlyMap<string, Value>;
  }

  /** Whether `setup` was asked, in this run or an earlier one; facts that tasks set do not count. */
  get hasFacts(): boolean {
    return this.#factsDict.has('gather_subset');
  }
}
