/** What the iterations of a loop see: each sees the facts that those before it set (`acc: "{{ acc + [item] }}"`). */
import type { Effect } from '../../core/results.ts';
import type { Value } from '../../core/values.ts';
import type { TaskScope } from '../../vars/scope.ts';

export class LoopView {
  readonly #renewed: (learned: ReadonlyMap<string, Value>) => TaskScope;
  #scope: TaskScope;
  #learned: ReadonlyMap<string, Value> = new Map();

  /** @param renewed a fresh scope of the task with facts laid over it: what was evaluated before may depend on them. */
  constructor(scope: TaskScope, renewed: (learned: ReadonlyMap<string, Value>) => TaskScope) {
    this.#scope = scope;
    this.#renewed = renewed;
  }

  get scope(): TaskScope {
    return this.#scope;
  }

  get learned(): ReadonlyMap<string, Value> {
    return this.#learned;
  }

  learn(effects: readonly Effect[]): void {
    const facts = effects.flatMap((effect) =>
      effect.type === 'setFacts' || effect.type === 'hostFacts' ? [...effect.facts] : [],
    );
    if (facts.length === 0) return;
    this.#learned = new Map([...this.#learned, ...facts]);
    this.#scope = this.#renewed(this.#learned);
  }
}
