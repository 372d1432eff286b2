/**
 * YAML, JSON or INI content as plain data in which every value remembers where it was written. Strings in a
 * `scalar` are templates; what a `data` node holds came from elsewhere (a host, a result) and is never a template.
 */
import type { Source } from '../core/source.ts';
import { fromPlain, type Scalar, type Value } from '../core/values.ts';

export type Node = ScalarNode | SequenceNode | MappingNode | DataNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: Scalar;
  /** `unsafe`: `!unsafe`, never templated. `vault`: the value is the armoured cipher text of `!vault`. */
  readonly tag?: 'unsafe' | 'vault';
  /** How it was written; a block's text starts on the line after its indicator. */
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** As written from `source` on, when the value's characters do not simply follow one another there (`positionInScalar`). */
  readonly raw?: string;
  readonly source: Source;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
  readonly source: Source;
}

export interface MappingEntry {
  readonly key: ScalarNode;
  readonly value: Node;
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly entries: readonly MappingEntry[];
  readonly source: Source;
}

export interface DataNode {
  readonly kind: 'data';
  readonly value: Value;
  readonly source: Source;
}

/** The value of `key` (as text), or undefined. A doubled key was resolved (last wins, with a warning) by the reader. */
export function entryOf(mapping: MappingNode, key: string): Node | undefined {
  return mapping.entries.find((entry) => entry.key.value === key)?.value;
}

export function dataNode(value: Value, source: Source): DataNode {
  return { kind: 'data', value, source };
}

/** A dict that is data, with its values as nodes; undefined for any other data, and for dicts with keys that YAML has not. */
export function nodeOfData({ value, source }: DataNode): MappingNode | undefined {
  if (!(value instanceof Map)) return undefined;
  const entries: MappingEntry[] = [];
  for (const [key, item] of value) {
    if (key instanceof Map || Array.isArray(key)) return undefined;
    entries.push({ key: scalarNode(key as Scalar, source), value: dataNode(item, source) });
  }
  return { kind: 'mapping', entries, source };
}

/** Plain data from a program (JSON of an inventory script, `-e key=value`) whose strings count as templates. */
export function nodeOfPlain(plain: unknown, source: Source): Node {
  if (Array.isArray(plain)) {
    return { kind: 'sequence', items: plain.map((item) => nodeOfPlain(item, source)), source };
  }
  const value = plain instanceof Map ? plain : fromPlain(plain);
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => ({
      key: scalarNode(key as Scalar, source),
      value: nodeOfPlain(item, source),
    }));
    return { kind: 'mapping', entries, source };
  }
  return scalarNode(value as Scalar, source);
}

export function scalarNode(value: Scalar, source: Source): ScalarNode {
  return { kind: 'scalar', value, style: 'plain', source };
}

/** The value as written: templates stay text. */
export function valueOfNode(node: Node): Value {
  switch (node.kind) {
    case 'scalar':
    case 'data':
      return node.value;
    case 'sequence':
      return node.items.map(valueOfNode);
    case 'mapping':
      return new Map(node.entries.map(({ key, value }) => [key.value, valueOfNode(value)]));
    default:
      return node satisfies never;
  }
}
