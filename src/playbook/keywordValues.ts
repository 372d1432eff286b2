/** The kinds of values that keywords take. */
import type { Node } from '../source/node.ts';
import { isTemplate, textOfScalar } from '../source/shapes.ts';

export type Kind = 'any' | 'boolean' | 'integer' | 'number' | 'text';

const WANTED: Readonly<Record<Exclude<Kind, 'any'>, string>> = {
  boolean: 'yes or no',
  integer: 'a whole number',
  number: 'a number',
  text: 'text',
};
export const TRUE_WORD = /^(?:y|yes|on|1|true|t|1\.0)$/i;
const BOOLEAN_WORD = /^(?:y|yes|on|1|true|t|1\.0|n|no|off|0|false|f|0\.0)$/i;

/** What was wanted, when a value that is no template is not of its kind. */
export function unfit(node: Node, kind: Kind): string | undefined {
  if (kind === 'any' || node.kind === 'data' || isTemplate(node)) return undefined;
  if (node.kind !== 'scalar') return WANTED[kind];
  const text = textOfScalar(node.value);
  const isFit = {
    boolean: () => BOOLEAN_WORD.test(text),
    integer: () => /^\s*[-+]?\d+\s*$/.test(text),
    number: () => text.trim() !== '' && Number.isFinite(Number(text)),
    text: () => true,
  }[kind]();
  return isFit || node.tag !== undefined ? undefined : WANTED[kind];
}
