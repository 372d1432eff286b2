/**
 * Secrets cannot be printed by accident: a `Secret` shows `[hidden]` wherever it is turned into text, and the
 * `Redactor` removes the values of all known secrets from what leaves the program.
 */
import { inspect } from 'node:util';
import { spellingsOf } from './secretSpellings.ts';
import { TextFinder } from './textFinder.ts';

export const HIDDEN = '[hidden]';

export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Called where the bytes leave for the host or the cipher, and nowhere else. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** Knows the secret values of this run and blanks them, in each of the spellings of `secretSpellings.ts`. */
export class Redactor {
  readonly #known = new Set<string>();
  readonly #finder = new TextFinder();

  add(secret: Secret | string): void {
    const text = typeof secret === 'string' ? secret : secret.reveal();
    if (this.#known.has(text)) return;
    this.#known.add(text);
    for (const spelling of spellingsOf(text)) this.#finder.add(spelling);
  }

  redact(text: string): string {
    return this.#finder.replaceAll(text, HIDDEN);
  }

  /** `data` (JSON-like, Maps and errors allowed) with every text redacted; the same object when nothing is secret. */
  redactData<T>(data: T): T {
    return this.#finder.isEmpty ? data : (this.#redactAny(data) as T);
  }

  #redactAny(data: unknown): unknown {
    if (typeof data === 'string') return this.redact(data);
    if (typeof data === 'number' || typeof data === 'bigint') return this.#redactNumber(data);
    if (Array.isArray(data)) return data.map((item) => this.#redactAny(item));
    if (data instanceof Map) {
      return new Map([...data].map(([key, item]) => [this.#redactAny(key), this.#redactAny(item)]));
    }
    if (data instanceof Error) return this.#redactError(data);
    return isPlainObject(data) ? this.#redactEntries(data) : data;
  }

  /** A password of digits may have become a number on its way. */
  #redactNumber(data: number | bigint): unknown {
    return this.#known.has(String(data)) ? HIDDEN : data;
  }

  #redactEntries(data: object): Record<string, unknown> {
    const entries = Object.entries(data);
    return Object.fromEntries(
      entries.map(([key, item]) => [this.redact(key), this.#redactAny(item)]),
    );
  }

  /** With all that our own errors carry: hints, return keys, errors within errors. */
  #redactError(error: Error): Error {
    const copy = Object.create(Object.getPrototypeOf(error) as object) as Error;
    return Object.assign(copy, this.#redactEntries(error), {
      message: this.redact(error.message),
      stack: this.redact(error.stack ?? ''),
      cause: this.#redactAny(error.cause),
    });
  }
}

function isPlainObject(data: unknown): data is Record<string, unknown> {
  return (
    typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype
  );
}
