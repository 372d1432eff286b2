/** What of an inventory is shown: which hosts, and which variables stand at a host or at a group. */
import type { Inventory, Variables } from '../../inventory/inventory.ts';

export class ShownInventory {
  readonly inventory: Inventory;
  readonly #extraVars: Variables;
  readonly #isExport: boolean;
  readonly #hosts: ReadonlySet<string>;

  /**
   * @param isExport variables stay where they were written, instead of being merged at each host.
   * @param hosts those that `--limit` leaves.
   */
  constructor(
    inventory: Inventory,
    {
      extraVars,
      isExport,
      hosts,
    }: {
      readonly extraVars: Variables;
      readonly isExport: boolean;
      readonly hosts: readonly string[];
    },
  ) {
    this.inventory = inventory;
    this.#extraVars = extraVars;
    this.#isExport = isExport;
    this.#hosts = new Set(hosts);
  }

  get isExport(): boolean {
    return this.#isExport;
  }

  /** Hosts that the group itself names. */
  hostsOf(group: string): readonly string[] {
    return this.inventory.tree.ownHosts(group).filter((host) => this.#hosts.has(host));
  }

  childrenOf(group: string): readonly string[] {
    return this.inventory.tree.childrenOf(group);
  }

  hostVars(host: string): Variables {
    if (this.#isExport) return this.inventory.ownVariablesOf(host);
    return new Map([...this.inventory.variablesOf(host), ...this.#extraVars]);
  }

  groupVars(group: string): Variables {
    return this.inventory.variablesOfGroup(group);
  }
}
