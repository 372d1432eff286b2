/** Reads nodes as the shape a key asks for; what does not fit is noted, with its position, and left out. */
import type { Scalar } from '../core/values.ts';
import type { MappingNode, Node, ScalarNode, SequenceNode } from './node.ts';
import type { Problems } from './problems.ts';

const TEMPLATE = /\{\{|\{%|\{#/;

export function isTemplate(node: Node): boolean {
  return node.kind === 'scalar' && isTemplateText(node.value) && node.tag === undefined;
}

export function isTemplateText(value: unknown): boolean {
  return typeof value === 'string' && TEMPLATE.test(value);
}

export function isNull(node: Node): boolean {
  return node.kind !== 'mapping' && node.kind !== 'sequence' && node.value === null;
}

/** How an error speaks of what it found. */
export function shapeOf(node: Node): string {
  if (node.kind === 'mapping') return 'a mapping';
  if (node.kind === 'sequence') return 'a list';
  if (node.value === null) return 'nothing';
  switch (typeof node.value) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'a boolean';
    case 'number':
    case 'bigint':
      return 'a number';
    default:
      return 'a value';
  }
}

export class Shapes {
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /** @param what names the value in an error: `"vars"`, `a play`. */
  mapping(node: Node, what: string): MappingNode | undefined {
    return node.kind === 'mapping' ? node : this.wrong(node, what, 'a mapping');
  }

  sequence(node: Node, what: string): SequenceNode | undefined {
    return node.kind === 'sequence' ? node : this.wrong(node, what, 'a list');
  }

  scalar(node: Node, what: string): ScalarNode | undefined {
    return node.kind === 'scalar' ? node : this.wrong(node, what, 'a single value');
  }

  /** The text of a scalar; numbers and booleans count as their text. */
  text(node: Node, what: string): string | undefined {
    const scalar = this.scalar(node, what);
    if (scalar === undefined) return undefined;
    return scalar.value === null ? this.wrong(node, what, 'text') : textOfScalar(scalar.value);
  }

  /** Notes that `node` is not `wanted`. */
  wrong(node: Node, what: string, wanted: string, hint?: string): undefined {
    this.#problems.error(
      'DROVER_WRONG_TYPE',
      `${what} must be ${wanted}, this is ${shapeOf(node)}`,
      node.source,
      hint,
    );
    return undefined;
  }
}

/** One value or a list of them → the list; nothing → empty. */
export function listed(node: Node): readonly Node[] {
  if (node.kind === 'sequence') return node.items;
  return isNull(node) ? [] : [node];
}

export function textOfScalar(value: Scalar): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** Names of a mapping → nodes. Keys that are no text count as their text. */
export function variablesOf(mapping: MappingNode): ReadonlyMap<string, Node> {
  return new Map(mapping.entries.map(({ key, value }) => [textOfScalar(key.value), value]));
}
