/** Conditions of tasks: `when`, `changed_when`, `failed_when`. */
import { DroverError, withResultMessage } from '../../core/errors.ts';
import type { Node } from '../../source/node.ts';
import type { Scope } from '../../template/scope.ts';
import type { TemplateEngine } from '../../template/template.ts';

/** @throws DroverError that tells the task's result which condition it was. */
export function conditionHolds(node: Node, scope: Scope, templates: TemplateEngine): boolean {
  try {
    return templates.evaluateCondition(node, scope);
  } catch (error) {
    if (!(error instanceof DroverError)) throw error;
    const text = node.kind === 'scalar' ? String(node.value) : 'a list';
    const told = `The conditional check '${text}' failed. The error was: ${error.message}`;
    throw withResultMessage(error, told);
  }
}
