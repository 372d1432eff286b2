/** `POST …?action=name`: moves along the machine (202), or a handler of the type (200). */
import type { Fields } from '../model/json.ts';
import type { Action, Call, ResourceType } from '../model/resourceType.ts';
import type { Row } from '../store/store.ts';
import { invalid, notFound } from './errors.ts';
import { renderResource } from './render.ts';
import { type ApiResponse, ok } from './response.ts';
import { validated } from './validate.ts';

export async function performAction(
  type: ResourceType,
  row: Row,
  name: string,
  call: Call,
): Promise<ApiResponse> {
  const action = type.actions?.[name];
  const moves = type.machine.actions[name];
  if (action === undefined && moves === undefined) throw invalid('InvalidAction', 'action');
  if (row.removed !== null && name !== 'purge') throw notFound();
  if (action?.handle !== undefined) return handle(action, row, call);
  return move(row, moves?.[row.state], action, call);
}

async function handle(action: Action, row: Row, call: Call): Promise<ApiResponse> {
  if (!action.states?.includes(row.state)) throw invalid('ActionNotAvailable', 'action');
  const body = await action.handle?.(row, actionInput(action, call), call);
  return ok(body ?? (await renderResource(await reloaded(row, call), call)));
}

async function move(row: Row, next: string | undefined, action: Action | undefined, call: Call) {
  if (next === undefined) throw invalid('ActionNotAvailable', 'action');
  const input = actionInput(action, call);
  const change = (await action?.prepare?.(row, input, call)) ?? {};
  const moved = await call.world.lifecycle.enter(row, next, change);
  return { status: 202, body: await renderResource(moved, call) };
}

function actionInput(action: Action | undefined, call: Call): Fields {
  const given = call.request.input();
  return action?.input === undefined ? given : validated(action.input, given, 'action');
}

async function reloaded(row: Row, call: Call): Promise<Row> {
  return (await call.world.store.get(row)) ?? row;
}
