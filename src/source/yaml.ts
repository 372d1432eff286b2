/**
 * YAML (and with it JSON) → nodes with positions. The only file that knows the `yaml` library: it gives the syntax, the
 * meaning of scalars, tags, merge keys and aliases is PyYAML's, because playbooks are written for it.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  parseAllDocuments,
  visit,
  type YAMLMap,
  type YAMLParseError,
  type Node as YamlNode,
  type Scalar as YamlScalar,
} from 'yaml';
import { LoadError, type Warning } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import { Anchors } from './anchors.ts';
import { parseLeniently } from './leniency.ts';
import { lineAt, lineStartsOf } from './lines.ts';
import {
  type MappingEntry,
  type MappingNode,
  type Node,
  type ScalarNode,
  type SequenceNode,
  scalarNode,
} from './node.ts';
import { plainScalar } from './plainScalars.ts';
import { taggedCollection, taggedScalar } from './tags.ts';
import { syntaxError } from './yamlErrors.ts';

export interface YamlOptions {
  /** What a key that stands twice in a mapping is; the last one wins. Default `warn`. */
  readonly duplicateKeys?: 'warn' | 'error' | 'ignore';
}

export interface Parsed<T> {
  readonly content: T;
  readonly warnings: readonly Warning[];
}

/**
 * The one document of a text; an empty text is null.
 * @param file shown in positions; need not exist.
 * @throws LoadError for the first thing that is no YAML, or is none that playbooks may use.
 */
export function parseYaml(text: string, file: string, options: YamlOptions = {}): Parsed<Node> {
  const { content, warnings } = parseYamlDocuments(text, file, options);
  const [first, second] = content;
  if (second !== undefined) {
    throw new LoadError('the file holds more than one YAML document', {
      code: 'DROVER_YAML_DOCUMENTS',
      source: second.source,
      hint: 'keep one document in a file; remove the "---" before this one',
    });
  }
  return { content: first ?? scalarNode(null, { file, line: 1, column: 1 }), warnings };
}

/** All documents of a text. @throws LoadError as `parseYaml`. */
export function parseYamlDocuments(
  text: string,
  file: string,
  options: YamlOptions = {},
): Parsed<readonly Node[]> {
  const { documents, toOriginal } = parseLeniently(text, (current) => {
    const parsed = parseAllDocuments(current, LIBRARY_OPTIONS);
    return [...parsed];
  });
  const warnings: Warning[] = [];
  const place = { file, text, toOriginal, lineStarts: lineStartsOf(text) };
  const content = documents.map((document) => {
    const reader = new DocumentReader(place, options, warnings);
    return reader.read(document);
  });
  return { content, warnings };
}

/** Scalars come as text: what they mean is decided here, not by the library. */
const LIBRARY_OPTIONS = {
  prettyErrors: false,
  uniqueKeys: false,
  schema: 'failsafe',
  merge: false,
  logLevel: 'silent',
} as const;

/** The text that is read, and how the library's offsets lead to its lines. */
interface Place {
  readonly file: string;
  readonly text: string;
  readonly toOriginal: (offset: number) => number;
  readonly lineStarts: readonly number[];
}

/** Where the quote stands that is never closed; the library names the place where it gave up. */
function openQuote(document: Document.Parsed, error: YAMLParseError): number | undefined {
  if (!error.message.includes('Missing closing')) return undefined;
  let start: number | undefined;
  visit(document, {
    Scalar(_key, { type, range }) {
      const isAround = range && range[0] < error.pos[0] && error.pos[0] <= range[2];
      if (type?.startsWith('QUOTE') && isAround) start = range[0];
    },
  });
  return start;
}

/** Turns one document of the library into nodes. */
class DocumentReader {
  readonly #place: Place;
  readonly #duplicateKeys: 'warn' | 'error' | 'ignore';
  readonly #warnings: Warning[];
  readonly #anchors = new Anchors();
  #size = 0;

  constructor(place: Place, options: YamlOptions, warnings: Warning[]) {
    this.#place = place;
    this.#duplicateKeys = options.duplicateKeys ?? 'warn';
    this.#warnings = warnings;
  }

  read(document: Document.Parsed): Node {
    const [error] = document.errors;
    if (error !== undefined) {
      const offset = openQuote(document, error) ?? error.pos[0];
      throw syntaxError(error, this.#place.text, this.#source(offset));
    }
    return this.#node(document.contents, document.range[0]);
  }

  #source(offset: number): Source {
    const { file, lineStarts, toOriginal } = this.#place;
    const original = toOriginal(offset);
    const line = lineAt(lineStarts, original);
    return { file, line: line + 1, column: original - (lineStarts[line] ?? 0) + 1 };
  }

