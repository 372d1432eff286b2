/** The tokens inside `{{ … }}` and `{% … %}`. */
import { TruncatedEscape, unescaped } from '../python/escapes.ts';
import { type Position, SyntaxFailure } from './syntaxError.ts';
import type { TokenType } from './tokens.ts';

const DIGITS = '(?:\\d+_)*\\d+';
const PATTERNS: readonly (readonly [TokenType | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['symbol', /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy],
  [
    'float',
    new RegExp(`(?<!\\.)${DIGITS}(?:(?:\\.${DIGITS})?[eE][+-]?${DIGITS}|\\.${DIGITS})`, 'y'),
  ],
  ['int', /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y],
  ['operator', /\*\*|\/\/|==|!=|<=|>=|[-+*/%<>=.;]/y],
];

const PUNCTUATION: Readonly<Record<string, TokenType>> = {
  '(': 'left-paren',
  ')': 'right-paren',
  '[': 'left-bracket',
  ']': 'right-bracket',
  '{': 'left-curly',
  '}': 'right-curly',
  ',': 'comma',
  ':': 'colon',
  '~': 'tilde',
  '|': 'pipe',
};

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

interface Output {
  readonly push: (type: TokenType, value: string, at: number) => void;
  readonly position: (at: number) => Position;
  readonly isLiteral: boolean;
}

export class CodeScanner {
  readonly #text: string;
  readonly #output: Output;
  readonly #expected: string[] = [];

  constructor(text: string, output: Output) {
    this.#text = text;
    this.#output = output;
  }

  /** Scans from `at` and gives the place of the end tag (with its sign), or of the end of the text. */
  scan(start: number, end: string | undefined): number {
    let at = start;
    while (at < this.#text.length) {
      if (end !== undefined && this.#expected.length === 0 && this.#isEnd(at, end)) return at;
      at = this.#token(at);
    }
    if (end === undefined && this.#expected.length === 0) return at;
    const missing = this.#expected.at(-1);
    const wanted = missing === undefined ? `'${end}'` : `'${missing}'`;
    throw this.#failure(`unexpected end of template, expected ${wanted}`, start);
  }

  #isEnd(at: number, end: string): boolean {
    if (this.#text.startsWith(end, at)) return true;
    return /[-+]/.test(this.#text.charAt(at)) && this.#text.startsWith(end, at + 1);
  }

  #token(at: number): number {
    for (const [type, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const match = pattern.exec(this.#text);
      if (match === null) continue;
      if (type !== 'space') this.#output.push(type, match[0], at);
      return at + match[0].length;
    }
    const char = this.#text.charAt(at);
    return char === '"' || char === "'" ? this.#string(at, char) : this.#punctuation(at, char);
  }

  #punctuation(at: number, char: string): number {
    const type = PUNCTUATION[char];
    if (type === undefined) throw this.#failure(`unexpected char '${char}' at ${at}`, at);
    const closing = CLOSING[char];
    if (closing !== undefined) this.#expected.push(closing);
    else if (char === ')' || char === ']' || char === '}') this.#close(at, char);
    this.#output.push(type, char, at);
    return at + 1;
  }

  #close(at: number, char: string): void {
    const expected = this.#expected.pop();
    if (expected === undefined) throw this.#failure(`unexpected '${char}'`, at);
    if (expected !== char) throw this.#failure(`unexpected '${char}', expected '${expected}'`, at);
  }

  #string(at: number, quote: string): number {
    const pattern = this.#output.isLiteral ? literalString(quote) : escapedString(quote);
    pattern.lastIndex = at;
    const match = pattern.exec(this.#text);
    if (match === null) throw this.#failure('unexpected end of string', at);
    const body = match[0].slice(1, -1);
    this.#output.push('string', this.#output.isLiteral ? body : this.#unescaped(body, at), at);
    return at + match[0].length;
  }

  #unescaped(body: string, at: number): string {
    try {
      return unescaped(body);
    } catch (error) {
      throw error instanceof TruncatedEscape ? this.#failure(error.message, at) : error;
    }
  }

  #failure(message: string, at: number): SyntaxFailure {
    return new SyntaxFailure(message, this.#output.position(at));
  }
}

function literalString(quote: string): RegExp {
  return quote === '"' ? /"[^"]*"/y : /'[^']*'/y;
}

function escapedString(quote: string): RegExp {
  return quote === '"' ? /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y : /'[^'\\]*(?:\\[\s\S][^'\\]*)*'/y;
}
