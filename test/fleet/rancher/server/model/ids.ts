/** Ids as the API shows them: `1`, the letters of the type, a number (rancher.md B1). */
import type { Row } from '../store/store.ts';
import type { ResourceType } from './resourceType.ts';

export type ApiVersion = 'v1' | 'v2-beta';

export function idOf(type: ResourceType, number: number, version: ApiVersion = 'v2-beta'): string {
  return `1${namesOf(type, version).prefix}${number}`;
}

/** The number in an id; undefined when its letters are not the type's (either version's letters will do). */
export function numberOf(type: ResourceType, id: string): number | undefined {
  const match = /^1([a-z]+)(\d+)$/.exec(id);
  const letters = match?.[1];
  const isOurs = letters === type.prefix || letters === type.v1?.prefix;
  return isOurs ? Number(match?.[2]) : undefined;
}

/** Id, plural and prefix of a type as this version of the API spells them. */
export function namesOf(type: ResourceType, version: ApiVersion) {
  return version === 'v1' && type.v1 ? type.v1 : type;
}

/** The id of the project or account that owns a row. */
export function accountIdOf(row: Pick<Row, 'accountId'>): string | null {
  return row.accountId === null ? null : `1a${row.accountId}`;
}

/** Parses `1a5`, a project's or account's id. */
export function accountNumber(id: string): number | undefined {
  const match = /^1a(\d+)$/.exec(id);
  return match === null ? undefined : Number(match[1]);
}
