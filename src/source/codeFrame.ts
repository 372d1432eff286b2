/** Draws an error as compilers do: position and message, the line with the place marked, the hint and the code. */
import type { DroverError, Warning } from '../core/errors.ts';
import { LoadErrors } from '../core/errors.ts';
import { formatSource, type Source } from '../core/source.ts';
import { neutralised } from '../core/terminalText.ts';
import type { SourceTexts } from './sourceTexts.ts';

/** Longer lines are cut around the marked place. */
const MAX_LINE_LENGTH = 160;
const CUT = '…';

/** The line of `source` with the word there underlined: two lines without a final newline. Undefined when there is no such line. */
export function codeFrame(source: Source, text: string): string | undefined {
  const written = text.split(/\r?\n/, source.line)[source.line - 1];
  if (written === undefined) return undefined;
  const { line, column } = cutAround(visible(written), source.column);
  const gutter = ' '.repeat(String(source.line).length);
  const marks = '^'.repeat(wordLength(line.slice(column - 1)));
  return `  ${source.line} | ${line}\n  ${gutter} | ${' '.repeat(column - 1)}${marks}`;
}

/**
 * An error (or each of several) with its frame, hint and code, as it is printed under what failed: hosts and programs may have
 * said parts of it, so that no control character of theirs is left.
 */
export function describeError(error: DroverError, texts: SourceTexts): string {
  return neutralised(described(error, texts, ''));
}

/** As `describeError`, for an error whose message stands above already. */
export function describePlace({ source, hint, code }: DroverError, texts: SourceTexts): string {
  return [...heading('', source, texts), tail(hint, code)].join('\n');
}

/** As `describeError`, for an error that ends the command: marked as playbook tools mark it, so that people and scripts find it. */
export function describeFatal(error: DroverError, texts: SourceTexts): string {
  return neutralised(described(error, texts, 'ERROR! '));
}

function described(error: DroverError, texts: SourceTexts, mark: string): string {
  if (error instanceof LoadErrors) {
    return error.errors.map((each) => described(each, texts, mark)).join('\n\n');
  }
  const first = heading(`${mark}${error.message}`, error.source, texts);
  return [...first, tail(error.hint, error.code)].join('\n');
}

function tail(hint: string | undefined, code: string): string {
  return hint === undefined ? `  [${code}]` : `  hint: ${hint}     [${code}]`;
}

/** As `describeError`, for a warning, marked as one. */
export function describeWarning(warning: Warning, texts: SourceTexts): string {
  const mark = warning.kind === 'deprecation' ? '[DEPRECATION WARNING]' : '[WARNING]';
  const lines = heading(`${mark}: ${warning.message}`, warning.source, texts);
  if (warning.hint !== undefined) lines.push(`  hint: ${warning.hint}`);
  return neutralised(lines.join('\n'));
}

function heading(message: string, source: Source | undefined, texts: SourceTexts): string[] {
  if (source === undefined) return [message];
  const text = texts.get(source.file);
  const frame = text === undefined ? undefined : codeFrame(source, text);
  const place = formatSource({ ...source, file: texts.display(source.file) });
  const first = message === '' ? place : `${place}: ${message}`;
  return frame === undefined ? [first] : [first, frame];
}

/** The line as one may print it: tabs as one blank (columns stay true), other control characters as `·`. */
function visible(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return line.replaceAll('\t', ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}

function cutAround(line: string, column: number): { line: string; column: number } {
  if (line.length <= MAX_LINE_LENGTH) return { line, column: Math.min(column, line.length + 1) };
  const start = Math.max(0, Math.min(column - 1, line.length) - MAX_LINE_LENGTH / 2);
  const end = Math.min(line.length, start + MAX_LINE_LENGTH);
  const before = start > 0 ? CUT : '';
  const after = end < line.length ? CUT : '';
  return {
    line: before + line.slice(start, end) + after,
    column: Math.min(column - start, end - start + 1) + before.length,
  };
}

function wordLength(text: string): number {
  return /^[\w.-]+/.exec(text)?.[0].length ?? 1;
}
