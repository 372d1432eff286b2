import type { TaskRef } from '../core/events.ts';
import { formatSource } from '../core/source.ts';
import type { Task } from '../playbook/model.ts';
import { roleOf } from '../playbook/searchPath.ts';
import type { Node } from '../source/node.ts';

/** How a task is named in output. @param text evaluates a name for the first host. */
export function taskReference(task: Task, text: (name: Node) => string): TaskRef {
  const role = roleOf(task)?.role.name;
  return {
    id: formatSource(task.source),
    name: task.name === undefined ? task.module : text(task.name),
    ...(role === undefined ? {} : { role }),
    module: task.module,
    kind: task.isHandler ? 'handler' : 'task',
    source: task.source,
  };
}
