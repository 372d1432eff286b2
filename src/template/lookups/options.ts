/** Options and terms of lookups. */
import { typeError } from '../python/errors.ts';
import { isTrue } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { splitWords } from '../python/textOperations.ts';
import { type Internal, isList } from '../python/types.ts';

export type Options = ReadonlyMap<string, Internal>;

export function textOption(options: Options, name: string, fallback: string): string {
  const value = options.get(name);
  return value === undefined || value === null ? fallback : str(value);
}

export function flagOption(options: Options, name: string, fallback: boolean): boolean {
  const value = options.get(name);
  if (typeof value === 'string') return /^(?:1|true|yes|on|y|t)$/i.test(value);
  return value === undefined ? fallback : isTrue(value);
}

/** `'text a=1 b=2'`: the text and the `key=value` words after it. */
export function splitTerm(term: string): {
  readonly text: string;
  readonly options: Map<string, Internal>;
} {
  const words = splitWords(term);
  const first = words.findIndex((word, index) => index > 0 && /^\w+=/.test(word));
  const given = first === -1 ? [] : words.slice(first);
  const options = given.map((word): [string, Internal] => {
    const at = word.indexOf('=');
    return [word.slice(0, at), word.slice(at + 1)];
  });
  return {
    text: (first === -1 ? words : words.slice(0, first)).join(' '),
    options: new Map(options),
  };
}

/** Terms with lists opened once. */
export function flattenedOnce(terms: readonly Internal[]): Internal[] {
  return terms.flatMap((term) => (isList(term) ? [...term] : [term]));
}

export function listTerm(term: Internal | undefined, lookup: string): readonly Internal[] {
  if (term !== undefined && isList(term)) return term;
  throw typeError(`the ${lookup} lookup needs lists`);
}
