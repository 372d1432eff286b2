/** Reads JSON as Python does: dicts keep their order, integers are exact, `1.0` stays a float. */
import { Float, type Value } from '../../core/values.ts';
import { integer } from '../python/arithmetic.ts';
import { valueError } from '../python/errors.ts';
import type { Internal } from '../python/types.ts';

/** @throws TemplateError with the line and column of what is no JSON. */
export function readJson(text: string): Internal {
  return new JsonReader(text).whole();
}

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

const NUMBER = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /-?[A-Za-z]+/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;

/** Deeper nesting would only exhaust the stack. */
const MAX_DEPTH = 1000;

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Internal {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('Extra data');
    return value;
  }

  #value(): Internal {
    this.#space();
    if (++this.#depth > MAX_DEPTH) throw this.#error('too deeply nested');
    const char = this.#text.charAt(this.#at);
    const value =
      char === '{'
        ? this.#dict()
        : char === '['
          ? this.#list()
          : char === '"'
            ? this.#string()
            : this.#scalar();
    this.#depth--;
    return value;
  }

  #dict(): Internal {
    const dict = new Map<Internal, Internal>();
    this.#at++;
    this.#space();
    if (this.#takes('}')) return dict;
    for (;;) {
      this.#space();
      if (this.#text.charAt(this.#at) !== '"') {
        throw this.#error('Expecting property name enclosed in double quotes');
      }
      const key = this.#string();
      this.#space();
      if (!this.#takes(':')) throw this.#error("Expecting ':' delimiter");
      dict.set(key, this.#value());
      this.#space();
      if (this.#takes('}')) return dict;
      if (!this.#takes(',')) throw this.#error("Expecting ',' delimiter");
    }
  }

  #list(): Internal {
    const list: Internal[] = [];
    this.#at++;
    this.#space();
    if (this.#takes(']')) return list;
    for (;;) {
      list.push(this.#value());
      this.#space();
      if (this.#takes(']')) return list;
      if (!this.#takes(',')) throw this.#error("Expecting ',' delimiter");
    }
  }

  #string(): string {
    STRING.lastIndex = this.#at;
    const match = STRING.exec(this.#text);
    if (match === null) throw this.#error('Unterminated string starting at');
    try {
      const text: unknown = JSON.parse(match[0].replace(/\t/g, '\\t'));
      this.#at = STRING.lastIndex;
      return String(text);
    } catch (error) {
      throw this.#error(error instanceof SyntaxError ? 'Invalid \\escape' : String(error));
    }
  }

  #scalar(): Internal {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match !== null) return this.#number(match);
    WORD.lastIndex = this.#at;
    const value = WORDS.get(WORD.exec(this.#text)?.[0] ?? '');
    if (value === undefined) throw this.#error('Expecting value');
    this.#at = WORD.lastIndex;
    return value;
  }

  #number([text, whole = '', fraction, exponent]: RegExpExecArray): Internal {
    this.#at = NUMBER.lastIndex;
    if (fraction === undefined && exponent === undefined) return integer(BigInt(whole));
    const value = Number(text);
    return Number.isInteger(value) ? new Float(value) : value;
  }

  #takes(char: string): boolean {
    if (this.#text.charAt(this.#at) !== char) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #error(message: string): Error {
    const before = this.#text.slice(0, this.#at).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return valueError(`${message}: line ${before.length} column ${column} (char ${this.#at})`);
  }
}
