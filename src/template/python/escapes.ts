/** The escapes of Python's text literals. */

const ESCAPED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;

/** An escape that lacks digits (`\x4`), for which Python refuses the literal. */
export class TruncatedEscape extends Error {}

/**
 * What stands between the quotes, its escapes replaced; what is no escape stays with its backslash (`\d`).
 * @param isBytes of a bytes literal, which knows no `\u` and `\U`.
 * @throws TruncatedEscape
 */
export function unescaped(text: string, isBytes = false): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (whole, hex, short, long, octal, char) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (isBytes && hex === undefined && char === undefined) return whole;
    const code = hex ?? short ?? long;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    if (char === 'x' || (!isBytes && /[uU]/.test(char))) {
      throw new TruncatedEscape(`truncated ${FORMS[char] ?? ''} escape`);
    }
    return ESCAPED[char] ?? whole;
  });
}

const FORMS: Readonly<Record<string, string>> = {
  x: '\\xXX',
  u: '\\uXXXX',
  U: '\\UXXXXXXXX',
};