  #written([start, end]: readonly [number, number, ...unknown[]]): string {
    const { text, toOriginal } = this.#place;
    return text.slice(toOriginal(start), toOriginal(end));
  }

  /** @param offset where a value that is left out would stand. */
  #node(yaml: YamlNode | null, offset: number): Node {
    this.#size += 1;
    if (yaml === null) return scalarNode(null, this.#source(offset));
    if (isAlias(yaml)) {
      const { node, size } = this.#anchors.resolve(yaml.source, this.#source(yaml.range?.[0] ?? 0));
      this.#size += size;
      return node;
    }
    if (yaml.anchor === undefined) return this.#content(yaml);
    const sizeBefore = this.#size;
    this.#anchors.begin(yaml.anchor);
    const node = this.#content(yaml);
    this.#anchors.end(yaml.anchor, { node, size: this.#size - sizeBefore + 1 });
    return node;
  }

  #content(yaml: Exclude<YamlNode, Alias>): Node {
    const source = this.#source(yaml.range?.[0] ?? 0);
    if (isScalar(yaml)) return this.#scalar(yaml, source);
    const node = isMap(yaml) ? this.#mapping(yaml, source) : this.#sequence(yaml.items, source);
    return yaml.tag === undefined ? node : taggedCollection(node, yaml.tag);
  }

  #scalar(yaml: YamlScalar, source: Source): ScalarNode {
    const style = STYLES[yaml.type ?? 'PLAIN'] ?? 'plain';
    const raw = yaml.range == null ? '' : this.#written(yaml.range);
    const text = withoutAddedBreak(String(yaml.value), style, raw);
    if (yaml.tag !== undefined) return taggedScalar(yaml.tag, { text, style, source });
    const value = style === 'plain' ? plainScalar(text) : text;
    if (typeof value !== 'string') return { kind: 'scalar', value, style, source };
    const isFollowing = raw === text || raw.slice(1, -1) === text;
    return { kind: 'scalar', value, style, ...(isFollowing ? {} : { raw }), source };
  }

  #sequence(items: readonly unknown[], source: Source): SequenceNode {
    return {
      kind: 'sequence',
      items: items.map((item) => this.#node(item as YamlNode | null, 0)),
      source,
    };
  }

  #mapping(yaml: YAMLMap, source: Source): MappingNode {
    const merged: MappingEntry[] = [];
    const own: MappingEntry[] = [];
    for (const pair of yaml.items) {
      const keyNode = pair.key as YamlNode | null;
      const end = keyNode?.range?.[1] ?? yaml.range?.[0] ?? 0;
      if (isMergeKey(keyNode)) {
        merged.push(...this.#mergedEntries(this.#node(pair.value as YamlNode | null, end)));
        continue;
      }
      const key = this.#key(keyNode, end, yaml);
      own.push({ key, value: this.#node(pair.value as YamlNode | null, end) });
    }
    this.#reportDuplicates(own);
    return { kind: 'mapping', entries: lastOfEach([...merged, ...own]), source };
  }

  #key(yaml: YamlNode | null, offset: number, mapping: YAMLMap): ScalarNode {
    const key = this.#node(yaml, offset);
    if (key.kind === 'scalar') return key;
    const isTemplate = mapping.range != null && this.#written(mapping.range).startsWith('{{');
    throw new LoadError(
      isTemplate
        ? 'a template that begins a value must be quoted'
        : 'a list or mapping cannot be a key',
      {
        code: isTemplate ? 'DROVER_YAML_UNQUOTED_TEMPLATE' : 'DROVER_YAML_KEY',
        source: this.#source(mapping.range?.[0] ?? offset),
        hint: isTemplate ? 'write "{{ … }}", with quotes around the whole value' : undefined,
      },
    );
  }

  /** Entries that `<<` brings, the first of several mappings winning as in PyYAML. */
  #mergedEntries(node: Node): readonly MappingEntry[] {
    if (node.kind === 'mapping') return node.entries;
    if (node.kind === 'sequence') {
      return [...node.items].reverse().flatMap((item) => this.#mergedEntries(item));
    }
    throw new LoadError('"<<" merges a mapping or a list of mappings', {
      code: 'DROVER_YAML_MERGE',
      source: node.source,
    });
  }

  #reportDuplicates(entries: readonly MappingEntry[]): void {
    if (this.#duplicateKeys === 'ignore') return;
    const seen = new Map<unknown, Source>();
    for (const { key } of entries) {
      const first = seen.get(key.value);
      if (first !== undefined) this.#reportDuplicate(key, first);
      seen.set(key.value, key.source);
    }
  }

  #reportDuplicate(key: ScalarNode, first: Source): void {
    const message = `found a duplicate dict key (${key.value}), the last one counts`;
    const hint = `the other one is in line ${first.line}`;
    if (this.#duplicateKeys === 'error') {
      throw new LoadError(message, { code: 'DROVER_YAML_DUPLICATE_KEY', source: key.source, hint });
    }
    this.#warnings.push({ kind: 'warning', message, source: key.source, hint });
  }
}

const STYLES: Readonly<Record<string, ScalarNode['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** The library ends a block at the end of a file with a line break even where the file has none; PyYAML does not. */
function withoutAddedBreak(value: string, style: ScalarNode['style'], raw: string): string {
  const isBlock = style === 'literal' || style === 'folded';
  return isBlock && !raw.endsWith('\n') && value.endsWith('\n') ? value.slice(0, -1) : value;
}

function isMergeKey(key: YamlNode | null): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

/** Each key once: its last value, in its first place, as a Python dict keeps them. */
function lastOfEach(entries: readonly MappingEntry[]): readonly MappingEntry[] {
  const byKey = new Map<unknown, MappingEntry>();
  for (const entry of entries) byKey.set(entry.key.value, entry);
  return byKey.size === entries.length ? entries : [...byKey.values()];
}
