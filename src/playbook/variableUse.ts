/** Which variables the static content of a load uses, and which it defines: what nobody can define is worth a warning. */
import type { Source } from '../core/source.ts';
import type { Node } from '../source/node.ts';
import { isTemplateText, listed, textOfScalar } from '../source/shapes.ts';
import { shortName } from './actions.ts';
import type { UsedName } from './contentCheck.ts';
import type { Keywords, Play, Task, Variables } from './model.ts';

/** Names that need no definition: what the engine, gathered facts and connection variables give. */
const GIVEN =
  /^(?:ansible_\w*|item|hostvars|groups|group_names|inventory_\w+|play_hosts|playbook_dir|role_\w+|omit|environment|vars|packages|services|drover_version)$/;
/** Modules whose results define variables that cannot be told before the run. */
const OPEN = new Set(['include_vars', 'include_role', 'include_tasks', 'include']);

export class VariableUse {
  readonly #used = new Map<string, Source | undefined>();
  readonly #guarded = new Set<string>();
  readonly #defined = new Set<string>();
  #isOpen = false;

  use(names: readonly UsedName[]): void {
    for (const { name, source, isOptional } of names) {
      if (isOptional) this.#guarded.add(name);
      else if (!this.#used.has(name)) this.#used.set(name, source);
    }
  }

  define(variables: Variables | undefined): void {
    for (const name of variables?.keys() ?? []) this.#defined.add(name);
  }

  /** Names that the content itself defines. */
  get definedNames(): Iterable<string> {
    return this.#defined;
  }

  /** There may be variables that cannot be seen here. */
  open(): void {
    this.#isOpen = true;
  }

  play({ varsPrompt }: Play): void {
    for (const { entries } of varsPrompt) {
      for (const { key, value } of entries) if (key.value === 'name') this.#defineText(value);
    }
  }

  keywords({ vars, register, loopControl }: Keywords): void {
    this.define(vars);
    for (const node of [register, loopControl?.loopVar, loopControl?.indexVar]) {
      if (node !== undefined) this.#defineText(node);
    }
  }

  /** @param isKnown whether the module is one whose results are known. */
  task({ module, arguments: { named, template, freeForm } }: Task, isKnown: boolean): void {
    const name = shortName(module);
    if (!isKnown || OPEN.has(name) || name.endsWith('_facts') || template !== undefined)
      this.open();
    if (name !== 'set_fact' && name !== 'add_host') return;
    if (freeForm !== undefined) this.open();
    for (const { key } of named.entries) this.#defineText(key);
  }

  /** @param isKnown whether a source outside of the content defines a name. */
  undefinedNames(isKnown: (name: string) => boolean): [string, Source | undefined][] {
    if (this.#isOpen) return [];
    return [...this.#used].filter(
      ([name]) =>
        !GIVEN.test(name) && !this.#guarded.has(name) && !this.#defined.has(name) && !isKnown(name),
    );
  }

  #defineText(node: Node): void {
    for (const each of listed(node)) {
      if (each.kind !== 'scalar') continue;
      const text = textOfScalar(each.value);
      if (isTemplateText(text)) this.open();
      else this.#defined.add(text);
    }
  }
}
