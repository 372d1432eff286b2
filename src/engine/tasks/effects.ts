/** Carries out what an action asked of the run: facts, variables, hosts, groups, stats. */
import type { Effect } from '../../core/results.ts';
import type { Value } from '../../core/values.ts';
import { type Node, scalarNode } from '../../source/node.ts';
import type { HostStore } from '../../vars/hostStore.ts';
import type { RunStats } from '../plays/stats.ts';

/** What `add_host` and `group_by` change; it lives as long as the run. */
export interface GrowingInventory {
  addHost(host: string, groups: readonly string[], variables: ReadonlyMap<string, Value>): unknown;
  addToGroup(host: string, group: string, parents: readonly string[]): unknown;
}

type IncludeVars = Extract<Effect, { type: 'includeVars' }>;

export interface EffectTargets {
  /** Inventory name of the host that the task was for. */
  readonly host: string;
  /** Where `set_fact`, `include_vars` and `register` go. */
  readonly store: HostStore;
  /** Where gathered facts go: the delegate's store under `delegate_facts`. */
  readonly factStore: HostStore;
  readonly inventory: GrowingInventory;
  readonly stats: RunStats;
}

export function applyEffects(effects: readonly Effect[], targets: EffectTargets): void {
  for (const effect of effects) applyEffect(effect, targets);
}

function applyEffect(
  effect: Effect,
  { host, store, factStore, inventory, stats }: EffectTargets,
): void {
  switch (effect.type) {
    case 'setFacts':
      factStore.setFacts(effect.facts);
      if (effect.cacheable) factStore.addFacts(effect.facts);
      return;
    case 'hostFacts':
      factStore.addFacts(effect.facts);
      return;
    case 'includeVars':
      store.includeVars(includedVariables(effect), effect.merge === true);
      return;
    case 'addHost':
      inventory.addHost(effect.host, effect.groups, effect.variables);
      return;
    case 'addToGroup':
      inventory.addToGroup(host, effect.group, effect.parents);
      return;
    case 'setStats':
      stats.setCustom(effect.perHost ? host : '_run', effect.stats, effect.aggregate);
      return;
    default:
      effect satisfies never;
  }
}

/** The variables as nodes; under `name` they become one dict. */
function includedVariables(effect: IncludeVars): ReadonlyMap<string, Node> {
  const variables = effect.variables as ReadonlyMap<string, Node>;
  if (effect.name === undefined) return variables;
  const entries = [...variables].map(([key, value]) => ({
    key: scalarNode(key, value.source),
    value,
  }));
  const source = entries[0]?.value.source ?? { file: '<include_vars>', line: 1, column: 1 };
  return new Map([[effect.name, { kind: 'mapping', entries, source }]]);
}
