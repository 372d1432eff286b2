/**
 * PyYAML lets the continuation lines of a quoted text or a flow collection stand as far left as the line that began
 * it; the library insists that they are indented. Such lines are indented here and parsed again, and offsets are
 * translated back, so that positions are those of the file.
 */
import type { Document, YAMLParseError } from 'yaml';

export interface Lenient {
  readonly documents: readonly Document.Parsed[];
  /** An offset in what was parsed → the offset in the text. */
  readonly toOriginal: (offset: number) => number;
}

type Parse = (text: string) => readonly Document.Parsed[];

/** Deeper than any block that a playbook has. */
const INDENT = 200;
/** Each attempt mends one quoted text or collection. */
const MAX_ATTEMPTS = 100;

/** Parses, mending what only PyYAML takes. When that does not help, the documents are those of the text as it is. */
export function parseLeniently(text: string, parse: Parse): Lenient {
  const first = parse(text);
  const indented = new Set<number>();
  let current = text;
  let documents = first;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const error = documents.find(({ errors }) => errors.length > 0)?.errors[0];
    if (error === undefined) return { documents, toOriginal: translation(current, indented) };
    const lines = linesToIndent(current, error);
    if (lines.length === 0 || lines.some((line) => indented.has(line))) break;
    for (const line of lines) indented.add(line);
    current = indentLines(current, lines);
    documents = parse(current);
  }
  return { documents: first, toOriginal: (offset) => offset };
}

/** Indices of the lines from where the library gave up to the end of the text or collection. */
function linesToIndent(text: string, error: YAMLParseError): readonly number[] {
  const isFlow = error.code === 'BAD_INDENT' && error.message.startsWith('Flow');
  const quote = /^Missing closing (["'])/.exec(error.message)?.[1];
  if (!isFlow && quote === undefined) return [];
  const nextLine = text.indexOf('\n', error.pos[0]) + 1;
  const start = isFlow ? error.pos[0] : nextLine;
  const end = isFlow ? endOfFlow(text, start) : endOfQuote(text, start, quote ?? '"');
  if (end === undefined || start === 0) return [];
  const first = text.slice(0, start).split('\n').length - 1;
  const count = text.slice(start, end).split('\n').length;
  return Array.from({ length: count }, (_, index) => first + index);
}

function endOfQuote(text: string, start: number, quote: string): number | undefined {
  const pattern = quote === '"' ? /\\[\s\S]|"/g : /''|'/g;
  pattern.lastIndex = start;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === quote) return match.index;
  }
  return undefined;
}

/** The bracket that closes a collection opened before `start`; quoted texts and comments are passed over. */
function endOfFlow(text: string, start: number): number | undefined {
  const pattern = /"(?:\\[\s\S]|[^"\\])*"|(?<=[\s,[{:])'(?:''|[^'])*'|(?<=\s)#.*|[[\]{}]/g;
  pattern.lastIndex = start;
  let depth = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === '[' || match[0] === '{') depth += 1;
    if (match[0] === ']' || match[0] === '}') depth -= 1;
    if (depth < 0) return match.index;
  }
  return undefined;
}

function indentLines(text: string, lines: readonly number[]): string {
  const wanted = new Set(lines);
  const written = text.split('\n');
  return written
    .map((line, index) => (wanted.has(index) ? ' '.repeat(INDENT) + line : line))
    .join('\n');
}

function translation(text: string, indented: ReadonlySet<number>): (offset: number) => number {
  if (indented.size === 0) return (offset) => offset;
  const starts: number[] = [];
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (indented.has(index)) starts.push(start);
    start += line.length + 1;
  }
  return (offset) => {
    const inserted = starts.map((place) => Math.min(INDENT, Math.max(0, offset - place)));
    return offset - inserted.reduce((sum, count) => sum + count, 0);
  };
}
