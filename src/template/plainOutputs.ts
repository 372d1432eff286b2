/**
 * Texts that are nothing but words and plain expressions. Texts are mostly different, what stands between their braces repeats:
 * it is looked at once.
 */
import type { Analysis, Placed } from './analysis.ts';

interface Output {
  readonly expression: string;
  /** Column in the text, 0-based. */
  readonly at: number;
}

/** The expressions of a text without statements, comments and line breaks; undefined when it may be more than that. */
export function plainOutputs(text: string): readonly Output[] | undefined {
  if (/\{[%#]|[\n\r\\]/.test(text)) return undefined;
  const outputs = [...text.matchAll(/(?<!\{)\{\{(?![-+])([^{}]*)(?<![-+])\}\}/g)];
  if (outputs.length !== text.split('{{').length - 1) return undefined;
  return outputs.map(({ 1: expression = '', index }) => ({ expression, at: index + 2 }));
}

/** As if the expression stood so much further to the right. */
export function shifted(analysis: Analysis, columns: number): Analysis {
  const move = <T>(found: Placed<T>): Placed<T> => ({
    ...found,
    at: { lineno: 0, colno: found.at.colno + columns },
  });
  return { ...analysis, unknown: analysis.unknown.map(move), names: analysis.names.map(move) };
}

/** Of several expressions in one text. */
export function joined([first, ...others]: readonly Analysis[]): Analysis {
  const empty = { unknown: [], names: [], filters: [], tests: [], lookups: [] };
  return others.reduce((all, next) => join(all, next), first ?? empty);
}

function join(a: Analysis, b: Analysis): Analysis {
  const names = new Map(a.names.map((used) => [used.name, used]));
  for (const used of b.names) {
    const known = names.get(used.name) ?? used;
    names.set(used.name, { ...known, isOptional: known.isOptional || used.isOptional });
  }
  return {
    unknown: [...a.unknown, ...b.unknown],
    names: [...names.values()],
    filters: [...new Set([...a.filters, ...b.filters])],
    tests: [...new Set([...a.tests, ...b.tests])],
    lookups: [...new Set([...a.lookups, ...b.lookups])],
  };
}
