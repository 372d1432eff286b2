/** Values of INI inventories: Python literals (`8080`, `True`, `['a', 'b']`, `{'x': 1}`); anything else is text. */
import { Float, Tuple, type Value } from '../core/values.ts';

/** The value of a Python literal, or the text itself when it is none. */
export function pythonLiteral(text: string): Value {
  const reader = new LiteralReader(text);
  const value = reader.read();
  return value === undefined ? text : value;
}

const TOKEN =
  /\s*(?:(?<number>[-+]?\s*(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][-+]?\d+)?|\d[\d_]*\.?(?:[eE][-+]?\d+)?))(?![\w.])|(?<text>[uUbB]?(?:'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"))|(?<word>True|False|None)(?!\w)|(?<mark>[[\](){},:]))/y;

type Groups = Partial<Record<'number' | 'text' | 'word' | 'mark', string>>;

/** Not a literal: reading stops and the text is taken as it is. */
class NoLiteral extends Error {}

class LiteralReader {
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** undefined when the whole text is no literal. */
  read(): Value | undefined {
    try {
      const value = this.#value();
      return this.#text.slice(this.#index).trim() === '' ? value : undefined;
    } catch (error) {
      if (error instanceof NoLiteral) return undefined;
      throw error;
    }
  }

  #next(): Groups {
    TOKEN.lastIndex = this.#index;
    const match = TOKEN.exec(this.#text);
    if (match?.groups === undefined) throw new NoLiteral();
    this.#index = TOKEN.lastIndex;
    return match.groups;
  }

  /** Takes `mark` when it comes next. */
  #takes(mark: string): boolean {
    const before = this.#index;
    const rest = this.#text.slice(before);
    const blanks = rest.length - rest.trimStart().length;
    if (!rest.startsWith(mark, blanks)) return false;
    this.#index = before + blanks + mark.length;
    return true;
  }

  #value(): Value {
    const { number, text, word, mark } = this.#next();
    if (number !== undefined) return numberOf(number);
    if (text !== undefined) return this.#texts(text);
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    if (mark === '[') return this.#items(']').items;
    if (mark === '(') return this.#tuple();
    if (mark === '{') return this.#dict();
    throw new NoLiteral();
  }

  /** Texts that follow one another are one. */
  #texts(first: string): string {
    let value = textOf(first);
    while (/^\s*['"]/.test(this.#text.slice(this.#index))) value += textOf(this.#next().text ?? '');
    return value;
  }

  #items(end: string): { items: Value[]; hasComma: boolean } {
    const items: Value[] = [];
    let hasComma = false;
    while (!this.#takes(end)) {
      items.push(this.#value());
      if (this.#takes(',')) hasComma = true;
      else if (this.#takes(end)) break;
      else throw new NoLiteral();
    }
    return { items, hasComma };
  }

  #tuple(): Value {
    const { items, hasComma } = this.#items(')');
    const [only] = items;
    if (items.length === 1 && !hasComma && only !== undefined) return only;
    return Tuple.from(items) as Tuple;
  }

  #dict(): Value {
    const entries: [Value, Value][] = [];
    while (!this.#takes('}')) {
      const key = this.#value();
      if (!this.#takes(':')) throw new NoLiteral();
      entries.push([key, this.#value()]);
      if (this.#takes(',')) continue;
      if (this.#takes('}')) break;
      throw new NoLiteral();
    }
    return new Map(entries);
  }
}

/** A leading zero is no number in Python: `0644` stays text. */
function numberOf(written: string): Value {
  const text = written.replace(/[\s_]/g, '');
  const digits = text.replace(/^[-+]/, '');
  if (/^0\d/.test(digits) && /[1-9]/.test(digits) && !/[.eE]/.test(digits)) throw new NoLiteral();
  const isFloat = /^\d*\.|^\d+[eE]|^\d+\./.test(digits);
  const sign = text.startsWith('-') ? -1 : 1;
  if (!isFloat) return integerOf(digits, sign);
  const value = sign * Number(digits);
  return Number.isInteger(value) ? new Float(value) : value;
}

function integerOf(digits: string, sign: number): number | bigint {
  const value = BigInt(sign) * BigInt(digits);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\n': '',
  '0': '\0',
};

function textOf(literal: string): string {
  const body = literal.replace(/^[uUbB]/, '').slice(1, -1);
  return body.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([\s\S]))/g,
    (whole, hex: string | undefined, unicode: string | undefined, letter: string | undefined) => {
      const code = hex ?? unicode;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      if (letter === undefined) return whole;
      return ESCAPES[letter] ?? (/['"\\]/.test(letter) ? letter : whole);
    },
  );
}
