/** Wrapping of paragraphs as Python's `textwrap` does it for Jinja's `wordwrap`. */
import { splitLines } from '../python/textOperations.ts';

export interface WrapOptions {
  readonly width: number;
  readonly breaksLongWords: boolean;
  readonly lineEnd: string;
  readonly breaksOnHyphens: boolean;
}

/** Each line of the text is a paragraph of its own; line breaks stay. */
export function wordWrap(text: string, options: WrapOptions): string {
  return splitLines(text)
    .map((line) => wrapped(line, options).join(options.lineEnd))
    .join(options.lineEnd);
}

function wrapped(line: string, { width, breaksLongWords, breaksOnHyphens }: WrapOptions): string[] {
  const pattern = breaksOnHyphens ? /\s+|[^\s-]*[^\s\W]-+(?=\w)|[^\s-]+-*|-+/g : /\s+|\S+/g;
  const queue: string[] = [...(line.match(pattern) ?? [])];
  const lines: string[] = [];
  let current = '';
  while (queue.length > 0) {
    const chunk = queue.shift() ?? '';
    if (current.length + chunk.length <= width) {
      if (current !== '' || lines.length === 0 || chunk.trim() !== '') current += chunk;
    } else if (chunk.length > width && breaksLongWords && chunk.trim() !== '') {
      const room = Math.max(1, width - current.length);
      current += chunk.slice(0, room);
      queue.unshift(chunk.slice(room));
      lines.push(current);
      current = '';
    } else {
      if (current !== '') lines.push(current);
      current = chunk.trim() === '' ? '' : chunk;
    }
  }
  if (current !== '') lines.push(current);
  return lines.map((one) => one.trimEnd());
}
