/** Evaluated keywords of one task on one host. */
import { DroverError } from '../../core/errors.ts';
import { Float, type Value } from '../../core/values.ts';
import type { Keywords, Play, Task } from '../../playbook/model.ts';
import type { Node } from '../../source/node.ts';
import type { Scope } from '../../template/scope.ts';
import { isOmit, isUndefinedError, type TemplateEngine } from '../../template/template.ts';
import { conditionHolds } from './conditions.ts';
import { booleanOf, type ConnectionKeywords } from './connectionSettings.ts';
import { gathered, inherited } from './keywords.ts';

const GATHERING: ReadonlySet<string> = new Set([
  'setup',
  'gather_facts',
  'ansible.builtin.setup',
  'ansible.builtin.gather_facts',
]);

type ScalarKeyword = Parameters<typeof inherited>[2];

export class KeywordReader {
  readonly #task: Task;
  readonly #play: Play;
  readonly #scope: Scope;
  readonly #templates: TemplateEngine;

  constructor(task: Task, play: Play, scope: Scope, templates: TemplateEngine) {
    this.#task = task;
    this.#play = play;
    this.#scope = scope;
    this.#templates = templates;
  }

  /** The value of an inherited keyword; undefined when nobody sets it, or sets it to nothing or to `omit`. */
  value(keyword: ScalarKeyword): Value | undefined {
    const node = inherited(this.#task, this.#play, keyword);
    if (node === undefined) return undefined;
    const value = this.evaluate(node);
    return value === null || isOmit(value) ? undefined : value;
  }

  boolean(keyword: ScalarKeyword): boolean | undefined {
    const value = this.value(keyword);
    if (value === undefined) return undefined;
    return typeof value === 'boolean' ? value : booleanOf(String(value));
  }

  text(keyword: ScalarKeyword): string | undefined {
    const value = this.value(keyword);
    return value === undefined ? undefined : String(value);
  }

  /** @throws DroverError at the keyword's place when it holds no number. */
  number(keyword: ScalarKeyword): number | undefined {
    const value = this.value(keyword);
    if (value === undefined) return undefined;
    const number = value instanceof Float ? value.value : Number(value);
    if (!Number.isNaN(number)) return number;
    throw new DroverError(`${keyword} must be a number, not "${String(value)}"`, {
      code: 'DROVER_INVALID_KEYWORD',
      source: inherited(this.#task, this.#play, keyword)?.source,
    });
  }

  /** All `environment` entries merged, inner ones winning, as text. */
  environment(): Readonly<Record<string, string>> {
    const dicts = gathered(this.#task, this.#play, 'environment').flatMap((node) =>
      this.#environmentOf(node),
    );
    const lists = dicts.flatMap((dict) => (Array.isArray(dict) ? dict : [dict]));
    const entries = lists.flatMap((dict) => (dict instanceof Map ? [...dict] : []));
    return Object.fromEntries(
      entries
        .filter(([, value]) => !isOmit(value) && value !== null)
        .map(([name, value]) => [String(name), environmentText(value)]),
    );
  }

  /** Gathering facts does without what needs them. */
  #environmentOf(node: Node): Value[] {
    if (!GATHERING.has(this.#task.module)) return [this.evaluate(node)];
    if (node.kind === 'sequence') return node.items.flatMap((item) => this.#environmentOf(item));
    if (node.kind !== 'mapping') return this.#whenDefined(node);
    return node.entries.flatMap((entry) => this.#whenDefined({ ...node, entries: [entry] }));
  }

  #whenDefined(node: Node): Value[] {
    try {
      return [this.evaluate(node)];
    } catch (error) {
      if (isUndefinedError(error)) return [];
      throw error;
    }
  }

  connection(): ConnectionKeywords {
    return {
      connection: this.text('connection'),
      port: this.number('port'),
      remoteUser: this.text('remoteUser'),
      become: this.boolean('become'),
      becomeUser: this.text('becomeUser'),
      becomeMethod: this.text('becomeMethod'),
      becomeFlags: this.text('becomeFlags'),
      becomeExe: this.text('becomeExe'),
    };
  }

  evaluate(node: Node): Value {
    return this.#templates.evaluateNode(node, this.#scope);
  }

  /** Whether all conditions of a list hold. */
  all(conditions: readonly Node[]): boolean {
    return this.firstFalse(conditions) === undefined;
  }

  /** The first condition that does not hold. */
  firstFalse(conditions: readonly Node[]): Node | undefined {
    return conditions.find((node) => !conditionHolds(node, this.#scope, this.#templates));
  }

  get keywords(): Keywords {
    return this.#task.keywords;
  }
}

function environmentText(value: Value): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value instanceof Float ? `${value.value}.0` : String(value);
}
