/** The handlers of a play: those of its roles, in the order of the roles, then its own. */
import { TemplateError, type Warning } from '../../core/errors.ts';
import type { Play, RoleUse, Task } from '../../playbook/model.ts';
import { textOfScalar } from '../../source/shapes.ts';
import { isTemplate } from '../../template/template.ts';
import type { PlayVariables } from '../../vars/runVariables.ts';
import { Handlers, type HandlerTexts } from './handlers.ts';

interface PlayHandlersOptions {
  readonly play: Play;
  readonly roles: readonly RoleUse[];
  readonly variables: PlayVariables;
  /** Whose variables templates in names see. */
  readonly host: string;
  readonly warn: (warning: Warning) => void;
  readonly missingIsError: boolean;
}

export function playHandlers(options: PlayHandlersOptions): Handlers {
  const { play, roles, variables, host, warn, missingIsError } = options;
  const texts = (task: Task): HandlerTexts => handlerTexts(variables, task, host);
  const handlers = new Handlers({ texts, warn, missingIsError });
  for (const role of roles) handlers.add(role.handlers);
  handlers.add(play.handlers);
  return handlers;
}

function handlerTexts(variables: PlayVariables, task: Task, host: string): HandlerTexts {
  // Topics are plain words: templates in them are never evaluated.
  const topics = task.listen.flatMap((node) =>
    node.kind === 'scalar' ? [textOfScalar(node.value)] : [],
  );
  if (task.name === undefined || !isTemplate(textOfScalar(task.name.value))) {
    return { name: task.name && textOfScalar(task.name.value), topics };
  }
  try {
    return { name: String(variables.evaluate(task.name, host, task, [])), topics };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { name: undefined, topics, problem: error.message };
  }
}
