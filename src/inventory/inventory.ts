/**
 * Hosts, groups and their variables as the sources and a run's `add_host`/`group_by` made them. It lives as long as the
 * run; merged variables are computed when they are asked for and kept until something is added.
 */

import type { Value } from '../core/values.ts';
import type { Node } from '../source/node.ts';
import { dataNode, scalarNode } from '../source/node.ts';
import { type Combine, combineReplacing } from './combine.ts';
import { GroupNames } from './groupNames.ts';
import { GroupTree } from './groupTree.ts';

export type Variables = ReadonlyMap<string, Node>;

/** Variables that files in `group_vars/` and `host_vars/` give. */
export interface VarsBeside {
  group(name: string): Variables;
  host(name: string): Variables;
}

export interface InventoryHost {
  readonly name: string;
  /** The source that named it first; undefined for hosts added by the run. */
  readonly source: string | undefined;
  /** Variables from inventory sources and `add_host`. */
  readonly vars: Variables;
}

interface MutableHost {
  readonly name: string;
  readonly source: string | undefined;
  readonly vars: Map<string, Node>;
}

/** No such files. */
export const NO_VARS: VarsBeside = { group: () => new Map(), host: () => new Map() };
const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '::1']);
const NOWHERE = { file: '<inventory>', line: 1, column: 1 };

export class Inventory {
  #tree = new GroupTree();
  #hosts = new Map<string, MutableHost>();
  readonly #merged = new Map<string, Variables>();
  readonly #combine: Combine;
  readonly #groupNames: GroupNames;
  #groupHosts: ReadonlyMap<string, readonly string[]> | undefined;
  #besideInventory: VarsBeside = NO_VARS;
  #besidePlaybook: VarsBeside = NO_VARS;

  /**
   * @param combine how two variables of one name become one (`hash_behaviour`).
   * @param groupNames the names that groups get.
   */
  constructor(
    combine: Combine = combineReplacing,
    groupNames: GroupNames = new GroupNames('ignore'),
  ) {
    this.#combine = combine;
    this.#groupNames = groupNames;
  }

  get tree(): GroupTree {
    return this.#tree;
  }

  /** Becomes `other`, which was read anew (`meta: refresh_inventory`). What the run added is gone. */
  replaceWith(other: Inventory): void {
    this.#tree = other.#tree;
    this.#hosts = other.#hosts;
    this.setVarsBeside(other.#besideInventory, other.#besidePlaybook);
  }

  /** Every host but an implicit localhost, in the order of the groups. */
  get hostNames(): readonly string[] {
    return this.groupHosts().get('all') ?? [];
  }

  get groupNames(): readonly string[] {
    return this.tree.names;
  }

  host(name: string): InventoryHost | undefined {
    return this.#hosts.get(name);
  }

  /** The source that names a host, e.g. for `inventory_file`. */
  sourceOf(host: string): string | undefined {
    return this.#hosts.get(host)?.source;
  }

  /** All groups a host is in, parents and `all` included; sorted by name. */
  groupsOf(host: string): readonly string[] {
    return this.tree.groupsOf(host).toSorted();
  }

  /** Every group with its hosts and those of its children; `all` and `ungrouped` too. */
  groupHosts(): ReadonlyMap<string, readonly string[]> {
    this.#groupHosts ??= new Map(
      this.tree.names.map((group) => [group, this.tree.hostsIn(group)] as const),
    );
    return this.#groupHosts;
  }

  /** A group's own variables from inventory sources. */
  groupVars(group: string): Variables {
    return this.tree.group(group)?.vars ?? new Map();
  }

  /**
   * Merged variables of a host: levels 3 to 10 of the documented precedence. An unknown name that means this machine
   * is the implicit localhost.
   */
  variablesOf(host: string): Variables {
    const known = this.#merged.get(host);
    if (known !== undefined) return known;
    const merged = this.#merge(host);
    this.#merged.set(host, merged);
    return merged;
  }

