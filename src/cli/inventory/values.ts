/** Variables of an inventory as they are shown: as written, templates unevaluated; encrypted ones stay encrypted. */
import { type Dict, fromPlain, type Value } from '../../core/values.ts';
import type { Variables } from '../../inventory/inventory.ts';
import type { Node, ScalarNode } from '../../source/node.ts';
import { pythonJson } from '../../template/filters/json.ts';
import { pythonYaml } from '../../template/filters/yamlWriter.ts';
import { str } from '../../template/python/text.ts';

/** How a format spells a scalar with a tag (`!vault`, `!unsafe`). */
type Tagged = (node: ScalarNode) => Value;

function shownValue(node: Node, tagged: Tagged): Value {
  switch (node.kind) {
    case 'data':
      return node.value;
    case 'scalar':
      return node.tag === undefined ? node.value : tagged(node);
    case 'sequence':
      return node.items.map((item) => shownValue(item, tagged));
    case 'mapping':
      return new Map(node.entries.map(({ key, value }) => [key.value, shownValue(value, tagged)]));
    default:
      return node satisfies never;
  }
}

/** A document of an inventory: groups, hosts, and variables as nodes. */
export type Tree = { readonly [key: string]: Tree | readonly string[] | Variables };

function treeValue(tree: Tree[string], tagged: Tagged): Value {
  if (tree instanceof Map) {
    return new Map([...tree].map(([name, node]) => [name, shownValue(node, tagged)]));
  }
  if (Array.isArray(tree)) return fromPlain(tree);
  const dict: Dict = new Map();
  for (const [key, value] of Object.entries(tree)) dict.set(key, treeValue(value, tagged));
  return dict;
}

/** JSON as inventory scripts print it; tagged scalars are `{"__ansible_vault": …}` and `{"__ansible_unsafe": …}`. */
export function inventoryJson(tree: Tree[string]): string {
  const value = treeValue(tree, ({ tag, value: text }) => new Map([[`__ansible_${tag}`, text]]));
  return `${pythonJson(value, { indent: 4, sortKeys: true, ensureAscii: false })}\n`;
}

export function inventoryYaml(tree: Tree[string]): string {
  const vaults = new Set<string>();
  const value = treeValue(tree, ({ tag, value: text }) => {
    if (tag === 'vault') vaults.add(String(text));
    return text;
  });
  return pythonYaml(value, {
    indent: 2,
    flow: false,
    sortKeys: true,
    width: 80,
    blockTag: (text) => (vaults.has(text) ? '!vault' : undefined),
  });
}

/** The text of one variable in a graph. @param decrypt the clear text of a `!vault`. */
export function variableText(node: Node, decrypt: (node: ScalarNode) => string): string {
  return str(
    shownValue(node, (scalar) => (scalar.tag === 'vault' ? decrypt(scalar) : scalar.value)),
  );
}
