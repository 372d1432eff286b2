/** Splits command lines into words. */
import { ModuleError } from '../../core/errors.ts';

/** A part of a word: what it says, and how many characters of the line say it. */
export interface WordPart {
  readonly says: string;
  readonly length: number;
}

/** Words end at blanks. @param partAt the part that begins at an offset of `text`; at least one character long. */
export function wordsOf(
  line: string,
  partAt: (text: string, offset: number) => WordPart,
): string[] {
  const words: string[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    let word = '';
    let at = 0;
    while (at < rest.length && !/\s/.test(rest.charAt(at))) {
      const { says, length } = partAt(rest, at);
      word += says;
      at += length;
    }
    words.push(word);
    rest = rest.slice(at).trimStart();
  }
  return words;
}

/**
 * The words of `line` by POSIX quoting, as Python's `shlex.split` reads them (comments off): quotes and backslashes count,
 * nothing else is special. So does the `command` module.
 * @throws ModuleError when a quote is not closed or the line ends in a backslash.
 */
export function splitWords(line: string): string[] {
  return wordsOf(line, quotedPart);
}

/** Plain run, single-quoted, double-quoted, escaped character: what a word is made of. */
const PIECE = /([^\s'"\\]+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/sy;

function quotedPart(text: string, offset: number): WordPart {
  PIECE.lastIndex = offset;
  const match = PIECE.exec(text);
  if (match === null) throw unfinished(text, text.charAt(offset));
  const [all, bare, single, double, escaped] = match;
  const says = bare ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? '';
  return { says, length: all.length };
}

function unfinished(text: string, opening: string): ModuleError {
  const what = opening === '\\' ? 'ends in a backslash' : `has an unclosed ${opening}`;
  return new ModuleError(`the command line ${what}: ${text}`, {
    hint: 'quote the whole value in YAML, or use argv',
  });
}
