/**
 * Sources of the plugin `constructed`: variables and groups made by expressions from what the sources before them say of
 * each host. Rules: the plugin's documentation.
 */
import { DroverError, LoadError } from '../core/errors.ts';
import type { Value } from '../core/values.ts';
import {
  dataNode,
  entryOf,
  type MappingEntry,
  type MappingNode,
  type Node,
} from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, Shapes, textOfScalar } from '../source/shapes.ts';
import type { Scope } from '../template/scope.ts';
import type { TemplateEngine } from '../template/template.ts';
import { safeGroupName } from './groupNames.ts';
import { hostScope } from './hostScope.ts';
import { type Inventory, NO_VARS, type VarsBeside } from './inventory.ts';
import { groupNamesOf, type KeyedGroup } from './keyedGroups.ts';

const NAMES = new Set(['constructed', 'ansible.builtin.constructed']);
const OPTIONS = [
  'plugin',
  'strict',
  'compose',
  'groups',
  'keyed_groups',
  'leading_separator',
  'use_extra_vars',
  'use_vars_plugins',
];

export type InventoryTemplates = Pick<
  TemplateEngine,
  'evaluateNode' | 'evaluateExpression' | 'evaluateCondition'
>;

export interface ConstructedContext {
  readonly inventory: Inventory;
  readonly templates: InventoryTemplates;
  /** `-e`, for `use_extra_vars`. */
  readonly extraVars: ReadonlyMap<string, Node>;
  /** `group_vars/` and `host_vars/` beside the sources read so far, for `use_vars_plugins`. */
  readonly varsBeside: () => VarsBeside;
  readonly problems: Problems;
}

/** The name of the plugin that a YAML source asks for; undefined for an inventory. */
export function pluginOf(node: Node): string | undefined {
  const name = node.kind === 'mapping' ? entryOf(node, 'plugin') : undefined;
  return name?.kind === 'scalar' && !isNull(name) ? textOfScalar(name.value) : undefined;
}

/** Adds what the source constructs. @throws LoadError for another plugin, and with `strict` for an expression that fails. */
export function readConstructed(node: MappingNode, context: ConstructedContext): void {
  const plugin = pluginOf(node) ?? '';
  if (!NAMES.has(plugin)) throw unknownPlugin(plugin, entryOf(node, 'plugin') ?? node);
  for (const { key } of node.entries) {
    if (OPTIONS.includes(String(key.value))) continue;
    context.problems.warn(`"${String(key.value)}" is no option that drover knows here`, key.source);
  }
  const { inventory, varsBeside } = context;
  if (flag(node, 'use_vars_plugins') ?? false) inventory.setVarsBeside(varsBeside());
  const construction = new Construction(node, context);
  for (const host of inventory.hostNames) construction.host(host);
  inventory.setVarsBeside(NO_VARS);
}

class Construction {
  readonly #context: ConstructedContext;
  readonly #strict: boolean;
  readonly #usesExtraVars: boolean;
  readonly #compose: readonly MappingEntry[];
  readonly #groups: readonly MappingEntry[];
  readonly #keyed: readonly KeyedGroup[];

  constructor(node: MappingNode, context: ConstructedContext) {
    this.#context = context;
    this.#strict = flag(node, 'strict') ?? false;
    this.#usesExtraVars = flag(node, 'use_extra_vars') ?? false;
    this.#compose = this.#section(node, 'compose');
    this.#groups = this.#section(node, 'groups');
    const hasLeading = flag(node, 'leading_separator') ?? true;
    this.#keyed = this.#keyedGroups(entryOf(node, 'keyed_groups'), hasLeading);
  }

  host(host: string): void {
    this.#composeFor(host, this.#scope(host));
    const scope = this.#scope(host);
    for (const { key, value } of this.#groups) {
      if (this.#attempt(value, () => this.#holds(value, scope)) === true)
        this.#context.inventory.declareHost(host, safeGroupName(String(key.value)));
    }
    for (const keyed of this.#keyed)
      this.#attempt(keyed.key, () => this.#addKeyed(host, keyed, scope));
  }

  /** An expression sees the host as the sources before this one left it. */
  #composeFor(host: string, scope: Scope): void {
    for (const { key, value } of this.#compose) {
      const composed = this.#attempt(value, () => this.#evaluate(value, scope));
      if (composed === undefined) continue;
      const node = dataNode(composed, value.source);
      this.#context.inventory.setHostVar(host, String(key.value), node);
    }
  }

  #holds(condition: Node, scope: Scope): boolean {
    const value = condition.kind === 'scalar' ? condition.value : null;
    const { source } = condition;
    return this.#context.templates.evaluateCondition(value, scope, { source });
  }

