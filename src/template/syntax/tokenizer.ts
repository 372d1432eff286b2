/**
 * Template text → tokens with Jinja's rules for white space (`-`, `+`, trim_blocks, lstrip_blocks), raw blocks,
 * numbers and texts. Comments and removed white space leave no token.
 */
import { CodeScanner } from './codeScanner.ts';
import { type Position, SyntaxFailure } from './syntaxError.ts';
import type { SyntaxOptions, Token, TokenType } from './tokens.ts';

/** All tokens of a template; the last has the type `end`. @throws SyntaxFailure */
export function tokenize(text: string, options: SyntaxOptions): Token[] {
  const normalized = text.replace(/\r\n|\r|\n/g, options.newline);
  const isCut = !options.keepTrailingNewline && normalized.endsWith(options.newline);
  const source = isCut ? normalized.slice(0, -options.newline.length) : normalized;
  return new Tokenizer(source, options).run();
}

/** The tokens of a bare expression, as `when` has them. */
export function tokenizeExpression(text: string, options: SyntaxOptions): Token[] {
  const tokenizer = new Tokenizer(text, options);
  return tokenizer.runExpression();
}

interface Opening {
  readonly kind: 'block' | 'variable' | 'comment';
  readonly text: string;
}

/** What begins a tag, made once for all texts of a syntax: a project has thousands. */
interface Starts {
  readonly openings: readonly Opening[];
  readonly any: RegExp;
  readonly raw: RegExp;
}

const startsBySyntax = new WeakMap<SyntaxOptions, Starts>();

class Tokenizer {
  readonly #text: string;
  readonly #options: SyntaxOptions;
  readonly #starts: Starts;
  readonly #tokens: Token[] = [];
  readonly #lineStarts: number[] = [0];
  #at = 0;

