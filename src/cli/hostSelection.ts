/** Which hosts a pattern means, under `--limit`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LoadError, type Warning } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Source } from '../core/source.ts';
import { limitHosts, matchHosts } from '../inventory/hostPattern.ts';
import { type Inventory, isImplicitLocalhost } from '../inventory/inventory.ts';

export interface HostSelectionOptions {
  readonly inventory: Inventory;
  /** As `--limit` gives it. */
  readonly limit: string | undefined;
  /** Where `@FILE` of a limit begins. */
  readonly cwd: string;
  readonly warn: (warning: Warning) => void;
}

export class HostSelection {
  readonly #options: HostSelectionOptions;

  constructor(options: HostSelectionOptions) {
    this.#options = options;
  }

  /** @throws LoadError when the limit leaves no host of the whole inventory. */
  requireAny(): void {
    const { inventory, limit } = this.#options;
    if (limit === undefined || inventory.hostNames.length === 0) return;
    if (this.limited(inventory.hostNames).length > 0) return;
    throw new LoadError(`--limit ${limit} leaves no host`, {
      code: 'DROVER_NO_HOSTS',
      hint: 'run with --list-hosts and without --limit to see the hosts there are',
    });
  }

  /** Hosts of a pattern that the limit leaves, in inventory order. @param source where the pattern stands. */
  matching(pattern: string | readonly string[], source?: Source): readonly string[] {
    const { hosts, warnings } = matchHosts(this.#options.inventory, pattern, source);
    for (const warning of warnings) this.#options.warn(warning);
    return this.limited(hosts);
  }

  /** Those of `hosts` that the limit leaves. */
  limited(hosts: readonly string[]): readonly string[] {
    const { inventory, limit, cwd, warn } = this.#options;
    if (limit === undefined) return hosts;
    const readLines = (file: string) => readFileSync(resolve(cwd, file), 'utf8').split('\n');
    const limited = limitHosts(inventory, hosts, limit, readLines);
    for (const warning of limited.warnings) warn(warning);
    return limited.hosts;
  }

  /** @throws LoadError for a host that the inventory does not name, unless it is this machine. */
  require(name: string): void {
    const { inventory } = this.#options;
    if (inventory.host(name) !== undefined || isImplicitLocalhost(name)) return;
    throw new LoadError(`no host "${name}" in the inventory`, {
      code: 'DROVER_UNKNOWN_HOST',
      hint: didYouMean(name, inventory.hostNames),
    });
  }
}
