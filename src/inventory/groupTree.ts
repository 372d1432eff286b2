/** Groups, their children and hosts. `all` is above every group; a host in no other group is in `ungrouped`. */
import { LoadError } from '../core/errors.ts';
import type { Node } from '../source/node.ts';

export interface Group {
  readonly name: string;
  readonly hosts: ReadonlySet<string>;
  readonly children: ReadonlySet<string>;
  readonly parents: ReadonlySet<string>;
  readonly vars: ReadonlyMap<string, Node>;
}

interface MutableGroup {
  readonly name: string;
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly parents: Set<string>;
  readonly vars: Map<string, Node>;
}

const ALL = 'all';
const UNGROUPED = 'ungrouped';
const PRIORITY = 'ansible_group_priority';

export class GroupTree {
  readonly #groups = new Map<string, MutableGroup>();
  /** The groups that name a host. */
  readonly #groupsOfHost = new Map<string, Set<string>>();
  readonly #depths = new Map<string, number>();
  readonly #priorities = new Map<string, number>();

  constructor() {
    this.addGroup(ALL);
    this.addGroup(UNGROUPED);
  }

  get names(): readonly string[] {
    return [...this.#groups.keys()];
  }

  group(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  addGroup(name: string): void {
    this.#mutable(name);
  }

  /** `ansible_group_priority` orders the group and is no variable. */
  setVar(group: string, name: string, value: Node): void {
    if (name === PRIORITY) this.#priorities.set(group, priorityOf(value));
    else this.#mutable(group).vars.set(name, value);
  }

  /** @throws LoadError when `child` is already above `parent`. */
  addChild(parent: string, child: string): void {
    const above = this.#mutable(parent);
    const below = this.#mutable(child);
    if (child === parent || this.#ancestors([parent]).has(child)) throw cycle(parent, child);
    above.children.add(child);
    below.parents.add(parent);
    this.#depths.clear();
  }

  /** @param group absent: the host exists, in no group of its own. */
  addHost(host: string, group?: string): void {
    const groups = this.#groupsOfHost.get(host) ?? new Set<string>();
    this.#groupsOfHost.set(host, groups);
    const wanted = group ?? ALL;
    groups.add(wanted);
    this.#mutable(wanted).hosts.add(host);
  }

  /** All groups of a host with those above them and `all`, in no particular order. */
  groupsOf(host: string): readonly string[] {
    const own = this.#groupsOfHost.get(host);
    if (own === undefined) return [];
    const isUngrouped = [...own].every((group) => group === ALL || group === UNGROUPED);
    const named = [...own].filter((group) => group !== UNGROUPED && group !== ALL);
    return [...this.#ancestors(isUngrouped ? [UNGROUPED] : named), ALL].filter(isFirst);
  }

  /** Hosts of a group and the groups below it, level by level, each once. */
  hostsIn(name: string): readonly string[] {
    const hosts = new Set<string>();
    for (const group of this.#descendants(name)) {
      for (const host of this.ownHosts(group)) hosts.add(host);
    }
    return [...hosts];
  }

  /** The groups below a group, itself first, level by level. */
  #descendants(name: string): readonly string[] {
    const seen = new Set([name]);
    for (const group of seen) for (const child of this.childrenOf(group)) seen.add(child);
    return [...seen];
  }

  /** Direct children; groups without a parent are children of `all`. */
  childrenOf(name: string): readonly string[] {
    const children = [...(this.#groups.get(name)?.children ?? [])];
    if (name !== ALL) return children;
    const orphans = [...this.#groups.values()].filter(
      ({ name: group, parents }) => group !== ALL && parents.size === 0,
    );
    return [UNGROUPED, ...children, ...orphans.map((group) => group.name)].filter(isFirst);
  }

  /** Hosts that the group names itself, with `ungrouped` meaning what it says. */
  ownHosts(name: string): readonly string[] {
    if (name !== UNGROUPED) return [...(this.#groups.get(name)?.hosts ?? [])];
    return [...this.#groupsOfHost.keys()].filter((host) => this.groupsOf(host).includes(UNGROUPED));
  }

  /** The order in which a host's groups are merged: `all` first, then by depth, `ansible_group_priority` and name; later wins. */
  inMergeOrder(host: string): readonly string[] {
    const groups = this.groupsOf(host).filter((group) => group !== ALL);
    return [ALL, ...groups.toSorted((a, b) => this.#compare(a, b))];
  }

  #compare(a: string, b: string): number {
    const byDepth = this.depth(a) - this.depth(b);
    const byPriority = this.priority(a) - this.priority(b);
    return byDepth || byPriority || (a < b ? -1 : 1);
  }

  /** The longest way up to `all`. */
  depth(name: string): number {
    const known = this.#depths.get(name);
    if (known !== undefined) return known;
    const parents = [...(this.#groups.get(name)?.parents ?? [])];
    const depth =
      name === ALL ? 0 : 1 + Math.max(0, ...parents.map((parent) => this.depth(parent)));
    this.#depths.set(name, depth);
    return depth;
  }

  /** Default 1. */
  priority(name: string): number {
    return this.#priorities.get(name) ?? 1;
  }

  #ancestors(groups: readonly string[]): ReadonlySet<string> {
    const seen = new Set(groups);
    for (const group of seen) {
      for (const parent of this.#groups.get(group)?.parents ?? []) seen.add(parent);
    }
    return seen;
  }

  #mutable(name: string): MutableGroup {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group: MutableGroup = {
      name,
      hosts: new Set(),
      children: new Set(),
      parents: new Set(),
      vars: new Map(),
    };
    this.#groups.set(name, group);
    return group;
  }
}

function isFirst(name: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(name) === index;
}

function cycle(parent: string, child: string): LoadError {
  return new LoadError(`group "${child}" cannot be a child of "${parent}", it is above it`, {
    code: 'DROVER_GROUP_CYCLE',
  });
}

function priorityOf(node: Node): number {
  const value = node.kind === 'scalar' || node.kind === 'data' ? Number(node.value) : Number.NaN;
  return Number.isInteger(value) ? value : 1;
}
