/** Tells whether two uses of a role are the same work. */
import { keyText, type Value } from '../core/values.ts';
import type { Node } from '../source/node.ts';
import type { Role, Variables } from './model.ts';
import type { RoleRequest } from './roleRequest.ts';

/** Equal for uses with the same role, parameters, variables, conditions, tags and chosen files. */
export function useKey(role: Role, request: RoleRequest): string {
  const { keywords = {}, params = new Map() } = request;
  const { tasksFrom, handlersFrom, varsFrom, defaultsFrom } = request;
  return JSON.stringify([
    role.path,
    written(params),
    written(keywords.vars ?? new Map()),
    (keywords.when ?? []).map(plain),
    (keywords.tags ?? []).map(plain),
    [tasksFrom, handlersFrom, varsFrom, defaultsFrom],
  ]);
}

function written(variables: Variables): unknown {
  return [...variables].map(([name, node]) => [name, plain(node)]);
}

function plain(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
    case 'data':
      return plainValue(node.value);
    case 'sequence':
      return node.items.map(plain);
    case 'mapping':
      return node.entries.map(({ key, value }) => [plain(key), plain(value)]);
    default:
      return node satisfies never;
  }
}

/** A text and a number of the same spelling stay apart. */
function plainValue(value: Value): string {
  return typeof value === 'string' ? `"${value}"` : keyText(value);
}
