/** Where a template's text stands in its file, and where a place inside it is then. */
import type { Source } from '../core/source.ts';
import type { ScalarNode } from '../source/node.ts';
import { positionInScalar } from '../source/position.ts';
import type { Position } from './syntax/syntaxError.ts';

/** A text that begins at `source`, or the text of a scalar of a YAML file. */
export interface Origin {
  readonly source?: Source | undefined;
  readonly node?: ScalarNode | undefined;
}

/** The place of a position inside the text. */
export function placeInFile({ source, node }: Origin, at: Position): Source | undefined {
  if (node !== undefined) return positionInScalar(node, offsetOf(String(node.value), at));
  if (source === undefined) return undefined;
  const { file, line, column } = source;
  if (at.lineno > 0) return { file, line: line + at.lineno, column: at.colno + 1 };
  return { file, line, column: column + at.colno };
}

function offsetOf(text: string, { lineno, colno }: Position): number {
  let start = 0;
  for (let line = 0; line < lineno; line++) start = text.indexOf('\n', start) + 1;
  return start + colno;
}
