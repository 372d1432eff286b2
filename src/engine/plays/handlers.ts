/** Handlers: who is notified, and the block that a flush runs. */
import { LoadError, type Warning } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Source } from '../../core/source.ts';
import type { Block, Item, Task } from '../../playbook/model.ts';
import { unknownHandlerMessage } from '../../playbook/notifications.ts';
import { roleOf } from '../../playbook/searchPath.ts';
import { textOfScalar } from '../../source/shapes.ts';

/** The name and topics of a handler, evaluated once for the play. */
interface Handler {
  readonly task: Task;
  readonly names: readonly string[];
  readonly topics: readonly string[];
  /** Which call of `add` brought it: the play's own handlers, or those of one role. */
  readonly group: number;
}

export interface HandlerTexts {
  readonly name: string | undefined;
  readonly topics: readonly string[];
  /** Why the name, as it is written, could not be evaluated. */
  readonly problem?: string;
}

export interface HandlersOptions {
  /** Evaluates a handler's name. */
  readonly texts: (task: Task) => HandlerTexts;
  readonly warn: (warning: Warning) => void;
  /** Whether it is an error to notify what does not exist; else a warning. */
  readonly missingIsError: boolean;
}

export class Handlers {
  readonly #handlers: Handler[] = [];
  readonly #pending = new Map<string, Set<Task>>();
  readonly #options: HandlersOptions;
  readonly #unusable: Warning[] = [];
  #groups = 0;

  constructor(options: HandlersOptions) {
    this.#options = options;
  }

  /** Adds handlers in the order in which a flush runs them; those that are known already are left. */
  add(items: readonly Item[]): void {
    this.#groups += 1;
    for (const task of items.flatMap(tasksIn)) {
      if (this.#handlers.some((handler) => handler.task === task)) continue;
      const { name, topics, problem } = this.#options.texts(task);
      if (problem !== undefined && topics.length === 0)
        this.#unusable.push(unusable(task, problem));
      this.#handlers.push({ task, names: namesOf(task, name), topics, group: this.#groups });
    }
  }

  /**
   * Notes that `host` notified `topic`. Every handler that listens to it runs, and of those named so one: the first of the play's own,
   * else the first of the role that came last.
   * @returns the handlers, by name.
   * @throws LoadError when nothing answers.
   */
  notify(host: string, topic: string, source: Source): readonly string[] {
    for (const warning of this.#unusable.splice(0)) this.#options.warn(warning);
    const named = this.#named(topic);
    const listening = this.#handlers.filter((handler) => handler.topics.includes(topic));
    const notified = new Set([...(named === undefined ? [] : [named]), ...listening]);
    if (notified.size === 0) this.#unknown(topic, source);
    const pending = this.#pending.get(host) ?? new Set();
    for (const handler of notified) pending.add(handler.task);
    this.#pending.set(host, pending);
    return [...notified].map((handler) => handler.names[0] ?? topic);
  }

  isPending(host: string, item: Item): boolean {
    return item.kind === 'task' && this.#pending.get(host)?.has(item) === true;
  }

  hasPending(host: string): boolean {
    return (this.#pending.get(host)?.size ?? 0) > 0;
  }

  /** The handler has started on `host`: a later notification makes it run again. */
  started(host: string, task: Task): void {
    this.#pending.get(host)?.delete(task);
  }

  /** All handlers, as the block of a flush; each host runs those that are pending for it. */
  block(source: Source): Block {
    return {
      kind: 'block',
      origin: 'section',
      keywords: {},
      block: this.#handlers.map((handler) => handler.task),
      rescue: [],
      always: [],
      source,
    };
  }

  #named(topic: string): Handler | undefined {
    const named = this.#handlers.filter((handler) => handler.names.includes(topic));
    const group = named.at(-1)?.group;
    return named.find((handler) => handler.group === group);
  }

  #unknown(topic: string, source: Source): void {
    const known = this.#handlers.flatMap((handler) => [...handler.names, ...handler.topics]);
    const hint = didYouMean(topic, known) ?? 'names of handlers are compared exactly';
    const message = unknownHandlerMessage(topic);
    if (this.#options.missingIsError)
      throw new LoadError(message, { code: 'DROVER_UNKNOWN_HANDLER', source, hint });
    this.#options.warn({ kind: 'warning', message, source, hint });
  }
}

/** Nothing can notify a handler without topics whose name needs what the play does not know. */
function unusable({ name, source }: Task, problem: string): Warning {
  const written = name === undefined ? '' : textOfScalar(name.value);
  return {
    kind: 'warning',
    message: `Handler '${written}' is unusable: ${problem}`,
    source: name?.source ?? source,
    hint: 'names of handlers know the variables of the play; give the handler a "listen" topic',
  };
}

function tasksIn(item: Item): Task[] {
  if (item.kind === 'task') return [item];
  return [...item.block, ...item.rescue, ...item.always].flatMap(tasksIn);
}

/** A handler of a role also answers to `role : name`. */
function namesOf(task: Task, name: string | undefined): string[] {
  if (name === undefined) return [];
  const use = roleOf(task);
  return use === undefined ? [name] : [name, `${use.role.name} : ${name}`];
}
