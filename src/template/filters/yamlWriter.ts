/** YAML as PyYAML's dumper writes it: which collections flow, which scalars are quoted, where lines break. */
import { Float, Tuple } from '../../core/values.ts';
import { dateTimeText } from '../python/datetime.ts';
import { compare } from '../python/equality.ts';
import { defined } from '../python/errors.ts';
import { iterateOrNone } from '../python/sequence.ts';
import { floatText, str } from '../python/text.ts';
import { DateTime, type Internal, type InternalDict } from '../python/types.ts';
import { type Analysis, analyse, doubleQuoted, plain, singleQuoted } from './yamlScalar.ts';

export interface YamlOptions {
  readonly indent: number;
  /** true: all in flow style, false: none, undefined: collections that hold only plain scalars. */
  readonly flow: boolean | undefined;
  readonly sortKeys: boolean;
  readonly width: number;
  readonly explicitStart?: boolean;
  readonly explicitEnd?: boolean;
  /** The tag of texts that are written as tagged literal blocks (`!vault`); undefined for all others. */
  readonly blockTag?: (text: string) => string | undefined;
}

/** The text of a document, ending in a newline. */
export function pythonYaml(value: Internal, options: YamlOptions): string {
  const writer = new YamlWriter(options);
  const body = writer.document(value);
  const start = options.explicitStart === true ? '---' : '';
  const separator = start === '' ? '' : /^[\n]/.test(body) || isBlock(value, writer) ? '\n' : ' ';
  const end = options.explicitEnd === true ? '...\n' : '';
  return `${start}${separator}${body}\n${end}`;
}

function isBlock(value: Internal, writer: YamlWriter): boolean {
  return (Array.isArray(value) || value instanceof Map) && !writer.flows(value);
}

class YamlWriter {
  readonly #options: YamlOptions;
  readonly #indent: number;
  #column = 0;

  constructor(options: YamlOptions) {
    this.#options = options;
    this.#indent = options.indent > 1 && options.indent < 10 ? options.indent : 2;
  }

