/** What expressions of an inventory see of a host: its variables as far as the sources were read, and its names. */
import { TemplateError } from '../core/errors.ts';
import type { Value } from '../core/values.ts';
import type { Node } from '../source/node.ts';
import type { Scope } from '../template/scope.ts';
import type { TemplateEngine } from '../template/template.ts';
import type { Inventory } from './inventory.ts';

/** @param extraVars win over everything. */
export function hostScope(
  inventory: Inventory,
  host: string,
  templates: Pick<TemplateEngine, 'evaluateNode'>,
  extraVars: ReadonlyMap<string, Node>,
): Scope {
  const variables = new Map(inventory.variablesOf(host));
  const magic = new Map<string, Value>([
    ['inventory_hostname', host],
    ['inventory_hostname_short', host.split('.')[0] ?? host],
    ['group_names', inventory.groupsOf(host).filter((group) => group !== 'all')],
  ]);
  const evaluating = new Set<string>();
  const scope: Scope = {
    lookup(name) {
      const node = extraVars.get(name) ?? variables.get(name);
      if (node === undefined) return magic.get(name);
      if (evaluating.has(name)) throw recursion(name, node);
      evaluating.add(name);
      try {
        return templates.evaluateNode(node, scope);
      } finally {
        evaluating.delete(name);
      }
    },
    names: () => [...extraVars.keys(), ...variables.keys(), ...magic.keys()],
  };
  return scope;
}

function recursion(name: string, { source }: Node): TemplateError {
  return new TemplateError(`variable "${name}" is defined by itself`, {
    code: 'DROVER_RECURSIVE_VARIABLE',
    source,
  });
}
