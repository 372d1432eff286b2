/** Splits the command line of `expect` as pexpect does: a backslash counts outside of quotes only. */

/** A quoted text without escapes, an escaped character, or a plain run; what is never closed goes on to the end. */
const PIECE = /'([^']*)(?:'|$)|"([^"]*)(?:"|$)|\\([\s\S]?)|([^\s'"\\]+)/y;

export function commandWords(line: string): string[] {
  const words: string[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    const { word, length } = firstWord(rest);
    words.push(word);
    rest = rest.slice(length).trimStart();
  }
  return words;
}

function firstWord(text: string): { readonly word: string; readonly length: number } {
  let word = '';
  let at = 0;
  while (at < text.length && !/\s/.test(text.charAt(at))) {
    PIECE.lastIndex = at;
    const [all = '', single, double, escaped, plain] = PIECE.exec(text) ?? [];
    word += single ?? double ?? escaped ?? plain ?? '';
    at += all.length;
  }
  return { word, length: at };
}
