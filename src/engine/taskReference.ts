import type { TaskRef } from '../core/events.ts';
import { formatSource } from '../core/source.ts';
import type { Task } from '../playbook/model.ts';
import { roleOf } from '../playbook/searchPath.ts';
import { entryOf, type Node } from '../source/node.ts';
import { taskKind } from './includes.ts';

/** How a task is named in output. @param text evaluates a name for the first host. */
export function taskReference(task: Task, text: (name: Node) => string): TaskRef {
  const role = roleOf(task)?.role.name;
  return {
    id: formatSource(task.source),
    name: task.name === undefined ? implicitName(task) : text(task.name),
    ...(role === undefined ? {} : { role }),
    module: task.module,
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
