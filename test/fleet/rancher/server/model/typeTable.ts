/** All resource types, found by id or by the plural in a path. */

import type { Row } from '../store/store.ts';
import { type ApiVersion, namesOf } from './ids.ts';
import type { ResourceType } from './resourceType.ts';

export class TypeTable {
  readonly all: readonly ResourceType[];
  readonly #byId: ReadonlyMap<string, ResourceType>;

  constructor(types: readonly ResourceType[]) {
    this.all = types;
    this.#byId = new Map(types.map((type) => [type.id, type]));
  }

  /** @throws Error for a type nobody defined: a fault of the double. */
  get(id: string): ResourceType {
    const type = this.#byId.get(id);
    if (type === undefined) throw new Error(`no resource type ${id}`);
    return type;
  }

  of(row: Pick<Row, 'type'>): ResourceType {
    return this.get(row.type);
  }

  /** The type behind the name in a URL: plural or singular, in any case. */
  named(name: string, version: ApiVersion): ResourceType | undefined {
    const wanted = name.toLowerCase();
    return this.inVersion(version).find((type) => {
      const names = namesOf(type, version);
      return names.plural.toLowerCase() === wanted || names.id.toLowerCase() === wanted;
    });
  }

  inVersion(version: ApiVersion): readonly ResourceType[] {
    return version === 'v1' ? this.all.filter((type) => type.v1 !== null) : this.all;
  }
}
