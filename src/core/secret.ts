/**
 * Secrets cannot be printed by accident: a `Secret` shows `[hidden]` wherever it is turned into text, and the
 * `Redactor` removes the values of all known secrets from what leaves the program.
 */
import { inspect } from 'node:util';

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

/** Shorter values ("1", "no", "root") would blank out half of every output; they are not redacted by value. */
const MIN_LENGTH = 4;

/** Knows the secret values of this run and blanks them, also in their quoted, JSON, URL and base64 spellings. */
export class Redactor {
  readonly #spellings = new Set<string>();
  #pattern: RegExp | undefined;

  add(secret: Secret | string): void {
    const text = typeof secret === 'string' ? secret : secret.reveal();
    if (text.trim().length < MIN_LENGTH) return;
    for (const spelling of spellings(text)) this.#spellings.add(spelling);
    this.#pattern = undefined;
  }

  redact(text: string): string {
    if (this.#spellings.size === 0) return text;
    this.#pattern ??= anyOf(this.#spellings);
    return text.replace(this.#pattern, HIDDEN);
  }

  /** `data` (JSON-like, Maps allowed) with every string redacted; the same object when nothing is secret. */
  redactData<T>(data: T): T {
    return this.#spellings.size === 0 ? data : (this.#redactAny(data) as T);
  }

  #redactAny(data: unknown): unknown {
    if (typeof data === 'string') return this.redact(data);
    if (Array.isArray(data)) return data.map((item) => this.#redactAny(item));
    if (data instanceof Map) {
      return new Map([...data].map(([key, item]) => [this.#redactAny(key), this.#redactAny(item)]));
    }
    if (data instanceof Error) return this.#redactError(data);
    if (isPlainObject(data)) {
      return Object.fromEntries(
        Object.entries(data).map(([key, item]) => [this.redact(key), this.#redactAny(item)]),
      );
    }
    return data;
  }

  #redactError(error: Error): Error {
    const copy = Object.create(Object.getPrototypeOf(error) as object) as Error;
    return Object.assign(copy, error, {
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

function spellings(text: string): string[] {
  const trimmed = text.trim();
  const forms = [text, trimmed, JSON.stringify(trimmed).slice(1, -1), encodeURIComponent(trimmed)];
  const shellQuoted = trimmed.replaceAll("'", `'\\''`);
  const base64 = [text, trimmed].map((form) => Buffer.from(form).toString('base64'));
  return [...forms, shellQuoted, ...base64];
}

function anyOf(texts: Iterable<string>): RegExp {
  const longestFirst = [...texts].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escapeForRegExp).join('|'), 'g');
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