  /** What sources, and files beside them, say of the host itself: nothing of its groups or of a playbook. */
  ownVariablesOf(host: string): Variables {
    const own = this.#hosts.get(host)?.vars ?? implicitVars(host);
    return this.#combine([own, this.#besideInventory.host(host)]);
  }

  /** As `ownVariablesOf`, of a group. */
  variablesOfGroup(group: string): Variables {
    return this.#combine([this.groupVars(group), this.#besideInventory.group(group)]);
  }

  /** `group_vars/` and `host_vars/` beside the inventory and the playbook; call again for another playbook. */
  setVarsBeside(inventory: VarsBeside, playbook: VarsBeside = this.#besidePlaybook): void {
    this.#besideInventory = inventory;
    this.#besidePlaybook = playbook;
    this.#changed();
  }

  setVarsBesidePlaybook(playbook: VarsBeside): void {
    this.setVarsBeside(this.#besideInventory, playbook);
  }

  /** @param group default: none but `all`, which makes it `ungrouped`. @returns whether the host is new. */
  declareHost(name: string, group?: string, source?: string): boolean {
    const isNew = !this.#hosts.has(name);
    if (isNew) this.#hosts.set(name, { name, source, vars: new Map() });
    this.tree.addHost(name, group && this.#groupNames.of(group));
    this.#changed();
    return isNew;
  }

  addGroup(name: string): void {
    this.tree.addGroup(this.#groupNames.of(name));
    this.#changed();
  }

  /** @throws LoadError when the child is already above the parent. */
  addChild(parent: string, child: string): void {
    this.tree.addChild(this.#groupNames.of(parent), this.#groupNames.of(child));
    this.#changed();
  }

  setHostVar(host: string, name: string, value: Node): void {
    this.#hosts.get(host)?.vars.set(name, value);
    this.#changed();
  }

  setGroupVar(group: string, name: string, value: Node): void {
    this.tree.setVar(this.#groupNames.of(group), name, value);
    this.#changed();
  }

  /** What `add_host` does: creates or changes a host. @returns whether anything changed. */
  addHost(name: string, groups: readonly string[], variables: ReadonlyMap<string, Value>): boolean {
    const before = new Set(this.groupsOf(name));
    const isNew = this.declareHost(name);
    for (const group of groups) this.declareHost(name, group);
    for (const [key, value] of variables) this.setHostVar(name, key, dataNode(value, NOWHERE));
    return isNew || groups.some((group) => !before.has(this.#groupNames.of(group)));
  }

  /** What `group_by` does. @returns whether the host was not in the group before. */
  addToGroup(host: string, group: string, parents: readonly string[]): boolean {
    const wasIn = this.groupsOf(host).includes(this.#groupNames.of(group));
    this.declareHost(host, group);
    for (const parent of parents) if (parent !== 'all') this.addChild(parent, group);
    return !wasIn;
  }

  #changed(): void {
    this.#merged.clear();
    this.#groupHosts = undefined;
  }

  #merge(host: string): Variables {
    const groups = this.tree.inMergeOrder(host);
    const others = groups.filter((group) => group !== 'all');
    return this.#combine([
      ...groups.map((group) => this.groupVars(group)),
      this.#besideInventory.group('all'),
      this.#besidePlaybook.group('all'),
      ...others.map((group) => this.#besideInventory.group(group)),
      ...others.map((group) => this.#besidePlaybook.group(group)),
      this.ownVariablesOf(host),
      this.#besidePlaybook.host(host),
    ]);
  }
}

/** Names of this machine: they match without being in the inventory. */
export function isImplicitLocalhost(name: string): boolean {
  return LOCAL_NAMES.has(name);
}

function implicitVars(host: string): Variables {
  if (!isImplicitLocalhost(host)) return new Map();
  return new Map([['ansible_connection', scalarNode('local', NOWHERE)]]);
}
