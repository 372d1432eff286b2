/** Splits a command line into words as the `command` module does: quotes and backslashes count, nothing else is special. */
import { ModuleError } from '../../core/errors.ts';

/**
 * The words of `line` by POSIX quoting, as Python's `shlex.split` reads them (comments off).
 * @throws ModuleError when a quote is not closed or the line ends in a backslash.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    const { word, length } = firstWord(rest);
    words.push(word);
    rest = rest.slice(length).trimStart();
  }
  return words;
}

/** Plain run, single-quoted, double-quoted, escaped character: what a word is made of. */
const PIECE = /([^\s'"\\]+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/sy;

function firstWord(text: string): { readonly word: string; readonly length: number } {
  let word = '';
  let at = 0;
  while (at < text.length && !/\s/.test(text.charAt(at))) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (match === null) throw unfinished(text, text.charAt(at));
    const [all, bare, single, double, escaped] = match;
    word += bare ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped;
    at += all.length;
  }
  return { word, length: at };
}

function unfinished(text: string, opening: string): ModuleError {
  const what = opening === '\\' ? 'ends in a backslash' : `has an unclosed ${opening}`;
  return new ModuleError(`the command line ${what}: ${text}`, {
    hint: 'quote the whole value in YAML, or use argv',
  });
}
