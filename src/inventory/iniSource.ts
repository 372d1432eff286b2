/** INI inventories: `[group]`, `[group:vars]`, `[group:children]`, host lines with `key=value`. */
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import type { Value } from '../core/values.ts';
import { type Node, nodeOfPlain } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { expandHosts } from './hostRange.ts';
import type { Inventory } from './inventory.ts';
import { pythonLiteral } from './pythonLiteral.ts';
import { type ShellWord, shellWords } from './words.ts';

type SectionKind = 'hosts' | 'vars' | 'children';

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const GROUP_NAME = /^([^:\]\s]+)\s*(?:#.*)?$/;
const KINDS: readonly string[] = ['hosts', 'vars', 'children'] satisfies SectionKind[];

interface Line {
  /** Trimmed. */
  readonly text: string;
  /** Where the text begins. */
  readonly source: Source;
}

/** Adds what the text says to the inventory. Each wrong line is noted in `problems`, the others count. */
export function readIni(
  text: string,
  file: string,
  inventory: Inventory,
  problems: Problems,
): void {
  const reader = new IniReader(file, inventory, problems);
  for (const line of linesOf(text, file)) problems.attempt(() => reader.line(line));
  reader.end();
}

class IniReader {
  readonly #file: string;
  readonly #inventory: Inventory;
  readonly #problems: Problems;
  readonly #declared = new Set(['all', 'ungrouped']);
  /** Groups that `:vars` or `:children` speak of, with the first place; each must be declared somewhere. */
  readonly #mentioned = new Map<string, Source>();
  #group = 'ungrouped';
  #kind: SectionKind = 'hosts';

  constructor(file: string, inventory: Inventory, problems: Problems) {
    this.#file = file;
    this.#inventory = inventory;
    this.#problems = problems;
    for (const name of inventory.groupNames) this.#declared.add(name);
  }

  line(line: Line): void {
    if (line.text.startsWith('[') && this.#section(line)) return;
    switch (this.#kind) {
      case 'hosts':
        this.#hostLine(line);
        return;
      case 'vars':
        this.#varLine(line);
        return;
      case 'children':
        this.#childLine(line);
        return;
      default:
        this.#kind satisfies never;
    }
  }

  end(): void {
    for (const [group, source] of this.#mentioned) {
      if (this.#declared.has(group)) continue;
      const hint = `add a section [${group}]`;
      this.#problems.error('DROVER_UNKNOWN_GROUP', `there is no group "${group}"`, source, hint);
    }
  }

  /** @returns false for a host that begins with a bracket. @throws LoadError for a heading that is none. */
  #section({ text, source }: Line): boolean {
    const match = SECTION.exec(text);
    if (match === null) {
      if (!text.endsWith(']')) return false;
      throw wrong('this is no section', source, 'write [group], [group:vars] or [group:children]');
    }
    const [, group = '', kind = 'hosts'] = match;
    if (!isKind(kind)) {
      throw wrong(
        `unknown kind of section "${kind}"`,
        source,
        'known are vars, children and hosts',
      );
    }
    this.#group = group;
    this.#kind = kind;
    if (kind === 'vars') this.#mention(group, source);
    else this.#declare(group);
    return true;
  }

  #declare(group: string): void {
    this.#declared.add(group);
    this.#inventory.addGroup(group);
  }

  #mention(group: string, source: Source): void {
    if (!this.#mentioned.has(group)) this.#mentioned.set(group, source);
  }

  #hostLine({ text, source }: Line): void {
    const words = shellWords(text);
    if ('openQuote' in words) {
      throw wrong('a quote is opened and not closed', behind(source, words.openQuote));
    }
    const [name, ...assignments] = words;
    if (name === undefined) return;
    const { hosts, port } = expandHosts(name.text, source);
    if (name.text.endsWith(':') || name.text === '---') {
      throw wrong(`"${name.text}" is no name of a host`, source, 'YAML inventories end in .yml');
    }
    const variables = assignments.map((word) => this.#assignment(word, source));
    for (const host of hosts) this.#addHost(host, port, variables, source);
  }

  #addHost(
    host: string,
    port: number | undefined,
    variables: readonly (readonly [string, Node])[],
    source: Source,
  ): void {
    this.#inventory.declareHost(host, this.#group, this.#file);
    if (port !== undefined) {
      this.#inventory.setHostVar(host, 'ansible_port', nodeOfPlain(port, source));
    }
    for (const [name, value] of variables) this.#inventory.setHostVar(host, name, value);
  }

  #assignment({ text, start }: ShellWord, source: Source): readonly [string, Node] {
    const place = behind(source, start);
    const equals = text.indexOf('=');
    if (equals > 0) return [text.slice(0, equals), valueNode(text.slice(equals + 1), place)];
    throw wrong(`"${text}" is no variable`, place, 'write name=value; quote a value with blanks');
  }

  #varLine({ text, source }: Line): void {
    const equals = text.indexOf('=');
    if (equals < 1) throw wrong(`"${text}" is no variable`, source, 'write name=value');
    const name = text.slice(0, equals).trim();
    const value = text.slice(equals + 1).trim();
    this.#inventory.setGroupVar(this.#group, name, valueNode(value, behind(source, equals + 1)));
  }

  #childLine({ text, source }: Line): void {
    const child = GROUP_NAME.exec(text)?.[1];
    if (child === undefined) throw wrong(`"${text}" is no name of a group`, source);
    this.#mention(child, source);
    this.#inventory.addChild(this.#group, child);
  }
}

function* linesOf(text: string, file: string): Iterable<Line> {
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const trimmed = written.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const column = written.indexOf(trimmed) + 1;
    yield { text: trimmed, source: { file, line: index + 1, column } };
  }
}

/** Texts are templates; other literals are data. */
function valueNode(text: string, source: Source): Node {
  const value: Value = pythonLiteral(text);
  return nodeOfPlain(value, source);
}

function behind(source: Source, offset: number): Source {
  return { ...source, column: source.column + offset };
}

function isKind(kind: string): kind is SectionKind {
  return KINDS.includes(kind);
}

function wrong(message: string, source: Source, hint?: string): LoadError {
  return new LoadError(message, { code: 'DROVER_INVENTORY_SYNTAX', source, hint });
}
