/** The templates and expressions of content: what is wrong in them, and which variables they read. */
import type { Node, ScalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isTemplate } from '../source/shapes.ts';
import type { CheckedText, ContentCheck } from './contentCheck.ts';
import type { Loop, Variables } from './model.ts';
import type { VariableUse } from './variableUse.ts';

export class ContentTexts {
  readonly #check: ContentCheck;
  readonly #problems: Problems;
  readonly #variableUse: VariableUse;

  constructor(check: ContentCheck, problems: Problems, variableUse: VariableUse) {
    this.#check = check;
    this.#problems = problems;
    this.#variableUse = variableUse;
  }

  variables(variables: Variables): void {
    for (const node of variables.values()) this.templates(node);
  }

  loop({ lookup, items, source }: Loop): void {
    if (lookup !== undefined) this.#text(this.#check.lookup(lookup, source));
    this.templates(items);
  }

  /** A condition may be text, a list of texts, or (old) a whole template. */
  expressions(node: Node): void {
    if (node.kind === 'sequence') for (const item of node.items) this.expressions(item);
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.tag !== undefined) return;
    if (isTemplate(node)) this.#text(this.#check.template(node));
    else if (node.value.trim() !== '') this.#text(this.#check.expression(node));
  }

  templates(node: Node): void {
    switch (node.kind) {
      case 'scalar':
        if (isTemplate(node)) this.#text(this.#check.template(node as ScalarNode));
        return;
      case 'sequence':
        for (const item of node.items) this.templates(item);
        return;
      case 'mapping':
        for (const { value } of node.entries) this.templates(value);
        return;
      case 'data':
        return;
      default:
        node satisfies never;
    }
  }

  #text({ errors, missing, names }: CheckedText): void {
    for (const error of errors) this.#problems.add(error);
    this.#problems.warnOf(missing);
    this.#variableUse.use(names);
  }
}
