/**
 * The order of precedence of variables, in one place. Source of the rule: the list of 22 levels in Ansible's user
 * guide ("Using variables", "Understanding variable precedence"); the numbers in comments are its.
 */
import type { Block, RoleUse, Task, Variables } from '../playbook/model.ts';
import { enclosingBlocks } from '../playbook/searchPath.ts';
import type { HostStore } from './hostStore.ts';
import { type Layer, nodeLayer } from './scope.ts';

/** What one play gives to every task, beside the host's own. */
export interface PlayLayers {
  /** `-e`, level 22. */
  readonly extra: Layer;
  /** `vars`, `vars_prompt`, `vars_files`: levels 12 to 14, the files resolved for this host. */
  readonly play: readonly Layer[];
  /** Roles whose variables the whole play sees, the latest first. */
  readonly roles: readonly RoleLayers[];
  /** Below everything: what answers when no source of variables does. */
  readonly fallback?: Layer | undefined;
}

export interface RoleLayers {
  readonly vars: Layer;
  readonly defaults: Layer;
}

/** What a task brings by its place in the tree; the same for every host, so computed once. */
export interface TaskLayers {
  /** Parameters of includes and of role uses, innermost first: levels 21 and 20. */
  readonly params: readonly Layer[];
  /** `vars:` of the task and its blocks, innermost first: levels 17 and 16. */
  readonly blocks: readonly Layer[];
  /** `vars/` of the roles around it, innermost first: level 15. */
  readonly roleVars: readonly Layer[];
  /** `defaults/` of the roles around it, innermost first: level 2. */
  readonly roleDefaults: readonly Layer[];
}

export interface HostLayers {
  /** Magic variables: above everything, nothing may redefine `inventory_hostname`. */
  readonly magic: Layer;
  readonly store: HostStore;
  /** Inventory and `host_vars`/`group_vars`, already merged for this host: levels 3 to 10. */
  readonly inventory: Layer;
}

/** All layers of a task on a host, highest precedence first. `frames` are the variables of the dynamic includes around it. */
export function layersInOrder(
  host: HostLayers,
  play: PlayLayers,
  task: TaskLayers,
  frames: readonly Layer[],
): Layer[] {
  const { store } = host;
  return [
    host.magic,
    store.layers.factsDict,
    play.extra,
    ...frames,
    ...task.params,
    store.layers.setVars,
    store.layers.includedVars,
    ...task.blocks,
    ...task.roleVars,
    ...play.roles.map((role) => role.vars),
    ...play.play,
    store.layers.facts,
    host.inventory,
    ...task.roleDefaults,
    ...play.roles.map((role) => role.defaults),
    ...(play.fallback === undefined ? [] : [play.fallback]),
  ];
}

/** The layers that `task` gets from itself and the blocks around it. */
export function taskLayers(task: Task | undefined): TaskLayers {
  const params: Layer[] = [];
  const blocks: Layer[] = [];
  const roleVars: Layer[] = [];
  const roleDefaults: Layer[] = [];
  let dependencies: readonly RoleUse[] | undefined;
  pushVars(blocks, task?.keywords.vars);
  for (const block of task === undefined ? [] : enclosingBlocks(task)) {
    const isIncluded = block.origin === 'include' || block.role?.usedBy === 'include';
    pushVars(isIncluded ? params : blocks, block.keywords.vars);
    if (block.role === undefined) continue;
    pushVars(params, block.role.params);
    pushVars(roleVars, block.role.vars);
    pushVars(roleDefaults, block.role.defaults);
    if (dependencies !== undefined) continue;
    dependencies = dependenciesOf(block);
    for (const { vars } of dependencies) pushVars(roleVars, vars);
  }
  for (const { defaults } of dependencies ?? []) pushVars(roleDefaults, defaults);
  return { params, blocks, roleVars, roleDefaults };
}

/**
 * The uses that a role's own `dependencies` make, at any depth, the last first. Their variables are the task's too: `vars` before
 * those of the roles around it, `defaults` after.
 */
function dependenciesOf({ block }: Block): RoleUse[] {
  return block
    .flatMap((item) =>
      item.kind === 'block' && item.role?.usedBy === 'entry'
        ? [...dependenciesOf(item).toReversed(), item.role]
        : [],
    )
    .toReversed();
}

function pushVars(layers: Layer[], variables: Variables | undefined): void {
  if (variables !== undefined && variables.size > 0) layers.push(nodeLayer(variables));
}
