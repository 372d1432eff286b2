import type { TaskRef } from '../../core/events.ts';
import type { Task } from '../../playbook/model.ts';
import { roleOf } from '../../playbook/searchPath.ts';
import { entryOf, type Node, scalarNode } from '../../source/node.ts';
import { isTemplate } from '../../template/template.ts';
import { taskKind } from '../includes/includes.ts';
import type { Position } from '../plays/cursor.ts';

/** Gives each task of a run its id: one for each place in a play where it runs, whichever hosts and batches come there. */
export class TaskIds {
  readonly #known = new WeakMap<Task, Map<string, string>>();
  #count = 0;

  of(task: Task, position: Position): string {
    const places = this.#known.get(task) ?? new Map<string, string>();
    this.#known.set(task, places);
    const place = position.join('.');
    const known = places.get(place);
    if (known !== undefined) return known;
    this.#count += 1;
    const id = `task-${this.#count}`;
    places.set(place, id);
    return id;
  }
}

/** How a task is named in output. @param text evaluates a name for the first host. */
export function taskReference(id: string, task: Task, text: (name: Node) => string): TaskRef {
  const role = roleOf(task)?.role.name;
  return {
    id,
    name: task.name === undefined ? implicitName(task) : text(task.name),
    ...(role === undefined ? {} : { role }),
    module: isTemplate(task.module)
      ? text(scalarNode(task.module, task.moduleSource))
      : task.module,
    kind: task.isHandler ? 'handler' : 'task',
    source: task.source,
  };
}

/** A task without a name is called by its module, `include_role` with its role. */
function implicitName(task: Task): string {
  const { named, freeForm } = task.arguments;
  const role = entryOf(named, 'name') ?? entryOf(named, 'role') ?? freeForm;
  if (taskKind(task) !== 'include_role' || role?.kind !== 'scalar') return task.module;
  return `${task.module} : ${String(role.value)}`;
}
