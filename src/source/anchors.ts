/** The anchors of one document, and how much its aliases stand for: a "billion laughs" is refused, not unfolded. */
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import type { Node } from './node.ts';

/** How many nodes the aliases of one document may stand for; a "billion laughs" passes it at once. */
const MAX_ALIASED_NODES = 200_000;

export interface Anchored {
  readonly node: Node;
  /** Nodes in it, aliases followed. */
  readonly size: number;
}

export class Anchors {
  /** undefined while the anchor's own content is being read. */
  readonly #byName = new Map<string, Anchored | undefined>();
  #aliasedSize = 0;

  begin(name: string): void {
    this.#byName.set(name, undefined);
  }

  end(name: string, anchored: Anchored): void {
    this.#byName.set(name, anchored);
  }

  /** What an alias stands for. @throws LoadError for one that names nothing, itself or too much. */
  resolve(name: string, source: Source): Anchored {
    const anchored = this.#byName.get(name);
    if (anchored === undefined) throw this.#unresolved(name, source);
    this.#aliasedSize += anchored.size;
    if (this.#aliasedSize <= MAX_ALIASED_NODES) return anchored;
    throw new LoadError(`aliases stand for more than ${MAX_ALIASED_NODES} values`, {
      code: 'DROVER_YAML_ALIASES',
      source,
    });
  }

  #unresolved(name: string, source: Source): LoadError {
    const isCycle = this.#byName.has(name);
    return new LoadError(
      isCycle
        ? `alias "*${name}" stands inside the value that it names`
        : `alias "*${name}" names no anchor`,
      {
        code: 'DROVER_YAML_ALIASES',
        source,
        hint: isCycle ? undefined : 'a value that begins with "*" must be quoted',
      },
    );
  }
}
