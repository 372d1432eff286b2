/** Splits the command line of `expect` as pexpect does: a backslash counts outside of quotes only. */
import { type WordPart, wordsOf } from '../shellWords.ts';

/** A quoted text without escapes, an escaped character, or a plain run; what is never closed goes on to the end. */
const PIECE = /'([^']*)(?:'|$)|"([^"]*)(?:"|$)|\\([\s\S]?)|([^\s'"\\]+)/y;

export function commandWords(line: string): string[] {
  return wordsOf(line, partAt);
}

function partAt(text: string, offset: number): WordPart {
  PIECE.lastIndex = offset;
  const [all = '', single, double, escaped, plain] = PIECE.exec(text) ?? [];
  return { says: single ?? double ?? escaped ?? plain ?? '', length: all.length };
}
