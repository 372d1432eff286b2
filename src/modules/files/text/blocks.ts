/** How `blockinfile` changes a text: a block of lines between two marker lines. Pure. */
import { pythonRegex } from '../../../core/pythonRegex.ts';
import { bare, linesOf } from './textEdit.ts';

export interface BlockOptions {
  /** `{mark}` stands for `marker_begin` and `marker_end`. */
  readonly marker: string;
  readonly marker_begin: string;
  readonly marker_end: string;
  readonly insertafter?: string | undefined;
  readonly insertbefore?: string | undefined;
  readonly append_newline: boolean;
  readonly prepend_newline: boolean;
}

/** `text` with `block` between the markers, or without block and markers when it is empty. */
export function withBlock(text: string, block: string, options: BlockOptions): string {
  const { marker, marker_begin: beginMark, marker_end: endMark } = options;
  const begin = marker.replaceAll('{mark}', beginMark);
  const end = marker.replaceAll('{mark}', endMark);
  const lines = linesOf(text);
  const from = lines.findLastIndex((line) => bare(line) === begin);
  const to = lines.findLastIndex((line) => bare(line) === end);
  const isThere = from >= 0 && to >= 0;
  const at = isThere ? Math.min(from, to) : insertionPoint(lines, options);
  const before = lines.slice(0, at);
  const after = lines.slice(isThere ? Math.max(from, to) + 1 : at);
  if (block === '') return [...before, ...after].join('');
  const body = block.endsWith('\n') ? block : `${block}\n`;
  return joined(before, `${begin}\n${body}${end}\n`, after, options);
}

function joined(
  before: readonly string[],
  block: string,
  after: readonly string[],
  { prepend_newline: prepend, append_newline: append }: BlockOptions,
): string {
  const head = before.join('');
  const ended = head === '' || head.endsWith('\n') ? head : `${head}\n`;
  const isBlank = (line: string | undefined) => line === undefined || bare(line).trim() === '';
  const gapBefore = prepend && before.length > 0 && !isBlank(before.at(-1)) ? '\n' : '';
  const gapAfter = append && after.length > 0 && !isBlank(after[0]) ? '\n' : '';
  return `${ended}${gapBefore}${block}${gapAfter}${after.join('')}`;
}

/** After or before the last line that matches (with `(?m)` the first match in the whole text); at the end by default. */
function insertionPoint(
  lines: readonly string[],
  { insertafter, insertbefore }: BlockOptions,
): number {
  if (insertbefore === 'BOF') return 0;
  const anchor = insertbefore ?? insertafter ?? 'EOF';
  if (anchor === 'EOF') return lines.length;
  const index = MULTILINE.test(anchor)
    ? lineOfMatch(lines.join(''), anchor, insertbefore === undefined)
    : lines.findLastIndex((line) => pythonRegex(anchor).test(line));
  if (index < 0) return lines.length;
  return insertbefore === undefined ? index + 1 : index;
}

/** Flags at the start of a Python expression that make it look at the whole text. */
const MULTILINE = /^\(\?[aiLsux]*m[aiLmsux]*\)/;

/** The line in which the first match begins or ends; -1 without one. */
function lineOfMatch(text: string, expression: string, isEnd: boolean): number {
  const match = pythonRegex(expression).exec(text);
  if (match === null) return -1;
  const offset = isEnd ? match.index + match[0].length : match.index;
  return text.slice(0, offset).split('\n').length - 1;
}