  constructor(text: string, options: SyntaxOptions) {
    this.#text = text;
    this.#options = options;
    this.#starts = startsOf(options);
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.#lineStarts.push(at + 1);
    }
  }

  run(): Token[] {
    while (this.#at < this.#text.length) this.#next();
    this.#push('end', '', this.#text.length);
    return this.#tokens;
  }

  runExpression(): Token[] {
    const scanner = this.#scanner(false);
    this.#at = scanner.scan(0, undefined);
    this.#push('end', '', this.#text.length);
    return this.#tokens;
  }

  #next(): void {
    const { any, openings } = this.#starts;
    any.lastIndex = this.#at;
    const match = any.exec(this.#text);
    if (match === null) {
      this.#pushData(this.#at, this.#text.length, '');
      this.#at = this.#text.length;
      return;
    }
    const opening = openings.find(({ text }) => text === match[0]);
    if (opening !== undefined) this.#open(opening, match.index);
  }

  #open(opening: Opening, at: number): void {
    const after = at + opening.text.length;
    const sign = /[-+]/.test(this.#text.charAt(after)) ? this.#text.charAt(after) : '';
    const isVariable = opening.kind === 'variable';
    this.#pushData(this.#at, at, sign, !isVariable);
    if (opening.kind === 'comment') this.#skipComment(at);
    else if (opening.kind === 'block' && this.#isRaw(at)) this.#readRaw(at);
    else this.#readCode(opening, at, after + sign.length);
  }

  /** Text between tags: cut at its end by a `-`, or by lstrip_blocks before a block or comment. */
  #pushData(from: number, to: number, sign: string, isBlock = false): void {
    let data = this.#text.slice(from, to);
    if (sign === '-') data = data.trimEnd();
    else if (sign !== '+' && isBlock && this.#options.lstripBlocks) {
      data = this.#withoutIndent(data, from);
    }
    if (data !== '') this.#push('data', data, from);
  }

  #withoutIndent(data: string, from: number): string {
    const lineStart = data.lastIndexOf('\n') + 1;
    const isAtLineStart = lineStart > 0 || from === 0 || this.#text.charAt(from - 1) === '\n';
    return isAtLineStart && /^\s*$/.test(data.slice(lineStart)) ? data.slice(0, lineStart) : data;
  }

  #skipComment(at: number): void {
    const end = this.#text.indexOf(
      this.#options.commentEnd,
      at + this.#options.commentStart.length,
    );
    if (end === -1) throw new SyntaxFailure('Missing end of comment tag', this.#position(at));
    const sign = this.#text.charAt(end - 1);
    this.#at = this.#afterEnd(end + this.#options.commentEnd.length, sign, true);
  }

  #isRaw(at: number): boolean {
    this.#starts.raw.lastIndex = at;
    return this.#starts.raw.test(this.#text);
  }

  #readRaw(at: number): void {
    const from = this.#starts.raw.lastIndex;
    const [open, close] = [quoted(this.#options.blockStart), quoted(this.#options.blockEnd)];
    const endRaw = new RegExp(`${open}([-+]?)\\s*endraw\\s*([-+]?)${close}`, 'g');
    endRaw.lastIndex = from;
    const end = endRaw.exec(this.#text);
    if (end === null) throw new SyntaxFailure('Missing end of raw directive', this.#position(at));
    this.#pushData(from, end.index, end[1] ?? '', true);
    this.#at = this.#afterEnd(endRaw.lastIndex, end[2] ?? '', true);
  }

  #readCode(opening: Opening, at: number, from: number): void {
    const isVariable = opening.kind === 'variable';
    this.#push(isVariable ? 'variable-start' : 'block-start', opening.text, at);
    const end = isVariable ? this.#options.variableEnd : this.#options.blockEnd;
    const scanner = this.#scanner(isVariable && this.#options.literalBackslashes);
    const stop = scanner.scan(from, end);
    const sign = this.#text.startsWith(end, stop) ? '' : this.#text.charAt(stop);
    this.#push(isVariable ? 'variable-end' : 'block-end', end, stop);
    this.#at = this.#afterEnd(stop + sign.length + end.length, sign, !isVariable);
  }

  #scanner(isLiteral: boolean): CodeScanner {
    return new CodeScanner(this.#text, {
      push: (type, value, at) => this.#push(type, value, at),
      position: (at) => this.#position(at),
      isLiteral,
    });
  }

  /** Where the text goes on after a tag's end: past all white space, or past one newline. */
  #afterEnd(at: number, sign: string, isBlock: boolean): number {
    if (sign === '-') return at + (/^\s*/.exec(this.#text.slice(at))?.[0].length ?? 0);
    const isTrimmed = isBlock && this.#options.trimBlocks && sign !== '+';
    return isTrimmed && this.#text.startsWith('\n', at) ? at + 1 : at;
  }

  #push(type: TokenType, value: string, at: number): void {
    this.#tokens.push({ type, value, ...this.#position(at) });
  }

  #position(at: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { lineno: low, colno: at - (this.#lineStarts[low] ?? 0) };
  }
}

function startsOf(options: SyntaxOptions): Starts {
  const known = startsBySyntax.get(options);
  if (known !== undefined) return known;
  const [open, close] = [quoted(options.blockStart), quoted(options.blockEnd)];
  const all = openings(options);
  const starts = {
    openings: all,
    any: new RegExp(all.map(({ text }) => quoted(text)).join('|'), 'g'),
    raw: new RegExp(`${open}[-+]?\\s*raw\\s*(?:-${close}\\s*|${close})`, 'y'),
  };
  startsBySyntax.set(options, starts);
  return starts;
}

/** The longest first, so that `{{%` can be told from `{{`. */
function openings(options: SyntaxOptions): Opening[] {
  const all: Opening[] = [
    { kind: 'comment', text: options.commentStart },
    { kind: 'block', text: options.blockStart },
    { kind: 'variable', text: options.variableStart },
  ];
  return all.sort((a, b) => b.text.length - a.text.length);
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
