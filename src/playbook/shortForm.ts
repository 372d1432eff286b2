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

const BRACES = { '{{': '}}', '{%': '%}', '{#': '#}' } as const;
type Brace = keyof typeof BRACES;

/**
 * Words end at blanks outside of quotes and templates. As in Ansible, quotes count inside templates too, and templates
 * inside quotes: in `'{{ '{{ .Image }}' }}'` each quote ends what the one before began.
 */
function wordsOf(node: ScalarNode, text: string): Word[] {
  const open = new OpenMarks();
  const words: Word[] = [];
  let start: number | undefined;
  for (const { 0: run, index } of text.matchAll(/\S+/g)) {
    start ??= index;
    open.read(run, index);
    if (!open.isEmpty) continue;
    words.push({ start, end: index + run.length });
    start = undefined;
  }
  if (start !== undefined) throw unbalanced(node, open);
  return words;
}

/** What was opened and not closed so far: a quote, templates. */
class OpenMarks {
  /** Offset of the quote that is open. */
  quoteAt: number | undefined;
  /** Of the first template that is open. */
  templateAt = 0;
  #quote: string | undefined;
  readonly #depths: Record<Brace, number> = { '{{': 0, '{%': 0, '{#': 0 };

  get isEmpty(): boolean {
    return this.#quote === undefined && !this.isInTemplate;
  }

  get isInTemplate(): boolean {
    return Object.values(this.#depths).some((depth) => depth > 0);
  }

  /** @param run characters without blanks, at `offset` of the text. */
  read(run: string, offset: number): void {
    for (const { 0: quote, index } of run.matchAll(/(?<!\\)["']/g)) {
      if (this.#quote === undefined) {
        this.#quote = quote;
        this.quoteAt = offset + index;
      } else if (this.#quote === quote) this.#quote = undefined;
    }
    if (this.#quote === undefined) this.quoteAt = undefined;
    const wasInTemplate = this.isInTemplate;
    for (const opening of Object.keys(BRACES) as Brace[]) this.#count(opening, run);
    if (!wasInTemplate) this.templateAt = offset + Math.max(0, run.search(/\{[{%#]/));
  }

  #count(opening: Brace, run: string): void {
    const change = run.split(opening).length - run.split(BRACES[opening]).length;
    this.#depths[opening] = Math.max(0, this.#depths[opening] + change);
  }
}

function unbalanced(node: ScalarNode, { quoteAt, templateAt }: OpenMarks): LoadError {
  const isQuote = quoteAt !== undefined;
  return new LoadError(
    isQuote ? 'a quote is opened and not closed' : 'a template is opened and not closed',
    {
      code: 'DROVER_UNBALANCED',
      source: positionInScalar(node, quoteAt ?? templateAt),
      hint: isQuote
        ? 'write the arguments as a mapping, or escape a quote that is meant as a letter with a backslash'
        : 'close it in the same value',
    },
  );
}
