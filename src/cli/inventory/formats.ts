/** The documents of `drover inventory`, in the formats that `ansible-inventory` made known. */
import type { Variables } from '../../inventory/inventory.ts';
import type { ScalarNode } from '../../source/node.ts';
import type { ShownInventory } from './shown.ts';
import { type Tree, variableText } from './values.ts';

/** `--list`: as an inventory script answers, groups by name and all variables of hosts under `_meta`. */
export function listTree(shown: ShownInventory): Tree {
  const groups = groupsBelow(shown, 'all');
  const hosts = [...new Set(groups.flatMap((group) => shown.hostsOf(group)))];
  const withVars = hosts.map((host) => [host, shown.hostVars(host)] as const);
  return {
    _meta: { hostvars: Object.fromEntries(withVars.filter(([, vars]) => vars.size > 0)) },
    ...Object.fromEntries(
      groups.map((group) => [group, listedGroup(shown, group)] as const).filter(isFilled),
    ),
  };
}

function listedGroup(shown: ShownInventory, group: string): Tree {
  return filled({
    children: shown.childrenOf(group),
    hosts: group === 'all' ? [] : shown.hostsOf(group),
    vars: shown.isExport ? shown.groupVars(group) : new Map(),
  });
}

/** Every group once, a parent before its children. */
function groupsBelow(shown: ShownInventory, group: string): readonly string[] {
  const seen = new Set([group]);
  for (const each of seen) for (const child of shown.childrenOf(each)) seen.add(child);
  return [...seen];
}

/** `--list --yaml`: a YAML inventory. The variables of a host stand where it is named first. */
export function yamlTree(shown: ShownInventory): Tree {
  const seen = new Set<string>();
  const group = (name: string): Tree => {
    const children = Object.fromEntries(
      shown.childrenOf(name).map((child) => [child, group(child)] as const),
    );
    const hosts = name === 'all' ? [] : shown.hostsOf(name);
    const vars = shown.isExport ? shown.groupVars(name) : new Map();
    return filled({ children: withoutEmpty(children, name), hosts: hostsOnce(hosts), vars });
  };
  const hostsOnce = (hosts: readonly string[]): Tree =>
    Object.fromEntries(
      hosts.map((host) => {
        const vars: Variables = seen.has(host) ? new Map() : shown.hostVars(host);
        seen.add(host);
        return [host, vars] as const;
      }),
    );
  return { all: group('all') };
}

/** An empty `ungrouped` says nothing; any other empty group exists. */
function withoutEmpty(children: Record<string, Tree>, parent: string): Tree {
  const { ungrouped, ...others } = children;
  const keeps = parent !== 'all' || ungrouped === undefined || Object.keys(ungrouped).length > 0;
  return keeps ? children : others;
}

function filled(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(isFilled));
}

function isFilled([, value]: readonly [string, Tree[string]]): boolean {
  if (value instanceof Map) return value.size > 0;
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}

export interface GraphOptions {
  readonly group: string;
  readonly showsVars: boolean;
  readonly decrypt: (node: ScalarNode) => string;
}

/** `--graph`: one line for each group and host, and with `--vars` for each variable. */
export function graphText(
  shown: ShownInventory,
  { group, showsVars, decrypt }: GraphOptions,
): string {
  const lines = (name: string, depth: number): string[] => [
    graphLine(`@${name}:`, depth),
    ...shown.childrenOf(name).flatMap((child) => lines(child, depth + 1)),
    ...(name === 'all' ? [] : shown.hostsOf(name)).flatMap((host) => [
      graphLine(host, depth + 1),
      ...variables(shown.hostVars(host), depth + 2),
    ]),
    ...variables(shown.groupVars(name), depth + 1),
  ];
  const variables = (vars: Variables, depth: number): string[] =>
    showsVars
      ? [...vars].sort(byName).map(([name, node]) => {
          return graphLine(`{${name} = ${variableText(node, decrypt)}}`, depth);
        })
      : [];
  return `${lines(group, 0).join('\n')}\n`;
}

function graphLine(text: string, depth: number): string {
  return depth === 0 ? text : `  |${'  |'.repeat(depth - 1)}--${text}`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
