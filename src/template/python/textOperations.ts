/** What Python does to text, as functions that the methods of `str` and the filters share. */
import { valueError } from './errors.ts';
import { characters, textLength } from './sequence.ts';

/** What Python counts as white space. */
const SPACE = '\\s\\x1c-\\x1f\\x85';

export function capitalized(text: string): string {
  const [first = '', ...rest] = characters(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Every run of letters gets a capital, as `str.title`. */
export function titled(text: string): string {
  return text.replace(/\p{L}+/gu, capitalized);
}

/** Without the given characters (default: white space) at either end. */
export function strip(text: string, chars?: string, atStart = true, atEnd = true): string {
  const items = characters(text);
  const isRemoved =
    chars === undefined
      ? (char: string) => new RegExp(`[${SPACE}]`).test(char)
      : (char: string) => characters(chars).includes(char);
  let [start, end] = [0, items.length];
  while (atStart && start < end && isRemoved(items[start] ?? '')) start++;
  while (atEnd && end > start && isRemoved(items[end - 1] ?? '')) end--;
  return items.slice(start, end).join('');
}

/** `split()` without a separator: by runs of white space, nothing empty. */
export function splitWords(text: string, limit = -1, fromRight = false): string[] {
  const words = [...text.matchAll(new RegExp(`[^${SPACE}]+`, 'g'))];
  if (limit < 0 || words.length <= limit) return words.map(([word]) => word);
  if (fromRight) {
    const cut = words.length - limit;
    const last = words[cut - 1];
    const head = last === undefined ? '' : strip(text.slice(0, last.index + last[0].length));
    return [...(head === '' ? [] : [head]), ...words.slice(cut).map(([word]) => word)];
  }
  const rest = words[limit];
  const tail = rest === undefined ? [] : [strip(text.slice(rest.index), undefined, true, false)];
  return [...words.slice(0, limit).map(([word]) => word), ...tail];
}

export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const end of text.matchAll(new RegExp(LINE_END, 'g'))) {
    const next = end.index + end[0].length;
    lines.push(text.slice(start, keepEnds ? next : end.index));
    start = next;
  }
  return start < text.length ? [...lines, text.slice(start)] : lines;
}

/** `text.replace(from, to, count)`; a negative count replaces all. */
export function replaceText(text: string, from: string, to: string, times: number): string {
  if (times < 0) return from === '' ? insertEverywhere(text, to) : text.replaceAll(from, () => to);
  const parts = from === '' ? ['', ...characters(text), ''] : text.split(from);
  const count = Math.min(times, parts.length - 1);
  return (
    parts.slice(0, count + 1).join(to) +
    parts
      .slice(count + 1)
      .map((part) => from + part)
      .join('')
  );
}

/** `str.center`: the odd blank goes left when the width is odd. */
export function center(text: string, width: number, fill = ' '): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** The text's bytes in an encoding named as Python names them. */
export function encodeText(text: string, encoding: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, bufferEncoding(encoding)));
}

/** Node's name for one of Python's encodings. */
export function bufferEncoding(encoding: string): BufferEncoding {
  switch (encoding.toLowerCase().replaceAll(/[-_]/g, '')) {
    case 'utf8':
      return 'utf8';
    case 'utf16':
    case 'utf16le':
      return 'utf16le';
    case 'ascii':
    case 'latin1':
    case 'iso88591':
      return 'latin1';
    default:
      throw valueError(`unknown encoding: ${encoding}`);
  }
}

/** What ends a line for `splitlines`: CR LF counts once. */
const LINE_END = '\\r\\n|[\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]';

function insertEverywhere(text: string, to: string): string {
  return ['', ...characters(text), ''].join(to);
}