  document(value: Internal): string {
    const items = iterable(value);
    if (items === undefined) return this.#scalar(value, 0, false, false);
    return this.#collection(value, {
      indent: -1,
      isInSequence: false,
      isInMapping: false,
      isRoot: true,
    });
  }

  /** Whether a list or dict is written as `[…]` or `{…}`. */
  flows(value: Internal): boolean {
    const { flow } = this.#options;
    const items = iterable(value) ?? [];
    if (items.length === 0) return true;
    if (flow !== undefined) return flow;
    const parts = value instanceof Map ? [...value.keys(), ...value.values()] : items;
    return parts.every((part) => iterable(part) === undefined);
  }

  #collection(value: Internal, place: Place): string {
    if (this.flows(value)) return this.#flow(value, Math.max(place.indent, 0), place);
    return value instanceof Map
      ? this.#blockMapping(value, place)
      : this.#blockSequence(value, place);
  }

  #blockSequence(value: Internal, place: Place): string {
    const isIndentless = place.isInMapping;
    const indent = isIndentless ? place.indent : this.#deeper(place.indent);
    const margin = ' '.repeat(indent);
    const lines = (iterable(value) ?? []).map((item) => {
      this.#column = indent + 1;
      return `-${this.#sequenceItem(item, indent)}`;
    });
    const joined = lines.join(`\n${margin}`);
    if (place.isRoot) return joined;
    return place.isInSequence ? this.#gap(place, indent) + joined : `\n${margin}${joined}`;
  }

  /** A block inside a sequence begins on the dash's own line, at the deeper indentation. */
  #gap(place: Place, indent: number): string {
    return ' '.repeat(Math.max(1, indent - place.indent - 1));
  }

  #sequenceItem(item: Internal, indent: number): string {
    if (iterable(item) === undefined) {
      this.#column += 1;
      return ` ${this.#scalar(item, indent, false, false)}`;
    }
    const place: Place = { indent, isInSequence: true, isInMapping: false, isRoot: false };
    if (!this.flows(item)) return this.#collection(item, place);
    this.#column += 1;
    return ` ${this.#collection(item, place)}`;
  }

  #blockMapping(dict: InternalDict, place: Place): string {
    const indent = this.#deeper(place.indent);
    const margin = ' '.repeat(indent);
    const lines = this.#entries(dict).map(([key, value]) => {
      this.#column = indent;
      return this.#blockEntry(key, value, indent);
    });
    const joined = lines.join(`\n${margin}`);
    if (place.isRoot) return joined;
    return place.isInSequence ? this.#gap(place, indent) + joined : `\n${margin}${joined}`;
  }

  #blockEntry(key: Internal, value: Internal, indent: number): string {
    const name = this.#scalar(key, indent, false, true);
    if (name.length > MAX_SIMPLE_KEY || name.includes('\n')) {
      return `? ${name}\n${' '.repeat(indent)}:${this.#mappingValue(value, indent)}`;
    }
    this.#column += name.length + 1;
    return `${name}:${this.#mappingValue(value, indent)}`;
  }

  #mappingValue(value: Internal, indent: number): string {
    const place: Place = { indent, isInSequence: false, isInMapping: true, isRoot: false };
    if (iterable(value) === undefined) {
      this.#column += 1;
      return ` ${this.#scalar(value, indent, false, false)}`;
    }
    if (!this.flows(value)) return this.#collection(value, place);
    this.#column += 1;
    return ` ${this.#collection(value, place)}`;
  }

  #deeper(indent: number): number {
    return indent < 0 ? 0 : indent + this.#indent;
  }

  #entries(dict: InternalDict): [Internal, Internal][] {
    const entries = [...dict];
    if (!this.#options.sortKeys) return entries;
    try {
      return entries.sort(([a], [b]) => compare(a, b));
    } catch {
      return [...dict];
    }
  }

  #flow(value: Internal, indent: number, place: Place): string {
    const inner = place.isRoot ? this.#indent : this.#deeper(indent);
    const [open, close] = value instanceof Map ? ['{', '}'] : ['[', ']'];
    let text = open;
    this.#column += 1;
    const parts =
      value instanceof Map
        ? this.#entries(value)
        : (iterable(value) ?? []).map((item): [Internal] => [item]);
    for (const [index, part] of parts.entries()) {
      if (index > 0) {
        text += ',';
        this.#column += 1;
      }
      if (this.#column > this.#options.width) {
        text += `\n${' '.repeat(inner)}`;
        this.#column = inner;
      } else if (index > 0) {
        text += ' ';
        this.#column += 1;
      }
      text += this.#flowPart(part, inner);
    }
    this.#column += 1;
    return text + close;
  }

  #flowPart([first, second]: readonly [Internal, Internal?], indent: number): string {
    if (second === undefined) return this.#flowItem(first, indent, false);
    const key = this.#flowItem(first, indent, true);
    this.#column += 2;
    return `${key}: ${this.#flowItem(second, indent, false)}`;
  }

  #flowItem(value: Internal, indent: number, isKey: boolean): string {
    if (iterable(value) !== undefined) {
      return this.#flow(value, indent, {
        indent,
        isInSequence: false,
        isInMapping: false,
        isRoot: false,
      });
    }
    const text = this.#scalar(value, indent, true, isKey);
    const lastBreak = text.lastIndexOf('\n');
    this.#column = lastBreak === -1 ? this.#column + text.length : text.length - lastBreak - 1;
    return text;
  }

  #scalar(value: Internal, indent: number, isInFlow: boolean, isKey: boolean): string {
    const given = defined(value);
    if (typeof given !== 'string') return scalarText(given);
    const child = this.#deeper(indent);
    const tag = this.#options.blockTag?.(given);
    if (tag !== undefined) return taggedBlock(tag, given, child);
    const analysis = analyse(given);
    const line = {
      column: this.#column,
      indent: child,
      width: isKey ? Infinity : this.#options.width,
    };
    if (isPlainAllowed(analysis, isInFlow, isKey)) return plain(given, line);
    const isSingle = analysis.allowsSingleQuoted && !(isKey && analysis.isMultiline);
    return isSingle ? singleQuoted(given, line) : doubleQuoted(given, line);
  }
}

function taggedBlock(tag: string, text: string, indent: number): string {
  const lines = text.trimEnd().split('\n');
  return [`${tag} |`, ...lines.map((line) => ' '.repeat(indent) + line)].join('\n');
}

/** Longer keys get the `? ` form. */
const MAX_SIMPLE_KEY = 128;

interface Place {
  readonly indent: number;
  readonly isInSequence: boolean;
  readonly isInMapping: boolean;
  readonly isRoot: boolean;
}

function isPlainAllowed(analysis: Analysis, isInFlow: boolean, isKey: boolean): boolean {
  if (analysis.isMultiline || analysis.readsAsOther) return false;
  if (analysis.isEmpty && (isInFlow || isKey)) return false;
  return isInFlow ? analysis.allowsFlowPlain : analysis.allowsBlockPlain;
}

/** Items of what is written as a collection; undefined for scalars. */
function iterable(value: Internal): readonly Internal[] | undefined {
  if (typeof value === 'string' || value instanceof Uint8Array) return undefined;
  if (value instanceof Tuple) return value;
  return iterateOrNone(value);
}

function scalarText(value: Internal): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))) {
    return yamlFloat(Number(value));
  }
  if (value instanceof DateTime) return dateTimeText(value);
  if (value instanceof Uint8Array) return `!!binary "${Buffer.from(value).toString('base64')}"`;
  return str(value);
}

function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return text.includes('.') || !text.includes('e') ? text : text.replace('e', '.0e');
}
