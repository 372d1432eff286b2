/** Reads a text as a Python literal, as `ast.literal_eval` does. */
import { Float, Tuple, type Value } from '../../core/values.ts';
import { integer, negative, positive } from './arithmetic.ts';
import { dictSet } from './equality.ts';
import { TruncatedEscape, unescaped } from './escapes.ts';
import { type Internal, isNumber, PythonSet, tupleOf } from './types.ts';

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const JSON_CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** The value, or undefined when the text is no literal. `withJson` also knows `true`, `false` and `null`. */
export function readLiteral(text: string, withJson = false): Internal | undefined {
  if (/^[ \t\f]/.test(text)) return undefined;
  try {
    return new LiteralReader(text, withJson).whole();
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

const NUMBER =
  /(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d+)?|\d(?:_?\d)*\.?(?:[eE][+-]?\d+)?)/y;
const STRING =
  /([rRuUbB]{0,2})('''[\s\S]*?(?<!\\)'''|"""[\s\S]*?(?<!\\)"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y;
const NAME = /[A-Za-z_]\w*/y;

/** Deeper nesting is no literal but an attack on the stack. */
const MAX_DEPTH = 200;

class LiteralReader {
  readonly #text: string;
  readonly #withJson: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, withJson: boolean) {
    this.#text = text;
    this.#withJson = withJson;
  }

  whole(): Internal {
    const first = this.#value();
    this.#skipSpace(false);
    const value = this.#text.charAt(this.#at) === ',' ? this.#bareTuple(first) : first;
    this.#skipSpace(true);
    if (this.#at < this.#text.length) throw new NoLiteral();
    return value;
  }

  #bareTuple(first: Internal): Internal {
    const items = [first];
    while (this.#takes(',', false)) {
      if (/^[ \t]*(?:[#\n]|$)/.test(this.#text.slice(this.#at))) break;
      items.push(this.#value());
    }
    return tupleOf(items);
  }

  #skipSpace(isInside: boolean): void {
    const pattern = isInside ? /(?:\s|#[^\n]*|\\\n)*/y : /(?:[ \t\f]|#[^\n]*|\\\n)*/y;
    pattern.lastIndex = this.#at;
    pattern.exec(this.#text);
    this.#at = pattern.lastIndex;
  }

  #takes(char: string, isInside = true): boolean {
    this.#skipSpace(isInside);
    if (!this.#text.startsWith(char, this.#at)) return false;
    this.#at += char.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #value(): Internal {
    if (++this.#depth > MAX_DEPTH) throw new NoLiteral();
    this.#skipSpace(this.#depth > 1);
    const value = this.#plain();
    this.#depth--;
    return value;
  }

  #plain(): Internal {
    const char = this.#text.charAt(this.#at);
    if (char === '[') return this.#items(']');
    if (char === '(') return this.#parenthesised();
    if (char === '{') return this.#braces();
    if (char === '-' || char === '+') return this.#signed(char);
    if (/[\d.]/.test(char)) return this.#number();
    const text = this.#string();
    return text === undefined ? this.#name() : text;
  }

  #signed(sign: string): Internal {
    this.#at++;
    const value = this.#value();
    if (!isNumber(value) || typeof value === 'boolean') throw new NoLiteral();
    return sign === '-' ? negative(value) : positive(value);
  }

  #number(): Internal {
    const match = this.#match(NUMBER);
    if (match === null || /[\w.]/.test(this.#text.charAt(this.#at))) throw new NoLiteral();
    const text = match[0].replaceAll('_', '');
    if (/^0[xXoObB]/.test(text)) return integer(BigInt(text));
    if (/^0\d*[1-9]\d*$/.test(text)) throw new NoLiteral();
    if (/^\d+$/.test(text)) return integer(BigInt(text));
    const value = Number(text);
    return Number.isInteger(value) ? new Float(value) : value;
  }

  #name(): Internal {
    const name = this.#match(NAME)?.[0] ?? '';
    if (name === 'set' && this.#takes('(') && this.#takes(')')) return new PythonSet([]);
    const constants = CONSTANTS.has(name) || !this.#withJson ? CONSTANTS : JSON_CONSTANTS;
    const value = constants.get(name);
    if (value === undefined) throw new NoLiteral();
    return value;
  }

  #string(): Internal | undefined {
    let result: string | undefined;
    let isBytes = false;
    for (let match = this.#match(STRING); match !== null; match = this.#match(STRING)) {
      const [, prefix = '', quoted = ''] = match;
      const width = /^('''|""")/.test(quoted) ? 3 : 1;
      const body = quoted.slice(width, -width);
      const hasBytes = /b/i.test(prefix);
      if (result !== undefined && hasBytes !== isBytes) throw new NoLiteral();
      isBytes = hasBytes;
      result = (result ?? '') + (/r/i.test(prefix) ? body : withoutEscapes(body, isBytes));
      this.#skipSpace(this.#depth > 1);
    }
    if (result === undefined) return undefined;
    return isBytes ? new Uint8Array(Buffer.from(result, 'latin1')) : result;
  }

  #items(end: string): Internal[] {
    this.#at++;
    const items: Internal[] = [];
    while (!this.#takes(end)) {
      items.push(this.#value());
      if (!this.#takes(',')) {
        if (!this.#takes(end)) throw new NoLiteral();
        break;
      }
    }
    return items;
  }

  #parenthesised(): Internal {
    const start = this.#at;
    const items = this.#items(')');
    const [only] = items;
    const isTuple = items.length !== 1 || /,\s*\)$/.test(this.#text.slice(start, this.#at));
    return isTuple || only === undefined ? tupleOf(items) : only;
  }

  #braces(): Internal {
    this.#at++;
    const dict = new Map<Internal, Internal>();
    const set: Internal[] = [];
    while (!this.#takes('}')) {
      const key = this.#value();
      if (this.#takes(':')) dictSet(dict, key, this.#value());
      else set.push(hashable(key));
      if (!this.#takes(',')) {
        if (!this.#takes('}')) throw new NoLiteral();
        break;
      }
    }
    if (set.length > 0 && dict.size > 0) throw new NoLiteral();
    return set.length > 0 ? new PythonSet(set) : dict;
  }
}

/** What can be an item of a set. */
function hashable(value: Internal): Internal {
  const isMutable = value instanceof Map || value instanceof PythonSet;
  if (isMutable || (Array.isArray(value) && !(value instanceof Tuple))) throw new NoLiteral();
  return value;
}

function withoutEscapes(text: string, isBytes: boolean): string {
  try {
    return unescaped(text, isBytes);
  } catch (error) {
    throw error instanceof TruncatedEscape ? new NoLiteral() : error;
  }
}
