/** What a run learns about one host: facts, `set_fact`, `include_vars` and registered results. */
import type { Value } from '../core/values.ts';
import type { Node } from '../source/node.ts';
import { dataLayer, type Layer, nodeLayer } from './scope.ts';

const PREFIX = 'ansible_';

export class HostStore {
  /** Facts by their names as variables (`ansible_distribution`, `services`). Precedence 11. */
  readonly #facts = new Map<string, Value>();
  /** The same as `ansible_facts` shows them, without the prefix. */
  readonly #factsDict = new Map<Value, Value>();
  readonly #includedVars = new Map<string, Node>();
  /** `set_fact` and `register`, precedence 19; the later of the two wins. */
  readonly #setVars = new Map<string, Value>();
  /** What `set_fact: cacheable` and facts leave to a facts cache. */
  readonly layers = {
    facts: dataLayer(this.#facts),
    factsDict: dataLayer(new Map([['ansible_facts', this.#factsDict as Value]])),
    includedVars: nodeLayer(this.#includedVars),
    setVars: dataLayer(this.#setVars),
  } satisfies Record<string, Layer>;

  /** @param facts names as modules return them, with or without `ansible_`. */
  addFacts(facts: ReadonlyMap<string, Value>): void {
    for (const [name, value] of facts) {
      this.#facts.set(name, value);
      this.#factsDict.set(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name, value);
    }
  }

  clearFacts(): void {
    this.#facts.clear();
    this.#factsDict.clear();
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
      this.#includedVars.set(name, known === undefined ? node : mergedNodes(known, node));
    }
  }

  /** Facts without their prefix, as modules take them. */
  get facts(): ReadonlyMap<string, Value> {
    return this.#factsDict as ReadonlyMap<string, Value>;
  }

  get hasFacts(): boolean {
    return this.#facts.size > 0;
  }
}

/** Mappings joined key by key, at every depth, `later` winning; anything else is replaced. */
function mergedNodes(earlier: Node, later: Node): Node {
  if (earlier.kind !== 'mapping' || later.kind !== 'mapping') return later;
  const entries = new Map(earlier.entries.map((entry) => [entry.key.value, entry]));
  for (const entry of later.entries) {
    const known = entries.get(entry.key.value);
    const value = known === undefined ? entry.value : mergedNodes(known.value, entry.value);
    entries.set(entry.key.value, { key: entry.key, value });
  }
  return { ...later, entries: [...entries.values()] };
}
