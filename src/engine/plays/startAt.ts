/** `--start-at-task`: what stands before the task in its play is left out, and so are the plays before it. */
import type { Block, Item, Task } from '../../playbook/model.ts';
import { roleOf } from '../../playbook/searchPath.ts';

export class StartAt {
  #pattern: RegExp | undefined;

  /** @param wanted a task's name, perhaps with `*` and `?`; `role : name` is one too. */
  constructor(wanted: string | undefined) {
    this.#pattern = wanted === undefined ? undefined : globPattern(wanted);
  }

  /** Whether the start still lies ahead. */
  get isAhead(): boolean {
    return this.#pattern !== undefined;
  }

  /**
   * The tasks of a play that come before the start: all of them when the play does not hold it, none once it was found.
   * @param isSelected whether tags let a task run; others are no place to start.
   */
  skippedIn(root: Block, isSelected: (task: Task) => boolean): ReadonlySet<Task> {
    const skipped = new Set<Task>();
    const pattern = this.#pattern;
    if (pattern === undefined) return skipped;
    for (const task of tasksOf(root)) {
      if (isSelected(task) && namesOf(task).some((name) => pattern.test(name))) {
        this.#pattern = undefined;
        break;
      }
      skipped.add(task);
    }
    return skipped;
  }
}

/** Tasks in the order of a host that never fails. */
function* tasksOf(item: Item): Iterable<Task> {
  if (item.kind === 'task') yield item;
  else for (const inner of [...item.block, ...item.always]) yield* tasksOf(inner);
}

function namesOf(task: Task): string[] {
  const name = task.name === undefined ? task.module : String(task.name.value);
  const role = roleOf(task)?.role.name;
  return role === undefined ? [name] : [name, `${role} : ${name}`];
}

function globPattern(glob: string): RegExp {
  const parts = glob.split(/(\*|\?)/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}
