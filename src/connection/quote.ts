/**
 * `word` as one word of a POSIX shell, whatever it holds. The only function that turns data into shell text.
 * @throws RangeError for NUL, which no argument of a process can hold.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot hold a NUL character');
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Words as a command line. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}
