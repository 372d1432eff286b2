/** YAML inventories: groups with `hosts`, `vars` and `children`; and the JSON of inventory scripts. */
import { didYouMean } from '../core/nearest.ts';
import {
  entryOf,
  type MappingEntry,
  type MappingNode,
  type Node,
  type ScalarNode,
  scalarNode,
} from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, listed, Shapes, textOfScalar, variablesOf } from '../source/shapes.ts';
import { str } from '../template/python/text.ts';
import { expandHosts } from './hostRange.ts';
import type { Inventory } from './inventory.ts';

const SECTIONS = ['hosts', 'vars', 'children'];

/** Adds the groups of a YAML inventory. What does not fit is noted in `problems`. */
export function readYamlInventory(
  node: Node,
  file: string,
  inventory: Inventory,
  problems: Problems,
): void {
  if (isNull(node)) return;
  const mapping = new Shapes(problems).mapping(node, 'a YAML inventory');
  const reader = new GroupReader(file, inventory, problems);
  for (const entry of mapping?.entries ?? []) problems.attempt(() => reader.group(entry));
}

/** Adds what an inventory script answered to `--list`. */
export function readScriptInventory(
  node: Node,
  file: string,
  inventory: Inventory,
  problems: Problems,
): void {
  const shapes = new Shapes(problems);
  const mapping = shapes.mapping(node, 'the answer of an inventory script');
  const reader = new GroupReader(file, inventory, problems);
  for (const { key, value } of mapping?.entries ?? []) {
    if (key.value !== '_meta')
      problems.attempt(() => reader.scriptGroup(textOfScalar(key.value), value));
  }
  const meta = mapping === undefined ? undefined : entryOf(mapping, '_meta');
  const hostVars = meta?.kind === 'mapping' ? entryOf(meta, 'hostvars') : undefined;
  if (hostVars?.kind === 'mapping') for (const entry of hostVars.entries) reader.hostVars(entry);
}

class GroupReader {
  readonly #file: string;
  readonly #inventory: Inventory;
  readonly #problems: Problems;
  readonly #shapes: Shapes;

  constructor(file: string, inventory: Inventory, problems: Problems) {
    this.#file = file;
    this.#inventory = inventory;
    this.#problems = problems;
    this.#shapes = new Shapes(problems);
  }

  group({ key, value }: MappingEntry): void {
    if (!this.#isName(key, 'Group name')) return;
    const name = textOfScalar(key.value);
    this.#inventory.addGroup(name);
    if (isNull(value)) return;
    const mapping = this.#shapes.mapping(value, `group "${name}"`);
    for (const entry of mapping?.entries ?? []) this.#section(name, entry);
  }

  /** A group in a script's answer: `{hosts, vars, children}` with lists, the list of hosts alone, or a host's variables. */
  scriptGroup(name: string, node: Node): void {
    this.#inventory.addGroup(name);
    if (node.kind === 'sequence') {
      this.#hosts(name, node);
      return;
    }
    const mapping = this.#shapes.mapping(node, `group "${name}"`);
    if (mapping === undefined) return;
    const isGroup = mapping.entries.some(({ key }) => SECTIONS.includes(String(key.value)));
    if (isGroup) for (const entry of mapping.entries) this.#section(name, entry);
    else {
      this.#inventory.declareHost(name, name, this.#file);
      this.#setHostVars([name], mapping);
    }
  }

  /** Variables of `_meta`; of a host that is in no group too. */
  hostVars({ key, value }: MappingEntry): void {
    const name = textOfScalar(key.value);
    const mapping = this.#shapes.mapping(value, `the variables of "${name}"`);
    if (mapping === undefined) return;
    if (this.#inventory.host(name) === undefined) {
      this.#inventory.declareHost(name, 'ungrouped', this.#file);
    }
    this.#setHostVars([name], mapping);
  }

  #section(group: string, { key, value }: MappingEntry): void {
    const section = String(key.value);
    if (isNull(value)) return;
    if (section === 'hosts') this.#hosts(group, value);
    else if (section === 'children') this.#children(group, value);
    else if (section === 'vars') this.#groupVars(group, value);
    else {
      const hint = didYouMean(section, SECTIONS) ?? 'a group has hosts, vars and children';
      this.#problems.warn(`"${section}" means nothing in group "${group}"`, key.source, hint);
    }
  }

  #groupVars(group: string, node: Node): void {
    const mapping = this.#shapes.mapping(node, '"vars" of a group');
    if (mapping === undefined) return;
    for (const [name, value] of variablesOf(mapping))
      this.#inventory.setGroupVar(group, name, value);
  }

  #children(group: string, node: Node): void {
    for (const { key, value } of namesIn(node)) {
      this.group({ key, value });
      if (typeof key.value !== 'string') continue;
      this.#inventory.addChild(group, textOfScalar(key.value));
    }
  }

  #hosts(group: string, node: Node): void {
    for (const { key, value } of namesIn(node)) {
      if (!this.#isName(key, 'Host pattern')) continue;
      const { hosts, port } = expandHosts(textOfScalar(key.value), key.source);
      for (const host of hosts) this.#inventory.declareHost(host, group, this.#file);
      if (port !== undefined) this.#setPort(hosts, scalarNode(port, key.source));
      const mapping = isNull(value)
        ? undefined
        : this.#shapes.mapping(value, 'the variables of a host');
      if (mapping !== undefined) this.#setHostVars(hosts, mapping);
    }
  }

  /** Whether a name is text: YAML makes a number of `1234` and a boolean of `on`, and nobody asked for that. */
  #isName({ value, source }: ScalarNode, what: string): boolean {
    if (typeof value === 'string') return true;
    const hint = 'put the name in quotes';
    const message = `${what} ${str(value)} must be a string`;
    this.#problems.error('DROVER_WRONG_TYPE', message, source, hint);
    return false;
  }

  #setPort(hosts: readonly string[], port: Node): void {
    for (const host of hosts) this.#inventory.setHostVar(host, 'ansible_port', port);
  }

  #setHostVars(hosts: readonly string[], mapping: MappingNode): void {
    for (const host of hosts) {
      for (const [name, value] of variablesOf(mapping))
        this.#inventory.setHostVar(host, name, value);
    }
  }
}

/** Names with what belongs to them; a list or a single name has nothing. */
function namesIn(node: Node): readonly MappingEntry[] {
  if (node.kind === 'mapping') return node.entries;
  return listed(node).flatMap((item) =>
    item.kind === 'scalar' ? [{ key: item, value: scalarNode(null, item.source) }] : [],
  );
}
