/** Names that tasks notify and no handler of the play has. Told only where all handlers are known before the run. */

import type { ScalarNode } from '../source/node.ts';
import { isTemplateText, listed, textOfScalar } from '../source/shapes.ts';
import { shortName } from './actions.ts';
import type { Item, Play, Task } from './model.ts';
import { roleOf } from './searchPath.ts';

export interface UnknownNotification {
  readonly task: Task;
  readonly node: ScalarNode;
  /** Names that could have been meant. */
  readonly known: readonly string[];
}

/** In the words that scripts around playbooks look for. */
export function unknownHandlerMessage(topic: string): string {
  return `The requested handler '${topic}' was not found in either the main handlers list nor in the listening handlers list`;
}

export function unknownNotifications(play: Play): UnknownNotification[] {
  const sections = [play.preTasks, play.roles, play.tasks, play.postTasks];
  const tasks = sections.flatMap(tasksIn);
  const handlers = [...play.handlers, ...sections.flatMap(roleHandlers)].flatMap(tasksIn);
  if ([...tasks, ...handlers].some(isInclude)) return [];
  const names = handlers.flatMap(namesOf);
  if (names.some(isTemplateText)) return [];
  const known = new Set(names);
  return [...tasks, ...handlers].flatMap((task) =>
    notified(task)
      .filter(
        ({ value }) => !isTemplateText(textOfScalar(value)) && !known.has(textOfScalar(value)),
      )
      .map((node) => ({ task, node, known: names })),
  );
}

function tasksIn(item: Item): Task[] {
  if (item.kind === 'task') return [item];
  return [...item.block, ...item.rescue, ...item.always].flatMap(tasksIn);
}

function roleHandlers(item: Item): Item[] {
  if (item.kind === 'task') return [];
  const inner = [...item.block, ...item.rescue, ...item.always].flatMap(roleHandlers);
  return [...(item.role?.handlers ?? []), ...inner];
}

/** What it brings may have handlers of its own. */
function isInclude({ module }: Task): boolean {
  return ['include', 'include_tasks', 'include_role'].includes(shortName(module));
}

function namesOf(handler: Task): string[] {
  const name = handler.name === undefined ? undefined : textOfScalar(handler.name.value);
  const role = roleOf(handler)?.role.name;
  const named =
    name === undefined ? [] : [name, ...(role === undefined ? [] : [`${role} : ${name}`])];
  return [...named, ...scalars(handler.listen).map(({ value }) => textOfScalar(value))];
}

function notified({ keywords }: Task): ScalarNode[] {
  return scalars(keywords.notify ?? []);
}

function scalars(nodes: readonly Parameters<typeof listed>[0][]): ScalarNode[] {
  return nodes.flatMap(listed).flatMap((node) => (node.kind === 'scalar' ? [node] : []));
}
