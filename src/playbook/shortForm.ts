/** The `key=value` short form of arguments: `copy: src=a dest="/etc/{{ name }} x"`. */
import { LoadError } from '../core/errors.ts';
import type { MappingEntry, ScalarNode } from '../source/node.ts';
import { positionInScalar } from '../source/position.ts';

export interface ShortForm {
  readonly entries: readonly MappingEntry[];
  /** What is left of the text without its `key=value` words; absent when nothing is. */
  readonly rest?: ScalarNode;
}

/** A stretch of the text: neither quotes nor templates are split. */
interface Word {
  readonly start: number;
  readonly end: number;
}

/** Keys that a free-form module (`command`, `shell`, …) takes from its text; every other `a=b` belongs to the command. */
const FREE_FORM_KEYS = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
]);

/**
 * @param isFreeForm the module takes a command: only its own options are taken out of the text.
 * @throws LoadError when a quote or a template is not closed.
 */
export function readShortForm(node: ScalarNode, isFreeForm: boolean): ShortForm {
  const text = String(node.value);
  const words = wordsOf(node, text);
  const pairs = words.map((word) => pairOf(node, text, word, isFreeForm));
  const entries = pairs.filter((pair) => pair !== undefined);
  const others = words.filter((_, index) => pairs[index] === undefined);
  const rest = restOf(node, text, others, entries.length > 0);
  return rest === undefined ? { entries } : { entries, rest };
}

/** The words that are no pairs, with the blanks before them as written. */
function restOf(
  node: ScalarNode,
  text: string,
  words: readonly Word[],
  hasPairs: boolean,
): ScalarNode | undefined {
  const joined = withoutContinuations(text, words);
  const kept = words.filter(({ start, end }) => joined.slice(start, end).trim() !== '');
  const [first] = kept;
  if (first === undefined) return undefined;
  const tail = kept
    .slice(1)
    .map(({ start, end }) => blankBefore(joined, start) + joined.slice(start, end));
  const rest = (joined.slice(first.start, first.end) + tail.join('')).replaceAll('\\=', '=');
  const isWhole =
    !hasPairs &&
    joined === text &&
    !text.includes('\\=') &&
    (first.start === 0 || node.raw !== undefined);
  return isWhole ? { ...node, value: rest } : part(node, rest, first.start);
}

/** A backslash at the end of a line joins the next one: both become blanks, so that offsets stay true. */
function withoutContinuations(text: string, words: readonly Word[]): string {
  return words.reduce((joined, { start, end }) => {
    const isContinuation = /^\\\n?$/.test(text.slice(start, end + 1));
    return isContinuation ? `${joined.slice(0, start)}  ${joined.slice(end + 1)}` : joined;
  }, text);
}

function blankBefore(text: string, start: number): string {
  return /\s*$/.exec(text.slice(0, start))?.[0] ?? '';
}

/** The first word and the text behind it: `copy src=a` → `copy`, `src=a`. @throws LoadError as `readShortForm`. */
export function splitFirstWord(node: ScalarNode): { first: ScalarNode; rest?: ScalarNode } {
  const text = String(node.value);
  const [word, next] = wordsOf(node, text);
  if (word === undefined) return { first: node };
  const first = part(node, text.slice(word.start, word.end), word.start);
  if (next === undefined) return { first };
  return { first, rest: part(node, text.slice(next.start), next.start) };
}

function pairOf(
  node: ScalarNode,
  text: string,
  { start, end }: Word,
  isFreeForm: boolean,
): MappingEntry | undefined {
  const word = text.slice(start, end);
  const equals = unescapedEquals(word);
  if (equals === undefined) return undefined;
  const name = word.slice(0, equals).trim();
  if (isFreeForm && !FREE_FORM_KEYS.has(name)) return undefined;
  return { key: part(node, name, start), value: pairValue(node, word, start, equals + 1) };
}

function pairValue(node: ScalarNode, word: string, start: number, offset: number): ScalarNode {
  const written = word.slice(offset);
  const quote = /^(["'])[\s\S]*\1$/.test(written) && written.length > 1 ? 1 : 0;
  const inner = written.slice(quote, written.length - quote);
  return part(node, unescaped(inner), start + offset + quote);
}

/** The first `=` that is neither escaped nor in a template: `{{ x == 1 }}` is no pair, `{{ name }}={{ value }}` is one. */
function unescapedEquals(word: string): number | undefined {
  for (const { index } of word.matchAll(/(?<!\\)=/g)) {
    if (index > 0 && !isInTemplate(word, index)) return index;
  }
  return undefined;
}

function isInTemplate(word: string, index: number): boolean {
  const before = word.slice(0, index);
  const opened = Math.max(...['{{', '{%', '{#'].map((mark) => before.lastIndexOf(mark)));
  const closed = Math.max(...['}}', '%}', '#}'].map((mark) => before.lastIndexOf(mark)));
  return opened > closed;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '=': '=',
};

/** Python's backslash escapes, which values of this form may hold. An unknown one stays as it is. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g,
    (whole, hex: string | undefined, unicode: string | undefined, letter: string | undefined) => {
      const code = hex ?? unicode;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return ESCAPES[letter ?? ''] ?? whole;
    },
  );
}

function part(node: ScalarNode, text: string, offset: number): ScalarNode {
  const source = positionInScalar(node, offset);
  const tag = node.tag === undefined ? {} : { tag: node.tag };
  return { kind: 'scalar', value: text, ...tag, style: 'plain', source };
}

/** A quoted stretch (outside of templates), a whole template, a run of other characters. */
const PIECE =
  /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}|"(?:\\[\s\S]|\{\{[\s\S]*?\}\}|[^"\\])*"|'(?:\\[\s\S]|\{\{[\s\S]*?\}\}|[^'\\])*'|\\\S?|[^\s\\"'{]+|\{/y;
const BLANKS = /\s*/y;

function wordsOf(node: ScalarNode, text: string): Word[] {
  const words: Word[] = [];
  let index = endOf(BLANKS, text, 0);
  while (index < text.length) {
    const start = index;
    while (index < text.length && !/\s/.test(text.charAt(index))) {
      index = endOfPiece(node, text, index);
    }
    words.push({ start, end: index });
    index = endOf(BLANKS, text, index);
  }
  return words;
}

function endOfPiece(node: ScalarNode, text: string, index: number): number {
  const end = endOf(PIECE, text, index);
  const isOpenTemplate = end === index + 1 && /^\{[{%#]/.test(text.slice(index, index + 2));
  if (end > index && !isOpenTemplate) return end;
  throw new LoadError(
    isOpenTemplate ? 'a template is opened and not closed' : 'a quote is opened and not closed',
    {
      code: 'DROVER_UNBALANCED',
      source: positionInScalar(node, index),
      hint: isOpenTemplate
        ? 'close it in the same value'
        : 'write the arguments as a mapping, or escape a quote that is meant as a letter with a backslash',
    },
  );
}

function endOf(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  const match = pattern.exec(text);
  return match === null ? index : index + match[0].length;
}
