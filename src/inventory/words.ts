/** Splits a line into words as a POSIX shell would, for host lines of INI inventories. */

export interface ShellWord {
  readonly text: string;
  /** Where it begins in the line. */
  readonly start: number;
}

const PIECE = /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|([^\s'"\\#]+)/y;

/**
 * Words of the line; an unquoted `#` starts a comment, also inside a word.
 * @returns the words, or where a quote is opened that is never closed.
 */
export function shellWords(line: string): readonly ShellWord[] | { readonly openQuote: number } {
  const words: ShellWord[] = [];
  let index = 0;
  while (true) {
    index += /^\s*/.exec(line.slice(index))?.[0].length ?? 0;
    if (index >= line.length || line[index] === '#') return words;
    const start = index;
    let text = '';
    while (index < line.length && !/[\s#]/.test(line.charAt(index))) {
      PIECE.lastIndex = index;
      const piece = PIECE.exec(line);
      if (piece === null) return { openQuote: index };
      const [whole, single, double, escaped, plain] = piece;
      text += single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '';
      index += whole.length;
    }
    words.push({ text, start });
  }
}
