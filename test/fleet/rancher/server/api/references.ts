/** Checks that need the other rows: names that must be unique, ids that must lead somewhere. */
import { numberOf } from '../model/ids.ts';
import { asText, type Fields } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import type { Row } from '../store/store.ts';
import { invalid } from './errors.ts';

const goneStates = new Set(['removing', 'removed', 'purging', 'purged']);

export function isGone(row: Row): boolean {
  return row.removed !== null || goneStates.has(row.state);
}

/** @throws ApiError NotUnique. `self` is the row being updated. */
export async function checkUnique(type: ResourceType, input: Fields, call: Call, self?: Row) {
  for (const [name, field] of Object.entries(type.fields)) {
    if (field.unique === undefined || typeof input[name] !== 'string') continue;
    const siblings = (await call.world.store.list(type.table)).filter(
      (row) => row.number !== self?.number && !isGone(row) && row.type === type.id,
    );
    const isSameScope = (row: Row) =>
      field.unique === 'everywhere' || row.accountId === call.accountId;
    const isTaken = siblings.some((row) => isSameScope(row) && row.fields[name] === input[name]);
    if (isTaken) throw invalid('NotUnique', name);
  }
}

/** @throws ApiError InvalidReference, or InvalidState when the row it names was removed. */
export async function checkReferences(type: ResourceType, input: Fields, call: Call) {
  for (const [name, field] of Object.entries(type.fields)) {
    const id = asText(input[name]);
    if (field.reference === undefined || id === undefined) continue;
    const row = await referenced(field.reference, id, call);
    if (row === undefined) throw invalid('InvalidReference', name);
    if (isGone(row)) throw invalid('InvalidState', name);
  }
}

async function referenced(typeId: string, id: string, call: Call): Promise<Row | undefined> {
  const type = call.world.types.get(typeId);
  const number = numberOf(type, id);
  if (number === undefined) return undefined;
  const row = await call.world.store.get({ table: type.table, number });
  const isReachable = row?.accountId === null || row?.accountId === call.accountId;
  return isReachable || call.scope === 'admin' ? row : undefined;
}
