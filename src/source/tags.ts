/** The YAML tags that playbooks use: `!unsafe`, `!vault`, and the standard `!!str`, `!!int`, … */
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import type { Scalar } from '../core/values.ts';
import type { MappingNode, Node, ScalarNode, SequenceNode } from './node.ts';
import { float, integer, plainScalar } from './plainScalars.ts';

interface Written {
  readonly text: string;
  readonly style: ScalarNode['style'];
  readonly source: Source;
}

const STANDARD = 'tag:yaml.org,2002:';

/** What each standard tag makes of a text; undefined when it cannot be that. */
const CONVERSIONS: Readonly<Record<string, (text: string) => Scalar | undefined>> = {
  str: (text) => text,
  null: () => null,
  int: (text) => (typeof plainScalar(text) === 'number' ? integer(text) : undefined),
  float: (text) => (/^[-+.]?[0-9.]/.test(text) ? float(text) : undefined),
  bool: (text) => (typeof plainScalar(text) === 'boolean' ? plainScalar(text) : undefined),
  binary: (text) => Buffer.from(text.replace(/\s/g, ''), 'base64'),
  timestamp: (text) => text,
};

/** @throws LoadError for a tag that is not known, or does not fit. */
export function taggedScalar(tag: string, { text, style, source }: Written): ScalarNode {
  switch (tag) {
    case '!vault':
    case '!vault-encrypted':
      return { kind: 'scalar', value: text, tag: 'vault', style, source };
    case '!unsafe':
      return { kind: 'scalar', value: text, tag: 'unsafe', style, source };
    case '!':
      return { kind: 'scalar', value: text, style, source };
    default:
      return { kind: 'scalar', value: converted(tag, text, source), style, source };
  }
}

function converted(tag: string, text: string, source: Source): Scalar {
  const name = tag.startsWith(STANDARD) ? tag.slice(STANDARD.length) : tag;
  const convert = Object.hasOwn(CONVERSIONS, name) ? CONVERSIONS[name] : undefined;
  if (convert === undefined) throw unknownTag(tag, source);
  const value = convert(text);
  if (value !== undefined) return value;
  throw new LoadError(`"${text}" is no value for the tag "!!${name}"`, {
    code: 'DROVER_YAML_TAG',
    source,
  });
}

/** @throws LoadError as `taggedScalar`. */
export function taggedCollection(
  node: MappingNode | SequenceNode,
  tag: string,
): MappingNode | SequenceNode {
  if (tag === '!unsafe') return unsafe(node);
  const fitting = node.kind === 'mapping' ? ['map', 'omap', 'set'] : ['seq', 'omap', 'pairs'];
  if (fitting.some((name) => tag === STANDARD + name)) return node;
  throw unknownTag(tag, node.source);
}

function unsafe<N extends Node>(node: N): N {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' ? { ...node, tag: 'unsafe' } : node;
    case 'sequence':
      return { ...node, items: node.items.map(unsafe) };
    case 'mapping':
      return {
        ...node,
        entries: node.entries.map(({ key, value }) => ({ key, value: unsafe(value) })),
      };
    case 'data':
      return node;
    default:
      return node satisfies never;
  }
}

function unknownTag(tag: string, source: Source): LoadError {
  return new LoadError(`unknown tag "${tag}"`, {
    code: 'DROVER_YAML_TAG',
    source,
    hint: 'known are !vault, !unsafe and the standard !!str, !!int, !!float, !!bool; quote a value that begins with "!"',
  });
}