  #addKeyed(host: string, keyed: KeyedGroup, scope: Scope): void {
    const { inventory, templates } = this.#context;
    const names = groupNamesOf(this.#evaluate(keyed.key, scope), keyed).map(safeGroupName);
    const { parent } = keyed;
    const above = parent && safeGroupName(String(templates.evaluateNode(parent, scope)));
    for (const name of names) {
      inventory.declareHost(host, name);
      if (above !== undefined && above !== name) inventory.addChild(above, name);
    }
  }

  #evaluate(node: Node, scope: Scope): Value {
    const text = node.kind === 'scalar' ? String(node.value) : '';
    return this.#context.templates.evaluateExpression(text, scope, { source: node.source });
  }

  #scope(host: string): Scope {
    const { inventory, templates, extraVars } = this.#context;
    return hostScope(inventory, host, templates, this.#usesExtraVars ? extraVars : new Map());
  }

  /** Without `strict` what fails for a host is left out for it. */
  #attempt<T>(node: Node, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      if (!this.#strict) return undefined;
      const { message, hint } = error;
      const source = error.source ?? node.source;
      throw new LoadError(message, { code: 'DROVER_CONSTRUCTED', source, hint, cause: error });
    }
  }

  #section(node: MappingNode, name: string): readonly MappingEntry[] {
    const value = entryOf(node, name);
    if (value === undefined || isNull(value)) return [];
    return new Shapes(this.#context.problems).mapping(value, `"${name}"`)?.entries ?? [];
  }

  #keyedGroups(node: Node | undefined, hasLeading: boolean): KeyedGroup[] {
    if (node === undefined || node.kind !== 'sequence') return [];
    return node.items.flatMap((item) => {
      const mapping = new Shapes(this.#context.problems).mapping(item, 'an entry of keyed_groups');
      return mapping === undefined ? [] : [keyedGroup(mapping, hasLeading)];
    });
  }
}

/** @throws LoadError when it has no key, or two options that exclude each other. */
function keyedGroup(mapping: MappingNode, hasLeading: boolean): KeyedGroup {
  const key = entryOf(mapping, 'key');
  if (key === undefined) throw wrongKeyed('an entry of keyed_groups needs a key', mapping);
  const defaultValue = text(mapping, 'default_value');
  const trailing = flag(mapping, 'trailing_separator');
  if (defaultValue !== undefined && trailing !== undefined)
    throw wrongKeyed('default_value and trailing_separator exclude each other', mapping);
  const prefix = text(mapping, 'prefix') ?? '';
  return {
    key,
    prefix,
    separator: text(mapping, 'separator') ?? '_',
    hasLeadingSeparator: hasLeading || prefix !== '',
    hasTrailingSeparator: trailing ?? true,
    defaultValue,
    parent: entryOf(mapping, 'parent_group'),
  };
}

function text(mapping: MappingNode, name: string): string | undefined {
  const node = entryOf(mapping, name);
  return node?.kind === 'scalar' && !isNull(node) ? textOfScalar(node.value) : undefined;
}

function flag(mapping: MappingNode, name: string): boolean | undefined {
  const value = text(mapping, name);
  return value === undefined ? undefined : /^(true|yes|on|1)$/i.test(value);
}

function wrongKeyed(message: string, { source }: MappingNode): LoadError {
  return new LoadError(message, { code: 'DROVER_CONSTRUCTED', source });
}

function unknownPlugin(name: string, { source }: Node): LoadError {
  return new LoadError(`no inventory plugin "${name}"`, {
    code: 'DROVER_INVENTORY_PLUGIN',
    source,
    hint: 'drover has "constructed"; other sources can be executable scripts',
  });
}
